"""The register of channels: their plans written, channels considered, turned down, opened."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from sqlalchemy.orm import Session

from app.actions import channel_states, history, keepers, slots, tasks
from app.actions.inputs import Id, Input, Name
from app.actions.keepers import KeepersEdit
from app.actions.slots import HourInput, Number, RhythmInput
from app.domain import timing
from app.domain.channel_register import (
    AUDIENCES_MOST,
    HOURS_MOST,
    LINE_MOST,
    WORDS_MOST,
    Decision,
    Purpose,
    Rank,
)
from app.domain.errors import Conflict, Fault, Forbidden, Invalid
from app.domain.networks import ChannelState
from app.domain.roles import Actor, Right
from app.domain.texts import is_web_address, normalise
from app.foundation import clock
from app.models.channel_register import ChannelPlan
from app.models.channels import Channel
from app.models.duties import ChannelKeeper
from app.models.slots import Rhythm
from app.models.units import Unit
from app.queries import channels as questions
from app.queries import slots as rhythms

LINK_MOST = 2000
SERVICE_MOST = 100
# Languages that libraries of the four countries write in; others are in the list of whoever needs them.
LANGUAGES = ("sv", "fi", "nb", "nn", "en", "se", "ru", "uk", "et", "ar", "so", "fa", "ku", "de", "pl")
_OWN = (
    "hours_a_week",
    "evidence",
    "home_link",
    "rank",
    "service",
    "language",
    "privacy_on",
    "privacy_decision",
)


def _decimal(value: Any) -> Any:
    """Hours as people of the North write them: "1,5"."""
    return value.replace(",", ".") if isinstance(value, str) else value


Words = Annotated[str, Field(max_length=WORDS_MOST)]
Line = Annotated[str, Field(min_length=1, max_length=LINE_MOST)]
Hours = Annotated[float, BeforeValidator(_decimal), Field(gt=0, le=HOURS_MOST, allow_inf_nan=False)]


class PlanInput(Input):
    """The whole plan of a channel; what is not sent is empty.

    `purpose`: more of it in own words. `hours_a_week`: hours. `at_least`, `at_most`: posts a week; the hours
    that are kept for them stay. `service`: the network's name where no program posts. `language`: ISO 639,
    "" is that of the unit. `privacy_by`: the office that decided, not a name.
    """

    purposes: Annotated[tuple[Purpose, ...], Field(max_length=len(Purpose))] = ()
    purpose: Words = ""
    audiences: Annotated[tuple[Line, ...], Field(max_length=AUDIENCES_MOST)] = ()
    evidence: Words = ""
    owner_id: Id | None = None
    deputy_id: Id | None = None
    hours_a_week: Hours | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    home_link: Annotated[str, Field(max_length=LINK_MOST)] = ""
    rank: Rank | None = None
    risks: Words = ""
    service: Annotated[str, Field(max_length=SERVICE_MOST)] = ""
    language: Annotated[str, Field(max_length=8, pattern="^([a-z]{2,3})?$")] = ""
    privacy_on: date | None = None
    privacy_decision: Decision | None = None
    privacy_by: Annotated[str, Field(max_length=LINE_MOST)] = ""
    privacy_note: Words = ""
    review_on: date | None = None


class ConsiderInput(Input):
    """A channel that somebody considers. `service`: which network it would be on, in any words."""

    unit_id: Id
    name: Name
    service: Annotated[str, Field(max_length=SERVICE_MOST)] = ""
    address: Annotated[str, Field(max_length=LINK_MOST)] = ""


class TurnDownInput(Input):
    """Why the library shall not be there."""

    why: Annotated[str, Field(min_length=1, max_length=WORDS_MOST)]


class TakeOverInput(Input):
    """The considered channel whose plan it shall have."""

    planned_id: Id


def write(session: Session, actor: Actor, channel_id: int, data: PlanInput) -> ChannelPlan:
    """Put a channel's plan in the place of the one before, its keepers and its promise with it.

    A plan may be written bit by bit: what it lacks stops nothing. Raises NotFound, Forbidden, and Invalid
    with every fault; then the caller takes all back.
    """
    channel = own(session, actor, channel_id)
    faults: list[Fault] = []
    named = KeepersEdit(owner_id=data.owner_id, deputy_id=data.deputy_id)
    steps: list[Callable[[], object]] = [
        lambda: _check(session, channel, data),
        lambda: keepers.edit(session, actor, channel.id, named),
        lambda: _promise(session, actor, channel.id, data),
    ]
    for step in steps:
        try:
            step()
        except Invalid as refusal:
            faults += refusal.faults
    if faults:
        raise Invalid.of(faults)
    plan = _plan_of(session, actor, channel.id)
    for name in _OWN:
        setattr(plan, name, getattr(data, name))
    for name in ("purpose", "risks", "privacy_by", "privacy_note"):
        setattr(plan, name, normalise(getattr(data, name)))
    plan.purposes = [str(one) for one in dict.fromkeys(data.purposes)]
    plan.audiences = list(dict.fromkeys(data.audiences))
    plan.review_on = data.review_on
    _tell(session, actor, channel, "plan_written")
    return plan


def _check(session: Session, channel: Channel, data: PlanInput) -> None:
    faults = []
    if data.home_link and not is_web_address(data.home_link):
        faults.append(Fault("bad_link", "home_link"))
    today = timing.to_local(clock.now(), session.get_one(Unit, channel.unit_id).zone).date()
    if data.privacy_on and data.privacy_on > today:
        faults.append(Fault("assessed_ahead", "privacy_on"))
    if data.privacy_decision and not data.privacy_on:
        faults.append(Fault("assessed_when", "privacy_on"))
    if data.privacy_on and not data.privacy_decision:
        faults.append(Fault("assessed_how", "privacy_decision"))
    if faults:
        raise Invalid.of(faults)


def _promise(session: Session, actor: Actor, channel_id: int, data: PlanInput) -> None:
    """Promise so many posts a week, with the hours that are kept already."""
    now = rhythms.rhythm(session, actor.scope, channel_id)
    promised = (now.promise.at_least, now.promise.at_most) if now.promise else (None, None)
    if promised == (data.at_least, data.at_most):
        return
    hours = [HourInput(weekday=one.weekday, local_time=one.local_time) for one in now.hours]
    wanted = RhythmInput(at_least=data.at_least, at_most=data.at_most, slots=hours)
    slots.promise(session, actor, channel_id, wanted)


def _plan_of(session: Session, actor: Actor, channel_id: int) -> ChannelPlan:
    """The plan's row, changed now by the actor."""
    plan = session.get(ChannelPlan, channel_id)
    if plan is None:
        plan = ChannelPlan(channel_id=channel_id)
        session.add(plan)
    plan.changed_at, plan.changed_by_id = clock.now(), actor.person_id
    return plan


def consider(session: Session, actor: Actor, data: ConsiderInput) -> Channel:
    """A planned channel without a connection, ready for its plan. Raises Forbidden, Invalid."""
    wanted = tasks.PlaceInput(
        unit_id=data.unit_id, name=data.name, address=data.address, state=ChannelState.PLANNED
    )
    channel = tasks.add_place(session, actor, wanted)
    _plan_of(session, actor, channel.id).service = data.service
    return channel


def turn_down(session: Session, actor: Actor, channel_id: int, data: TurnDownInput) -> Channel:
    """Record that the library decided not to be there. Raises NotFound, Forbidden, Conflict."""
    channel = _considered(session, actor, channel_id)
    plan = _plan_of(session, actor, channel.id)
    plan.turned_down_why, plan.turned_down_by_id = normalise(data.why), actor.person_id
    zone = session.get_one(Unit, channel.unit_id).zone
    plan.turned_down_on = timing.to_local(clock.now(), zone).date()
    _tell(session, actor, channel, "turned_down")
    return channel


def take_up(session: Session, actor: Actor, channel_id: int) -> Channel:
    """Consider it again. Raises NotFound, Forbidden, Conflict."""
    channel = _considered(session, actor, channel_id)
    plan = _plan_of(session, actor, channel.id)
    plan.turned_down_on, plan.turned_down_why, plan.turned_down_by_id = None, "", None
    _tell(session, actor, channel, "taken_up")
    return channel


def open_channel(session: Session, actor: Actor, channel_id: int) -> Channel:
    """Make a channel active that is planned, rests or is closed.

    Raises NotFound, Forbidden, and Invalid with everything that its plan lacks.
    """
    channel = own(session, actor, channel_id)
    old = channel.state
    if old is ChannelState.ACTIVE:
        return channel
    channel_states.check(session, actor, channel, ChannelState.ACTIVE)
    channel.state = ChannelState.ACTIVE
    plan = _plan_of(session, actor, channel.id)
    plan.turned_down_on, plan.turned_down_why, plan.turned_down_by_id = None, "", None
    _tell(session, actor, channel, "made_active", old)
    return channel


def take_over(session: Session, actor: Actor, channel_id: int, data: TakeOverInput) -> ChannelPlan:
    """Give a connected channel the plan with which it was considered; that one is closed with this.

    Raises NotFound, Forbidden, Invalid for one that is not considered, Conflict where a plan is written.
    """
    channel = own(session, actor, channel_id)
    planned = own(session, actor, data.planned_id)
    if planned.state is not ChannelState.PLANNED or channel.state is ChannelState.PLANNED:
        raise Invalid("not_considered", "planned_id")
    before = session.get(ChannelPlan, channel.id)
    if before is not None:
        raise Conflict("plan_is_there", "planned_id")
    plan = _moved(session, planned.id, channel.id)
    plan.changed_at, plan.changed_by_id = clock.now(), actor.person_id
    planned.state = ChannelState.CLOSED
    session.flush()
    _tell(session, actor, planned, "became_another", ChannelState.PLANNED)
    _tell(session, actor, channel, "plan_written")
    return plan


def _moved(session: Session, from_id: int, to_id: int) -> ChannelPlan:
    """Plan, keepers and promise of one channel at another; what that one has already stays."""
    for model in (ChannelKeeper, Rhythm):
        row: Any = session.get(model, from_id)
        if row is not None and session.get(model, to_id) is None:
            row.channel_id = to_id
    plan = session.get(ChannelPlan, from_id) or ChannelPlan()
    plan.channel_id, plan.service = to_id, ""
    plan.turned_down_on, plan.turned_down_why, plan.turned_down_by_id = None, "", None
    session.add(plan)
    return plan


def _considered(session: Session, actor: Actor, channel_id: int) -> Channel:
    channel = own(session, actor, channel_id)
    if channel.state is not ChannelState.PLANNED:
        raise Conflict("not_considered")
    return channel


def own(session: Session, actor: Actor, channel_id: int) -> Channel:
    """A channel that the actor looks after. Raises NotFound, Forbidden."""
    channel = questions.channel(session, actor.scope, channel_id)
    if not actor.scope.may(Right.CHANNELS, channel.unit_id):
        raise Forbidden("not_allowed")
    return channel


def _tell(
    session: Session, actor: Actor, channel: Channel, verb: str, old: ChannelState | None = None
) -> None:
    history.record(
        session, actor, "channel", channel.id, verb, unit_id=channel.unit_id,
        old=old or channel.state, new=channel.state, now=clock.now(),
    )  # fmt: skip
