"""Writing posts: new, edited, sent to review, withdrawn. Each save of changed content is a new revision."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actions import history, publication_moves
from app.domain.errors import Conflict, Fault, Forbidden, Invalid
from app.domain.posts import PostStatus, ReviewKind, Tone, missing_for_review
from app.domain.publications import OPEN, Status
from app.domain.roles import Actor, Right
from app.domain.texts import COMMENT_MOST, TITLE_MOST, is_web_address, normalise
from app.foundation import clock
from app.foundation.database import lock
from app.models.people import Person
from app.models.posts import Post, Review, Revision
from app.queries import posts as questions

LINK_MOST = 2000
TEXT_MOST = 100_000  # a bound for what is stored at all; each channel has its own, told at the checks


class PostInput(BaseModel):
    """What a person writes. Only the working title is needed to save."""

    model_config = ConfigDict(extra="forbid")

    unit_id: int
    title: Annotated[str, Field(max_length=TITLE_MOST)]
    tone: Tone | None = None
    text: Annotated[str, Field(max_length=TEXT_MOST)] = ""
    link: Annotated[str, Field(max_length=LINK_MOST)] = ""


class PostEdit(BaseModel):
    """A change. `revision`: number of the revision that the writer had before their eyes."""

    model_config = ConfigDict(extra="forbid")

    revision: int
    title: Annotated[str, Field(max_length=TITLE_MOST)]
    tone: Tone | None = None
    text: Annotated[str, Field(max_length=TEXT_MOST)] = ""
    link: Annotated[str, Field(max_length=LINK_MOST)] = ""


class Withdrawal(BaseModel):
    """Why a post is taken out of the work; may be left empty."""

    model_config = ConfigDict(extra="forbid")

    comment: Annotated[str, Field(max_length=COMMENT_MOST)] = ""


def create(session: Session, actor: Actor, data: PostInput) -> Post:
    """A new draft with its first revision. Raises Forbidden, Invalid."""
    if not actor.scope.may(Right.WRITE, data.unit_id):
        raise Invalid("unit_not_yours", "unit_id")
    title, text, link = _checked(data.title, data.text, data.link)
    now = clock.now()
    post = Post(
        unit_id=data.unit_id,
        status=PostStatus.DRAFT,
        title=title,
        tone=data.tone,
        author_id=_writer(actor),
        created_at=now,
        changed_at=now,
    )
    session.add(post)
    session.flush()
    _add_revision(session, actor, post, 1, title, data.tone, text, link)
    history.record(session, actor, "post", post.id, "created", unit_id=post.unit_id, new=post.status, now=now)
    return post


def edit(session: Session, actor: Actor, post_id: int, data: PostEdit) -> Post:
    """Save changed content as a new revision; the same content changes nothing.

    Voids the approval: what waits for its time waits for a new yes. Raises NotFound, Forbidden, Invalid, and
    Conflict ("stale_revision") when somebody else saved meanwhile.
    """
    post = locked(session, actor, post_id, Right.WRITE)
    current = newest(session, post)
    title, text, link = _checked(data.title, data.text, data.link)
    if (title, data.tone, text, link) == (current.title, current.tone, current.text, current.link):
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
    post.title, post.tone, post.changed_at = title, data.tone, now
    _add_revision(session, actor, post, current.number + 1, title, data.tone, text, link)
    history.record(
        session, actor, "post", post.id, "edited",
        unit_id=post.unit_id, old=old, new=post.status, now=now, revision=current.number + 1,
    )  # fmt: skip
    return post


def submit(session: Session, actor: Actor, post_id: int) -> Post:
    """Send the newest revision to review. Raises Invalid when tone, or text and link, are missing."""
    post = locked(session, actor, post_id, Right.WRITE)
    current = newest(session, post)
    missing = missing_for_review(current.tone, current.text, current.link)
    if missing:
        raise Invalid.of(missing)
    publication_moves.check_fits_planned_channels(session, post, current)
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
) -> None:
    """Move a post and write down who did it to which revision. Raises Conflict."""
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
            at=now,
        )
    )
    history.record(
        session, actor, "post", post.id, kind.value,
        unit_id=post.unit_id, old=old, new=status, now=now, revision=revision.number, own=own,
    )  # fmt: skip


def _checked(title: str, text: str, link: str) -> tuple[str, str, str]:
    title, text, link = normalise(title), normalise(text), normalise(link)
    faults = []
    if not title:
        faults.append(Fault("title_missing", "title"))
    if link and not is_web_address(link):
        faults.append(Fault("bad_link", "link"))
    if faults:
        raise Invalid.of(faults)
    return title, text, link


def _add_revision(
    session: Session,
    actor: Actor,
    post: Post,
    number: int,
    title: str,
    tone: Tone | None,
    text: str,
    link: str,
) -> None:
    latest = session.scalar(select(func.max(Revision.number)).where(Revision.post_id == post.id)) or 0
    revision = Revision(
        post_id=post.id,
        number=max(number, latest + 1),
        title=title,
        tone=tone,
        text=text,
        link=link,
        author_id=_writer(actor),
        created_at=clock.now(),
    )
    session.add(revision)
    session.flush()
    post.revision_id = revision.id


def _writer(actor: Actor) -> int:
    if actor.person_id is None:
        raise Forbidden("not_allowed")
    return actor.person_id
