"""Strategies: what holds in a unit, its versions, drafts written, discussed and taken into force."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Query
from pydantic import PlainSerializer
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.actions import strategies
from app.actions.inputs import ID_MOST
from app.actions.strategies import Adoption, CommentInput, NewStrategy, StrategyEdit
from app.api.paging import Listed, whole
from app.api.repeats import Sent
from app.api.routing import api_router
from app.api.shapes import PathId, Shape
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import ByToken, Viewer
from app.domain.results import Outcome
from app.domain.strategies import Kind, Standing, StrategyInForce, Version
from app.queries import strategies as questions
from app.queries.strategies import VersionRow

router = api_router(prefix="/strategies", tags=["strategies"])
Unit = Annotated[int | None, Query(ge=1, le=ID_MOST, description="Your highest unit without one.")]
Number = Annotated[Decimal, PlainSerializer(float, return_type=float)]


class PointOut(Shape):
    """A row of a list; `unit_id`: whose it is. `note`: of a goal the task of the library plan that it serves,
    of an audience where they are.
    """

    id: int
    name: str
    note: str
    unit_id: int
    unit: str


class VersionLine(Shape):
    """A version of a unit's strategy. `from_on`: its first day in force, null for a draft."""

    id: int
    number: int
    unit_id: int
    unit: str
    from_on: date | None
    standing: Standing
    review_on: date | None
    open_since: datetime | None
    author: str
    adopter: str | None
    changed_at: datetime


class StrategyCommentOut(Shape):
    """What somebody said about a draft."""

    id: int
    person: str
    text: str
    at: datetime


class StrategyOut(VersionLine):
    """One version as it says itself; null: as the units above say.

    `own_…`: its list stands instead of the one from above, else it goes on with that. `mix_low`, `mix_high`:
    the share of human posts that is wanted, in percent.
    """

    purpose: str | None
    goals: list[PointOut]
    audiences: list[PointOut]
    pillars: list[PointOut]
    own_goals: bool
    own_audiences: bool
    own_pillars: bool
    mix_low: int | None
    mix_high: int | None
    outcome: Outcome | None
    interaction_target: Number | None
    hours_per_week: Number | None
    house_rules: str | None
    comments: list[StrategyCommentOut]


class SourceOut(Shape):
    """Where a part comes from: a version of a unit's strategy."""

    strategy_id: int
    number: int
    unit_id: int
    unit: str
    from_on: date | None


class InForceOut(Shape):
    """What holds in a unit, with what it has from above; where nobody has said anything, the defaults.

    `mix_low`, `mix_high`: the share of human posts that is wanted, 0 to 1. `sources`: for each part that
    somebody has said, who said it last.
    """

    unit_id: int
    purpose: str
    goals: list[PointOut]
    audiences: list[PointOut]
    pillars: list[PointOut]
    mix_low: float
    mix_high: float
    outcome: Outcome
    interaction_target: Number
    hours_per_week: Number | None
    house_rules: str
    review_on: date | None
    sources: dict[str, SourceOut]
    own: SourceOut | None


class Opening(Shape):
    """Whether everybody on staff may read and discuss it."""

    wanted: bool


@router.get("")
def listed(viewer: ByToken, session: Reads, unit: Unit = None) -> Listed[VersionLine]:
    """The versions of a unit's strategy, the newest first."""
    rows = questions.listed(session, viewer.actor.scope, unit or _home(viewer))
    return whole(rows, lambda row: VersionLine.model_validate(_line(row)))


@router.get("/in-force")
def in_force(viewer: ByToken, session: Reads, unit: Unit = None) -> InForceOut:
    """What holds in a unit now."""
    holds = questions.in_force(session, viewer.actor.scope, unit or _home(viewer))
    return InForceOut.model_validate(_holding(holds))


def _home(viewer: Viewer) -> int:
    return min(viewer.actor.scope.units, default=0)


def _holding(holds: StrategyInForce) -> dict[str, Any]:
    sources = {part.value: source for part, source in holds.sources.items()}
    return {**vars(holds), "sources": sources}


@router.post("", status_code=201, response_model=StrategyOut)
def begin(viewer: ByToken, sent: Sent, data: NewStrategy) -> Response:
    """Begin a new version; what is not sent is carried over from the one before."""
    return sent.once(
        201, lambda session: _one(session, viewer, strategies.begin(session, viewer.actor, data).id)
    )


@router.get("/{strategy_id}")
def show(viewer: ByToken, session: Reads, strategy_id: PathId) -> StrategyOut:
    """One version, and what was said about it."""
    return _one(session, viewer, strategy_id)


@router.patch("/{strategy_id}")
def change(viewer: ByToken, db: Db, strategy_id: PathId, data: StrategyEdit) -> StrategyOut:
    """Change a draft: what is sent, the rest stays. A list that is sent takes the place of the one there."""
    with db.writes() as session:
        strategies.edit(session, viewer.actor, strategy_id, data)
        return _one(session, viewer, strategy_id)


@router.delete("/{strategy_id}", status_code=204)
def discard(viewer: ByToken, db: Db, strategy_id: PathId) -> None:
    """Throw a draft away."""
    with db.writes() as session:
        strategies.discard(session, viewer.actor, strategy_id)


@router.post("/{strategy_id}/adopt", response_model=StrategyOut)
def adopt(viewer: ByToken, sent: Sent, strategy_id: PathId, data: Adoption | None = None) -> Response:
    """Take a draft into force, today or from a later day."""
    return _step(
        viewer,
        sent,
        strategy_id,
        lambda session: strategies.adopt(session, viewer.actor, strategy_id, data or Adoption()),
    )


@router.post("/{strategy_id}/take-back", response_model=StrategyOut)
def take_back(viewer: ByToken, sent: Sent, strategy_id: PathId) -> Response:
    """Make a version whose day has not come a draft again."""
    return _step(
        viewer, sent, strategy_id, lambda session: strategies.take_back(session, viewer.actor, strategy_id)
    )


@router.post("/{strategy_id}/open", response_model=StrategyOut)
def open_for_comments(viewer: ByToken, sent: Sent, strategy_id: PathId, data: Opening) -> Response:
    """Open a draft for comments of everybody on staff, or close it."""

    def work(session: Session) -> object:
        return strategies.open_for_comments(session, viewer.actor, strategy_id, data.wanted)

    return _step(viewer, sent, strategy_id, work)


@router.post("/{strategy_id}/comments", response_model=StrategyOut)
def comment(viewer: ByToken, sent: Sent, strategy_id: PathId, data: CommentInput) -> Response:
    """Say something about a draft that is open for it."""
    return _step(
        viewer,
        sent,
        strategy_id,
        lambda session: strategies.comment(session, viewer.actor, strategy_id, data),
    )


def _step(viewer: Viewer, sent: Sent, strategy_id: int, work: Callable[[Session], object]) -> Response:
    def done(session: Session) -> StrategyOut:
        work(session)
        return _one(session, viewer, strategy_id)

    return sent.once(200, done)


def _one(session: Session, viewer: Viewer, strategy_id: int) -> StrategyOut:
    scope = viewer.actor.scope
    version = questions.version(session, scope, strategy_id)
    rows = questions.listed(session, scope, version.source.unit_id)
    line = next(row for row in rows if row.source.strategy_id == strategy_id)
    said = questions.comments(session, scope, strategy_id)
    return StrategyOut.model_validate({**_line(line), **_said(version), "comments": said})


def _line(row: VersionRow) -> dict[str, Any]:
    return {**vars(row.source), **vars(row), "id": row.source.strategy_id}


def _said(version: Version) -> dict[str, Any]:
    def points(kind: Kind) -> list[Any]:
        return [point for point in version.points if point.kind is kind]

    mix = version.mix
    return {
        **vars(version),
        "goals": points(Kind.GOAL),
        "audiences": points(Kind.AUDIENCE),
        "pillars": points(Kind.PILLAR),
        "own_goals": Kind.GOAL in version.instead,
        "own_audiences": Kind.AUDIENCE in version.instead,
        "own_pillars": Kind.PILLAR in version.instead,
        "mix_low": round(mix.low * 100) if mix else None,
        "mix_high": round(mix.high * 100) if mix else None,
    }
