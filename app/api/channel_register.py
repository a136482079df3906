"""The register of channels: plans, what is due, accounts as anybody may know them, and closing."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.actions import channel_closings, channel_register
from app.actions.channel_closings import ClearInput, ClosingInput, StepInput
from app.actions.channel_register import ConsiderInput, PlanInput, TakeOverInput, TurnDownInput
from app.actions.inputs import ID_MOST
from app.actions.queue import Left
from app.api.paging import Listed, whole
from app.api.repeats import Sent
from app.api.routing import api_router
from app.api.shapes import PathId, Shape
from app.dependencies.database import Configured, Db, Reads
from app.dependencies.viewers import ByToken, Viewer
from app.domain.channel_register import Decision, Lack, Matter, Purpose, Rank, Step
from app.domain.networks import ChannelState
from app.foundation.database import AnyRow
from app.queries import channel_closings as closings
from app.queries import channel_register as questions
from app.queries.channel_register import Entry
from app.words import channel_notice
from app.words.sentences import sentence

router = api_router(prefix="/channels", tags=["channels"])
Unit = Annotated[int | None, Query(ge=1, le=ID_MOST, description="Only of this unit and below it.")]
_KNOWN = frozenset(Purpose)


class PlanOut(Shape):
    """What is written down about a channel, with its owner, deputy and promised rhythm.

    `hours_a_week`: hours. `at_least`, `at_most`: posts a week. `language`: ISO 639, "" is that of the unit.
    `turned_down_on`: since when it is decided not to be there.
    """

    purposes: list[Purpose]
    purpose: str
    audiences: list[str]
    evidence: str
    owner_id: int | None
    owner: str
    deputy_id: int | None
    deputy: str
    hours_a_week: float | None
    at_least: int | None
    at_most: int | None
    home_link: str
    rank: Rank | None
    risks: str
    service: str
    language: str
    privacy_on: date | None
    privacy_decision: Decision | None
    privacy_by: str
    privacy_note: str
    review_on: date | None
    turned_down_on: date | None
    turned_down_why: str


class RegisterOut(Shape):
    """A channel's plan, and what it lacks to be made active by hand. An active one publishes all the same."""

    channel_id: int
    channel: str
    state: ChannelState
    plan: PlanOut
    lacks: list[Lack]


class MatterOut(Shape):
    """Something about a channel that is due. `since`, `days`: from which day; null where none is known.

    `count`: how many things, of a plan that is not whole.
    """

    channel_id: int
    name: str
    kind: Matter
    since: date | None
    days: int | None
    count: int


class AccountOut(Shape):
    """An active channel as anybody may know it. `language`: ISO 639; `practice`: nothing there is public."""

    id: int
    name: str
    network: str
    address: str
    purpose: str
    language: str
    practice: bool


class StepOut(Shape):
    """A step of closing; nulls while it is not done."""

    step: Step
    done_at: datetime | None
    done_by_id: int | None
    done_by: str


class ClosingOut(Shape):
    """How far a channel's closing is. `begun_at` null: nobody is closing it. `queued`: what waits there."""

    channel_id: int
    state: ChannelState
    why: str
    elsewhere: str
    begun_at: datetime | None
    ended_at: datetime | None
    steps: list[StepOut]
    queued: list[int]


class LeftOut(Shape):
    """A publication that was left as it is, and why."""

    publication_id: int
    code: str
    detail: str


class ClearedOut(Shape):
    """What became of all that was queued: ids of publications that are cancelled, and what was left."""

    done: list[int]
    left: list[LeftOut]


@router.get("/accounts")
def accounts(viewer: ByToken, session: Reads, settings: Configured, unit: Unit = None) -> Listed[AccountOut]:
    """Active channels as anybody may know them; practice ones only where there are no others."""
    found = questions.in_use(session, viewer.actor.scope, unit)
    locale = viewer.actor.locale
    return whole(
        found,
        lambda one: AccountOut.model_validate(channel_notice.account(one.row, settings, locale)),
    )


@router.get("/matters")
def matters(viewer: ByToken, session: Reads) -> Listed[MatterOut]:
    """What is due on the channels that you look after, the longest first."""
    return whole(questions.matters(session, viewer.actor.scope), MatterOut.model_validate)


@router.post("/planned", status_code=201, response_model=RegisterOut)
def consider(viewer: ByToken, sent: Sent, data: ConsiderInput) -> Response:
    """Note a channel that somebody considers, without a connection."""

    def work(session: Session) -> RegisterOut:
        return _one(session, viewer, channel_register.consider(session, viewer.actor, data).id)

    return sent.once(201, work)


@router.get("/{channel_id}/plan")
def show(viewer: ByToken, session: Reads, channel_id: PathId) -> RegisterOut:
    """One channel's plan."""
    return _one(session, viewer, channel_id)


@router.put("/{channel_id}/plan")
def write(viewer: ByToken, db: Db, channel_id: PathId, data: PlanInput) -> RegisterOut:
    """Put a plan in the place of the one before, its keepers and its rhythm with it."""
    with db.writes() as session:
        channel_register.write(session, viewer.actor, channel_id, data)
        return _one(session, viewer, channel_id)


@router.post("/{channel_id}/plan/from", response_model=RegisterOut)
def take_over(viewer: ByToken, sent: Sent, channel_id: PathId, data: TakeOverInput) -> Response:
    """Take over the plan of a considered channel, which is closed with this."""
    return sent.act(viewer, channel_id, _one, channel_register.take_over, data)


@router.post("/{channel_id}/turn-down", response_model=RegisterOut)
def turn_down(viewer: ByToken, sent: Sent, channel_id: PathId, data: TurnDownInput) -> Response:
    """Decide not to be on a considered channel, and why."""
    return sent.act(viewer, channel_id, _one, channel_register.turn_down, data)


@router.post("/{channel_id}/take-up", response_model=RegisterOut)
def take_up(viewer: ByToken, sent: Sent, channel_id: PathId) -> Response:
    """Consider a channel again that was turned down."""
    return sent.act(viewer, channel_id, _one, channel_register.take_up)


@router.post("/{channel_id}/open", response_model=RegisterOut)
def open_channel(viewer: ByToken, sent: Sent, channel_id: PathId) -> Response:
    """Make a channel active whose plan is whole."""
    return sent.act(viewer, channel_id, _one, channel_register.open_channel)


@router.get("/{channel_id}/closing")
def closing(viewer: ByToken, session: Reads, channel_id: PathId) -> ClosingOut:
    """How far a channel's closing is."""
    return _closing(session, viewer, channel_id)


@router.post("/{channel_id}/closing", response_model=ClosingOut)
def begin(viewer: ByToken, sent: Sent, channel_id: PathId, data: ClosingInput) -> Response:
    """Begin to close a channel; it publishes on until the end."""
    return sent.act(viewer, channel_id, _closing, channel_closings.begin, data)


@router.delete("/{channel_id}/closing")
def give_up(viewer: ByToken, db: Db, channel_id: PathId) -> ClosingOut:
    """Leave a channel open after all."""
    with db.writes() as session:
        channel_closings.give_up(session, viewer.actor, channel_id)
        return _closing(session, viewer, channel_id)


@router.post("/{channel_id}/closing/steps", response_model=ClosingOut)
def tick(viewer: ByToken, sent: Sent, channel_id: PathId, data: StepInput) -> Response:
    """Say that a step of closing is done, or after all not."""
    return sent.act(viewer, channel_id, _closing, channel_closings.tick, data)


@router.post("/{channel_id}/closing/queue", response_model=ClearedOut)
def clear(viewer: ByToken, sent: Sent, channel_id: PathId, data: ClearInput) -> Response:
    """Cancel all that is queued on a channel that is being closed, or have it go out on another one.

    Each is done by itself, two hundred at most; in the other channel it needs its yes as always.
    """

    def work(session: Session) -> ClearedOut:
        outcome = channel_closings.clear(session, viewer.actor, channel_id, data)
        return ClearedOut(
            done=[one.publication_id for one in outcome.done],
            left=[_left(one, viewer) for one in outcome.left],
        )

    return sent.once(200, work)


def _left(one: Left, viewer: Viewer) -> LeftOut:
    detail = sentence(one.fault.code, viewer.locale, **one.fault.params)
    return LeftOut(publication_id=one.publication_id, code=one.fault.code, detail=detail)


@router.post("/{channel_id}/closing/finish", response_model=ClosingOut)
def finish(viewer: ByToken, sent: Sent, channel_id: PathId) -> Response:
    """Close a channel, when every step is done and nothing is queued there."""
    return sent.act(viewer, channel_id, _closing, channel_closings.finish)


def _one(session: Session, viewer: Viewer, channel_id: int) -> RegisterOut:
    session.flush()
    return shown(questions.entry(session, viewer.actor.scope, channel_id))


def shown(entry: Entry) -> RegisterOut:
    """An entry of the register as programs see it."""
    row = entry.row
    return RegisterOut(
        channel_id=entry.id, channel=row.name, state=row.state, plan=plan(entry), lacks=list(entry.lacks)
    )


def plan(entry: Entry) -> PlanOut:
    """Its plan; what nobody has written is empty."""
    told = {name: getattr(entry.row, name) for name in PlanOut.model_fields}
    empty = {
        name: ""
        for name, kind in PlanOut.model_fields.items()
        if told[name] is None and kind.annotation is str
    }
    lists = {
        "purposes": [one for one in entry.row.purposes or () if one in _KNOWN],
        "audiences": entry.row.audiences or [],
    }
    return PlanOut.model_validate({**told, **empty, **lists})


def _closing(session: Session, viewer: Viewer, channel_id: int) -> ClosingOut:
    session.flush()
    scope = viewer.actor.scope
    row = closings.closing(session, scope, channel_id)
    done = closings.steps(session, scope, channel_id)
    return ClosingOut(
        channel_id=channel_id,
        state=questions.entry(session, scope, channel_id).row.state,
        why=row.why if row else "",
        elsewhere=row.elsewhere if row else "",
        begun_at=row.begun_at if row else None,
        ended_at=row.ended_at if row else None,
        steps=[_step(step, done.get(step)) for step in Step],
        queued=[one.id for one in closings.queued(session, scope, channel_id)],
    )


def _step(step: Step, done: AnyRow | None) -> StepOut:
    if done is None:
        return StepOut(step=step, done_at=None, done_by_id=None, done_by="")
    return StepOut.model_validate(done)
