"""Ideas from staff: sent, listed, talked about, answered."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.actions import ideas
from app.actions.ideas import Accepting, Answer, Assigning, CommentInput, IdeaInput, Merging, Parking
from app.actions.inputs import ID_MOST
from app.api.ground import Grounded
from app.api.paging import Listed, Paged
from app.api.repeats import Sent
from app.api.routing import api_router
from app.api.shapes import PathId, Shape
from app.dependencies.database import Reads
from app.dependencies.viewers import ByToken, Viewer
from app.domain.ideas import IdeaState
from app.domain.posts import PostStatus, Tone
from app.errands import open_ideas
from app.foundation import clock
from app.queries import ideas as questions
from app.queries.ideas import Wanted

router = api_router(prefix="/ideas", tags=["ideas"])


class IdeaLine(Shape):
    """An idea in a list. `answer`: what its sender was told; `votes`: how many others would like it too.

    One that came over an open link has no sender: `door` is the link's name, `guest` what its sender is
    called, if they said so and are still known, `held` how many photos of it lie in quarantine.
    """

    id: int
    unit_id: int
    unit: str
    title: str
    why: str
    last_on: date | None
    state: IdeaState
    since_at: datetime
    answer: str
    parked_until: date | None
    merged_into_id: int | None
    wakes_at: datetime | None
    sender_id: int | None
    sender: str | None
    door_id: int | None
    door: str | None
    guest: str | None
    held: int
    sent_at: datetime
    assigned_id: int | None
    assigned: str | None
    votes: int
    comments: int


class IdeaPostOut(Shape):
    """A post that an idea became. `published_at`: when it first went out, null as long as it did not."""

    post_id: int
    title: str
    tone: Tone | None
    status: PostStatus
    published_at: datetime | None


class CommentOut(Shape):
    """What somebody said about an idea."""

    id: int
    person: str
    text: str
    at: datetime


class IdeaOut(IdeaLine):
    """One idea with its pictures, the posts that it became, and the latest of what was said about it."""

    asset_ids: list[int]
    posts: list[IdeaPostOut]
    talk: list[CommentOut]


class ThrownOut(Shape):
    """What was deleted: the number that it had."""

    id: int


class Liking(Shape):
    """Whether you would like to see it too."""

    wanted: bool


@router.get("")
def listed(
    viewer: ByToken,
    session: Reads,
    page: Paged,
    state: IdeaState | None = None,
    unit: Annotated[int | None, Query(ge=1, le=ID_MOST)] = None,
    mine: Annotated[bool, Query(description="Only those that you sent.")] = False,
    q: Annotated[str, Query(max_length=200, description="Words that must all be in it.")] = "",
) -> Listed[IdeaLine]:
    """Ideas of your units, the latest sent first."""
    of = viewer.person_id if mine else None
    wanted = Wanted(None, state, unit, of, q.replace("\x00", " "))
    scope, now = viewer.actor.scope, clock.now()
    rows = questions.listed(session, scope, wanted, now, page.moment(), page.limit + 1)
    return page.cut(rows, lambda row: (row.sent_at, row.id), IdeaLine.model_validate)


@router.post("", status_code=201, response_model=IdeaOut)
def send(viewer: ByToken, sent: Sent, data: IdeaInput) -> Response:
    """Send an idea; its pictures are `assets` that you have added before."""
    return sent.once(201, lambda session: _one(session, viewer, ideas.send(session, viewer.actor, data).id))


@router.get("/{idea_id}")
def show(viewer: ByToken, session: Reads, idea_id: PathId) -> IdeaOut:
    """One idea."""
    return _one(session, viewer, idea_id)


@router.post("/{idea_id}/accept", response_model=IdeaOut)
def accept(
    viewer: ByToken, sent: Sent, ground: Grounded, idea_id: PathId, data: Accepting | None = None
) -> Response:
    """Make a draft of it, which names its origin. `again`: another one of an idea that has one already."""
    open_ideas.bring_in(ground, viewer.actor, idea_id)
    given = data or Accepting()
    return _step(viewer, sent, idea_id, lambda session: ideas.accept(session, viewer.actor, idea_id, given))


@router.post("/{idea_id}/park", response_model=IdeaOut)
def park(viewer: ByToken, sent: Sent, idea_id: PathId, data: Parking) -> Response:
    """Keep it until a day, on which it comes back."""
    return _step(viewer, sent, idea_id, lambda session: ideas.park(session, viewer.actor, idea_id, data))


@router.post("/{idea_id}/decline", response_model=IdeaOut)
def decline(viewer: ByToken, sent: Sent, idea_id: PathId, data: Answer) -> Response:
    """Say no to it, with a reason."""
    return _step(viewer, sent, idea_id, lambda session: ideas.decline(session, viewer.actor, idea_id, data))


@router.post("/{idea_id}/merge", response_model=IdeaOut)
def merge(viewer: ByToken, sent: Sent, idea_id: PathId, data: Merging) -> Response:
    """Let it go on as a part of another idea."""
    return _step(viewer, sent, idea_id, lambda session: ideas.merge(session, viewer.actor, idea_id, data))


@router.post("/{idea_id}/reopen", response_model=IdeaOut)
def reopen(viewer: ByToken, sent: Sent, idea_id: PathId) -> Response:
    """Take an answer back; it waits again."""
    return _step(viewer, sent, idea_id, lambda session: ideas.reopen(session, viewer.actor, idea_id))


@router.post("/{idea_id}/assign", response_model=IdeaOut)
def assign(viewer: ByToken, sent: Sent, idea_id: PathId, data: Assigning) -> Response:
    """Say who looks after it; null for nobody in particular."""
    return _step(
        viewer, sent, idea_id, lambda session: ideas.assign(session, viewer.actor, idea_id, data.person_id)
    )


@router.post("/{idea_id}/vote", response_model=IdeaOut)
def vote(viewer: ByToken, sent: Sent, idea_id: PathId, data: Liking) -> Response:
    """Say whether you would like to see it too."""
    return _step(
        viewer, sent, idea_id, lambda session: ideas.vote(session, viewer.actor, idea_id, data.wanted)
    )


@router.get("/{idea_id}/comments")
def comments(viewer: ByToken, session: Reads, page: Paged, idea_id: PathId) -> Listed[CommentOut]:
    """What was said about it, the latest first."""
    scope = viewer.actor.scope
    questions.idea(session, scope, idea_id)
    rows = questions.comments(session, scope, idea_id, page.number(), page.limit + 1)
    return page.cut(rows[::-1], lambda row: row.id, CommentOut.model_validate)


@router.post("/{idea_id}/spam", response_model=ThrownOut)
def spam(viewer: ByToken, sent: Sent, ground: Grounded, idea_id: PathId) -> Response:
    """Delete at once, with its photos, what came over an open link and is no idea; counted at its link."""

    def work() -> ThrownOut:
        open_ideas.throw_out(ground, viewer.actor, idea_id)
        return ThrownOut(id=idea_id)

    return sent.step_by_step(200, work)


@router.post("/{idea_id}/comments", response_model=IdeaOut)
def comment(viewer: ByToken, sent: Sent, idea_id: PathId, data: CommentInput) -> Response:
    """Say something about it."""
    return _step(viewer, sent, idea_id, lambda session: ideas.comment(session, viewer.actor, idea_id, data))


def _step(viewer: Viewer, sent: Sent, idea_id: int, work: Callable[[Session], object]) -> Response:
    def done(session: Session) -> IdeaOut:
        work(session)
        return _one(session, viewer, idea_id)

    return sent.once(200, done)


def _one(session: Session, viewer: Viewer, idea_id: int) -> IdeaOut:
    scope = viewer.actor.scope
    row = questions.headline(session, scope, idea_id)
    shots = questions.pictures_of(session, scope, [idea_id])[idea_id]
    return IdeaOut.model_validate(
        {
            **row._mapping,
            "asset_ids": [shot.asset_id for shot in shots],
            "posts": questions.posts_of(session, scope, [idea_id])[idea_id],
            "talk": questions.comments(session, scope, idea_id),
        }
    )
