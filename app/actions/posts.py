"""Writing posts: new, edited, sent to review, withdrawn. Each save of changed content is a new revision."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actions import aims, contents, history, publication_moves
from app.actions.aims import Aims
from app.actions.contents import ContentInput
from app.domain.contents import Contents
from app.domain.errors import Conflict, Fault, Forbidden, Invalid
from app.domain.posts import PostStatus, ReviewKind, Tone, missing_for_review
from app.domain.publications import OPEN, Status
from app.domain.roles import Actor, Right
from app.domain.texts import COMMENT_MOST, TITLE_MOST, normalise
from app.foundation import clock
from app.foundation.database import lock
from app.models.people import Person
from app.models.posts import Post, Review, Revision
from app.queries import contents as content_questions
from app.queries import posts as questions

# Being written: nobody is asked about it.
UNDER_WORK = (PostStatus.DRAFT, PostStatus.CHANGES_REQUESTED)


class PostInput(Aims, ContentInput):
    """What a person writes. Only the working title is needed to save."""

    unit_id: int
    title: Annotated[str, Field(max_length=TITLE_MOST)]
    tone: Tone | None = None


class PostEdit(Aims, ContentInput):
    """A change. `revision`: number of the revision that the writer had before their eyes."""

    revision: int
    title: Annotated[str, Field(max_length=TITLE_MOST)]
    tone: Tone | None = None


class Withdrawal(BaseModel):
    """Why a post is taken out of the work; may be left empty."""

    model_config = ConfigDict(extra="forbid")

    comment: Annotated[str, Field(max_length=COMMENT_MOST)] = ""


def create(session: Session, actor: Actor, data: PostInput) -> Post:
    """A new draft with its first revision. Raises Forbidden, Invalid."""
    if not actor.scope.may(Right.WRITE, data.unit_id):
        raise Invalid("unit_not_yours", "unit_id")
    written = _checked(session, actor, data.unit_id, data, Contents())
    post = _new(session, actor, data.unit_id, written)
    aims.choose(session, actor, post, data)
    history.record(
        session, actor, "post", post.id, "created",
        unit_id=post.unit_id, new=post.status, now=post.created_at,
    )  # fmt: skip
    return post


def duplicate(session: Session, actor: Actor, post_id: int) -> Post:
    """A new draft that says the same as a post's newest revision. Raises NotFound, Forbidden."""
    old = questions.post(session, actor.scope, post_id)
    if not actor.scope.may(Right.WRITE, old.unit_id):
        raise Forbidden("not_allowed")
    current = newest(session, old)
    said = content_questions.contents(session, actor.scope, current.id)
    post = _new(session, actor, old.unit_id, Written(current.title, current.tone, said))
    history.record(
        session, actor, "post", post.id, "copied",
        unit_id=post.unit_id, new=post.status, now=post.created_at, copy_of=old.id, revision=current.number,
    )  # fmt: skip
    return post


def edit(session: Session, actor: Actor, post_id: int, data: PostEdit) -> Post:
    """Save changed content as a new revision; the same content changes nothing.

    Voids the approval: what waits for its time waits for a new yes. Raises NotFound, Forbidden, Invalid, and
    Conflict ("stale_revision") when somebody else saved meanwhile.
    """
    post = locked(session, actor, post_id, Right.WRITE)
    current = newest(session, post)
    before = content_questions.contents(session, actor.scope, current.id)
    written = _checked(session, actor, post.unit_id, data, before)
    aims.choose(session, actor, post, data)
    if written.said == Written(current.title, current.tone, before).said:
        # Whether a video can be followed is the video's own, so no revision: but the answer counts.
        contents.describe(session, actor, written.contents)
        return post
    if data.revision != current.number:
        author = session.scalar(select(Person.name).where(Person.id == current.author_id))
        raise Conflict(
            "stale_revision", "revision", number=current.number, author=author, at=current.created_at
        )
    now = clock.now()
    old = post.status
    if old is not PostStatus.DRAFT:
        post.move(PostStatus.DRAFT, now)
        publication_moves.back_to_proposed(session, actor, post, now)
    post.title, post.tone, post.changed_at = written.title, written.tone, now
    add_revision(session, actor, post, current.number + 1, written)
    history.record(
        session, actor, "post", post.id, "edited",
        unit_id=post.unit_id, old=old, new=post.status, now=now, revision=current.number + 1,
    )  # fmt: skip
    return post


def keep_both(session: Session, actor: Actor, post_id: int, data: PostEdit) -> Post:
    """Keep what one wrote as a revision, and what somebody else saved meanwhile on top of it, as theirs.

    So that a choice for theirs costs nobody a text. Only while the post is being written: one in review or
    approved is not taken out of that for a text that nobody wants. Raises NotFound, Forbidden, Invalid,
    Conflict.
    """
    post = locked(session, actor, post_id, Right.WRITE)
    if post.status not in UNDER_WORK:
        raise Conflict("post_move")
    theirs = newest(session, post)
    before = content_questions.contents(session, actor.scope, theirs.id)
    stands = Written(theirs.title, theirs.tone, before)
    mine = _checked(session, actor, post.unit_id, data, before)
    if mine.said == stands.said:
        return post
    post.changed_at = clock.now()
    aside = add_revision(session, actor, post, theirs.number + 1, mine)
    top = add_revision(session, actor, post, aside.number + 1, stands, theirs.author_id)
    history.record(
        session, actor, "post", post.id, "edited",
        unit_id=post.unit_id, old=post.status, new=post.status, now=post.changed_at, revision=top.number,
    )  # fmt: skip
    return post


def submit(session: Session, actor: Actor, post_id: int) -> Post:
    """Send the newest revision to review.

    Raises NotFound, Forbidden, Conflict, and Invalid when tone, content or an alt text is missing, or when
    something does not fit a channel that the post is planned on.
    """
    post = locked(session, actor, post_id, Right.WRITE)
    current = newest(session, post)
    said = content_questions.contents(session, actor.scope, current.id)
    missing = missing_for_review(current.tone, said)
    if missing:
        raise Invalid.of(missing)
    publication_moves.check_fits_planned_channels(session, post, said)
    step(session, actor, post, current, PostStatus.IN_REVIEW, ReviewKind.SUBMITTED)
    return post


def withdraw(session: Session, actor: Actor, post_id: int, comment: str = "") -> Post:
    """Take a post out of the work. What waits for its time is cancelled; what is public stays public.

    Raises Conflict while one of its publications is on its way or unsure.
    """
    post = locked(session, actor, post_id, Right.WRITE)
    now, comment = clock.now(), normalise(comment)
    rows = publication_moves.locked_of(session, post.id, OPEN)
    if any(row.status in (Status.PUBLISHING, Status.UNSURE) for row in rows):
        raise Conflict("on_its_way")
    step(session, actor, post, newest(session, post), PostStatus.WITHDRAWN, ReviewKind.WITHDRAWN, comment)
    for row in rows:
        publication_moves.step(session, actor, row, Status.CANCELLED, "cancelled", now)
    return post


def locked(session: Session, actor: Actor, post_id: int, right: Right) -> Post:
    """A post to change: in scope, the right checked, its row locked. Raises NotFound, Forbidden."""
    post = questions.post(session, actor.scope, post_id)
    if not actor.scope.may(right, post.unit_id):
        raise Forbidden("not_allowed")
    lock(session, post)
    return post


def newest(session: Session, post: Post) -> Revision:
    """A post's newest revision."""
    found = session.get(Revision, post.revision_id)
    assert found is not None
    return found


def step(
    session: Session,
    actor: Actor,
    post: Post,
    revision: Revision,
    status: PostStatus,
    kind: ReviewKind,
    comment: str = "",
    own: bool = False,
    approver_id: int | None = None,
    **facts: Any,
) -> None:
    """Move a post and write down who did it to which revision. Raises Conflict.

    `approver_id`: on whose right a yes stands, if not on the actor's own.
    """
    now = clock.now()
    old = post.move(status, now)
    session.add(
        Review(
            post_id=post.id,
            revision_id=revision.id,
            kind=kind,
            person_id=_writer(actor),
            comment=comment,
            own=own,
            approver_id=approver_id,
            at=now,
        )
    )
    history.record(
        session, actor, "post", post.id, kind.value,
        unit_id=post.unit_id, old=old, new=status, now=now, revision=revision.number, own=own, **facts,
    )  # fmt: skip


@dataclass(frozen=True)
class Written:
    """The content of a revision to be."""

    title: str
    tone: Tone | None
    contents: Contents

    @property
    def said(self) -> tuple[Any, ...]:
        """What the revision keeps; the same content is equal here."""
        return self.title, self.tone, self.contents.said


def _checked(
    session: Session, actor: Actor, unit_id: int, data: PostInput | PostEdit, before: Contents
) -> Written:
    title = normalise(data.title)
    said, faults = contents.checked(session, actor, unit_id, data, before)
    if not title:
        faults.insert(0, Fault("title_missing", "title"))
    if faults:
        raise Invalid.of(faults)
    return Written(title, data.tone, said)


def _new(session: Session, actor: Actor, unit_id: int, written: Written) -> Post:
    now = clock.now()
    post = Post(
        unit_id=unit_id, status=PostStatus.DRAFT, title=written.title, tone=written.tone,
        author_id=_writer(actor), created_at=now, changed_at=now,
    )  # fmt: skip
    session.add(post)
    session.flush()
    add_revision(session, actor, post, 1, written)
    return post


def add_revision(
    session: Session, actor: Actor, post: Post, number: int, written: Written, author_id: int | None = None
) -> Revision:
    """The content as a post's newest revision; `number`: the least that it may get. `author_id`: whose words
    they are, if not the actor's."""
    latest = session.scalar(select(func.max(Revision.number)).where(Revision.post_id == post.id)) or 0
    revision = Revision(
        post_id=post.id,
        number=max(number, latest + 1),
        title=written.title,
        tone=written.tone,
        text=written.contents.text,
        link=written.contents.link,
        format=written.contents.format,
        first_comment=written.contents.first_comment,
        author_id=author_id or _writer(actor),
        created_at=clock.now(),
    )
    session.add(revision)
    session.flush()
    contents.write(session, revision.id, written.contents)
    contents.describe(session, actor, written.contents)
    post.revision_id = revision.id
    return revision


def _writer(actor: Actor) -> int:
    if actor.person_id is None:
        raise Forbidden("not_allowed")
    return actor.person_id
