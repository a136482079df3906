"""Posts: written, edited, sent to review, answered, withdrawn."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.actions import corrections, posts, reviews
from app.actions.contents import LINK_MOST, TEXT_MOST, PictureInput, VariantInput
from app.actions.corrections import Correction
from app.actions.inputs import ID_MOST, Id, Input
from app.actions.posts import PostEdit, PostInput, Withdrawal
from app.actions.reviews import Approval, ChangeRequest
from app.api import post_shapes
from app.api.paging import Listed, Paged, whole
from app.api.post_shapes import ChecksOut, PostLine, PostOut, RevisionOut, checked, pictures, shown, variants
from app.api.repeats import Sent
from app.api.routing import api_router
from app.api.shapes import PathId
from app.dependencies.database import Configured, Db, Reads
from app.dependencies.viewers import ByToken, Viewer
from app.domain.errors import Conflict
from app.domain.networks import Format
from app.domain.posts import PostStatus, Tone
from app.domain.texts import TITLE_MOST
from app.foundation import clock
from app.foundation.mail import postman_of
from app.queries import checks, strategy_uses
from app.queries import posts as questions
from app.queries.contents import contents

router = api_router(prefix="/posts", tags=["posts"])


class PostPatch(Input):
    """What is sent is changed, the rest stays. `revision`: the number of the one that you have read.

    `pictures` and `variants` are whole lists: what is not in them goes. `asset_ids`: pictures in short; those
    that were there keep what was said about them.
    """

    revision: int
    title: Annotated[str, Field(max_length=TITLE_MOST)] | None = None
    tone: Tone | None = None
    text: Annotated[str, Field(max_length=TEXT_MOST)] | None = None
    link: Annotated[str, Field(max_length=LINK_MOST)] | None = None
    pictures: list[PictureInput] | None = None
    asset_ids: list[Id] | None = None
    variants: list[VariantInput] | None = None
    format: Format | None = None
    first_comment: Annotated[str, Field(max_length=TEXT_MOST)] | None = None
    pillar: Id | None = None
    goal: Id | None = None


def _wanted(
    status: PostStatus | None = None,
    tone: Tone | None = None,
    unit: Annotated[int | None, Query(ge=1, le=ID_MOST)] = None,
    goal: Annotated[int | None, Query(ge=0, le=ID_MOST, description="0: those that name none.")] = None,
    pillar: Annotated[int | None, Query(ge=0, le=ID_MOST, description="0: those that name none.")] = None,
    q: Annotated[str, Query(max_length=200, description="Words that must all be in it.")] = "",
) -> questions.PostFilter:
    return questions.PostFilter(status, tone, unit, q.replace("\x00", " "), goal, pillar)


Wanted = Annotated[questions.PostFilter, Depends(_wanted)]
_OUT = Query(ge=1, le=ID_MOST, description="A unit: posts that it and those below had out in 90 days.")


@router.get("")
def listed(
    viewer: ByToken, session: Reads, page: Paged, wanted: Wanted, out: Annotated[int | None, _OUT] = None
) -> Listed[PostLine]:
    """Posts of your units, the latest changed first."""
    if out:
        wanted = replace(wanted, out=strategy_uses.lately(session, viewer.actor.scope, out, clock.now()))
    rows = questions.listed(session, viewer.actor.scope, wanted, page.moment(), page.limit + 1)
    return page.cut(rows, lambda row: (row.changed_at, row.id), PostLine.model_validate)


@router.post("", status_code=201, response_model=PostOut)
def create(viewer: ByToken, sent: Sent, data: PostInput) -> Response:
    """Write a post; it is a draft until it is sent to review."""
    return sent.once(
        201, lambda session: shown(session, viewer, posts.create(session, viewer.actor, data).id)
    )


@router.get("/{post_id}")
def show(viewer: ByToken, session: Reads, post_id: PathId) -> PostOut:
    """One post with its newest revision, what was said about it, and where it goes."""
    return shown(session, viewer, post_id)


@router.patch("/{post_id}")
def change(viewer: ByToken, db: Db, post_id: PathId, data: PostPatch) -> PostOut:
    """Save changed content as a new revision.

    It takes an approval back: what waits for its time then waits for a new yes. When somebody else saved
    after the revision that you name, 409 brings that one (`began`) and the newest (`current`), each as in
    the list of revisions: put yours together with the newest, and send it with its number.
    """
    with db.writes() as session:
        try:
            posts.edit(session, viewer.actor, post_id, _edit(session, viewer, post_id, data))
        except Conflict as refusal:
            if refusal.code == "stale_revision":
                known = post_shapes.revisions(session, viewer, post_id)
                began = next((one for one in known if one.number == data.revision), None)
                both = {"began": began, "current": known[0]}
                refusal.beside = {name: one and one.model_dump(mode="json") for name, one in both.items()}
            raise
        return shown(session, viewer, post_id)


def _edit(session: Session, viewer: Viewer, post_id: int, data: PostPatch) -> PostEdit:
    now = questions.revision(session, viewer.actor.scope, post_id)
    said = contents(session, viewer.actor.scope, now.id)
    content: dict[str, Any] = {
        "title": now.title,
        "tone": now.tone,
        "text": now.text,
        "link": now.link,
        "format": said.format,
        "first_comment": said.first_comment,
        "pictures": [each.model_dump() for each in pictures(said.pictures)],
        "variants": [each.model_dump() for each in variants(said)],
    }
    sent = data.model_dump(exclude_unset=True)
    if sent.get("asset_ids") is not None:
        content["pictures"] = []
    nothing = [name for name, value in sent.items() if value is None and name not in _OWN_NULL]
    cleared = {name: _EMPTY.get(name, "") for name in nothing}
    return PostEdit.model_validate(content | sent | cleared)


_OWN_NULL = frozenset({"tone", "pillar", "goal"})  # null is what is meant
_EMPTY: dict[str, Any] = {"pictures": [], "variants": [], "asset_ids": None, "format": Format.POST}


@router.post("/{post_id}/submit", response_model=PostOut)
def submit(viewer: ByToken, sent: Sent, post_id: PathId) -> Response:
    """Send the newest revision to review."""
    return sent.act(viewer, post_id, shown, posts.submit)


@router.post("/{post_id}/request-changes", response_model=PostOut)
def request_changes(viewer: ByToken, sent: Sent, post_id: PathId, data: ChangeRequest) -> Response:
    """Ask for changes in a revision, with a comment."""
    return sent.act(viewer, post_id, shown, reviews.request_changes, data)


@router.post("/{post_id}/correct", response_model=PostOut)
def correct(viewer: ByToken, sent: Sent, settings: Configured, post_id: PathId, data: Correction) -> Response:
    """Correct words in review, as an approver.

    It waits then for the yes of whoever wrote it before, who needs no role for this, or of another approver.
    """

    def work(session: Session) -> PostOut:
        post = corrections.correct(session, viewer.actor, post_id, data)
        if postman_of(settings) is not None:
            corrections.tell(session, viewer.actor, post, settings.address)
        return shown(session, viewer, post_id)

    return sent.once(200, work)


@router.post("/{post_id}/approve", response_model=PostOut)
def approve(viewer: ByToken, sent: Sent, post_id: PathId, data: Approval) -> Response:
    """Say yes to exactly one revision.

    Nobody says it to their own words where somebody else could. To an approver's correction also whoever
    wrote the post before may say it.
    """
    return sent.act(viewer, post_id, shown, reviews.approve, data)


@router.post("/{post_id}/withdraw", response_model=PostOut)
def withdraw(viewer: ByToken, sent: Sent, post_id: PathId, data: Withdrawal | None = None) -> Response:
    """Take a post out of the work; what waits for its time is cancelled, what is public stays."""
    return sent.act(viewer, post_id, shown, posts.withdraw, data.comment if data else "")


@router.post("/{post_id}/duplicate", status_code=201, response_model=PostOut)
def duplicate(viewer: ByToken, sent: Sent, post_id: PathId) -> Response:
    """Begin a new draft that says the same as a post's newest revision."""
    return sent.once(
        201, lambda session: shown(session, viewer, posts.duplicate(session, viewer.actor, post_id).id)
    )


@router.get("/{post_id}/revisions")
def revisions(viewer: ByToken, session: Reads, post_id: PathId) -> Listed[RevisionOut]:
    """All revisions of a post, the newest first."""
    questions.post(session, viewer.actor.scope, post_id)
    return whole(post_shapes.revisions(session, viewer, post_id), lambda revision: revision)


@router.get("/{post_id}/checks")
def show_checks(viewer: ByToken, session: Reads, post_id: PathId) -> ChecksOut:
    """What keeps a post from being sent to review, and from each channel that it could go to."""
    return checked(checks.of_post(session, viewer.actor.scope, post_id), viewer.locale)
