"""A channel's plan as a form in short sections; channels that are considered, turned down, opened."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import channel_register, keepers
from app.actions.channel_register import LANGUAGES, PlanInput
from app.actions.inputs import Id
from app.connectors import registry
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.channel_register import FIELDS
from app.domain.errors import Forbidden, Refusal
from app.domain.networks import ChannelState, NetworkKind
from app.domain.roles import Right
from app.domain.slots import Promise
from app.foundation.i18n import N_, translations, typed_number
from app.queries import channel_register as questions
from app.queries import strategies, units
from app.queries.channel_register import Entry
from app.web.forms import Form, Posted, go, once, said, step
from app.web.rendering import render
from app.words import channel_register as words
from app.words.sentences import Said
from app.words.slots import promised

router = APIRouter(prefix="/channels")
_NOBODY = N_("nobody")
_NOT_CHOSEN = N_("not chosen yet")
_OF_UNIT = N_("that of the unit")
# What a form shows of a plan as it stands.
_SHOWN = (
    "purposes", "purpose", "evidence", "owner_id", "deputy_id", "hours_a_week", "at_least", "at_most",
    "home_link", "rank", "risks", "service", "language", "privacy_on", "privacy_decision", "privacy_by",
    "privacy_note", "review_on",
)  # fmt: skip


@router.get("/planned")
def ask_new(request: Request, viewer: SignedIn, session: Reads, unit: str = "") -> Response:
    """The form for a channel that somebody considers."""
    return _new_page(request, viewer, session, Form.of(unit_id=unit[:12] or None))


def _new_page(
    request: Request, viewer: Viewer, session: Session, form: Form, refusal: Refusal | None = None
) -> Response:
    choices = units.names(session, viewer.actor.scope, Right.CHANNELS, viewer.locale)
    if not choices:
        raise Forbidden("not_allowed")
    return render(
        request,
        "channels/planned.html",
        refusal.status if refusal else 200,
        units=choices,
        form=form,
        errors=said(request, refusal),
    )


@router.post("/planned")
def consider(request: Request, viewer: SignedIn, form: Posted, db: Db) -> Response:
    """Note that it is considered, and go on to its plan."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                data = form.read(channel_register.ConsiderInput)
                channel = channel_register.consider(turn.session, viewer.actor, data)
                turn.address = f"/channels/{channel.id}/plan?done=considered"
    except Forbidden:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _new_page(request, viewer, session, form, refusal)
    return go(turn.address)


@router.get("/{channel_id}/plan")
def ask(request: Request, viewer: SignedIn, session: Reads, channel_id: Id) -> Response:
    """The plan as it stands, as a form."""
    return _page(request, viewer, session, channel_id)


def _page(
    request: Request,
    viewer: Viewer,
    session: Session,
    channel_id: int,
    form: Form | None = None,
    refusal: Refusal | None = None,
    why: str = "",
) -> Response:
    scope = viewer.actor.scope
    entry = questions.entry(session, scope, channel_id)
    if not scope.may(Right.CHANNELS, entry.row.unit_id):
        raise Forbidden("not_allowed")
    row = entry.row
    return render(
        request,
        "channels/plan.html",
        refusal.status if refusal else 200,
        entry=entry,
        row=row,
        network=words.network(
            row.network, row.service, registry.network(row.network).profile.label, viewer.locale
        ),
        missing=[(FIELDS[lack], words.LACKS[lack]) for lack in entry.lacks],
        why=why,
        on=lambda when: words.on(when, viewer.zone, viewer.locale),
        **_choices(session, viewer, entry),
        form=form or _stored(entry, viewer.locale),
        errors=said(request, refusal),
    )


def card(entry: Entry, viewer: Viewer) -> dict[str, Any]:
    """What a channel's own page shows of its plan."""
    row, locale = entry.row, viewer.locale
    promise = Promise(row.at_least, row.at_most) if row.at_least is not None else None
    return {
        "entry": entry,
        "lacking": words.lacking(entry.lacks, locale),
        "matters": [(due, words.matter(due.kind, due.count, due.days, locale)) for due in entry.matters],
        "purposes": words.purposes(row.purposes or (), row.purpose or "", locale),
        "rhythm": promised(promise, locale),
        "decision": words.DECISIONS.get(row.privacy_decision, ""),
        "on": lambda when: words.on(when, viewer.zone, locale),
    }


def led(errors: Sequence[Said], channel_id: int) -> list[Said]:
    """What a channel's state lacks, led to where it is put right: a field of its plan, or its closing."""
    ways = {f"plan_lacks_{lack}": f"/channels/{channel_id}/plan#{field}" for lack, field in FIELDS.items()}
    ways["close_by_steps"] = f"/channels/{channel_id}/closing"
    return [replace(one, field=ways.get(one.code, one.field)) for one in errors]


def _stored(entry: Entry, locale: str) -> Form:
    values = {name: getattr(entry.row, name) for name in _SHOWN}
    hours = values["hours_a_week"]
    values["hours_a_week"] = typed_number(hours, locale) if hours else None
    return Form.of(**values, audiences="\n".join(entry.row.audiences or ()))


def _choices(session: Session, viewer: Viewer, entry: Entry) -> dict[str, Any]:
    """What there is to choose from in the form."""
    say, row, scope = translations(viewer.locale).gettext, entry.row, viewer.actor.scope
    able = keepers.able_for(session, viewer.actor, row.unit_id)
    able |= {id_: name for id_, name in ((row.owner_id, row.owner), (row.deputy_id, row.deputy)) if id_}
    written = set(row.audiences or ())
    named = [point.name for point in strategies.in_force(session, scope, row.unit_id).audiences]
    languages = dict.fromkeys([*LANGUAGES, *([row.language] if row.language else [])])
    by_name = sorted((words.language(code, viewer.locale), code) for code in languages)
    return {
        "people": [("", say(_NOBODY)), *((str(id_), name) for id_, name in able.items())],
        "purposes": words.options(words.PURPOSES, viewer.locale),
        "strategy": [name for name in named if name not in written],
        "ranks": [(str(rank), say(name), say(words.RANK_HINTS[rank])) for rank, name in words.RANKS.items()],
        "decisions": [("", say(_NOT_CHOSEN)), *words.options(words.DECISIONS, viewer.locale)],
        "languages": [("", say(_OF_UNIT)), *((code, name) for name, code in by_name)],
        "considered": [] if entry.has_plan else _considered(session, viewer, entry),
        "by_hand": row.network is NetworkKind.MANUAL,
    }


def _considered(session: Session, viewer: Viewer, entry: Entry) -> list[tuple[int, str]]:
    """Planned channels whose plan a connected one may take over."""
    if entry.row.state is ChannelState.PLANNED:
        return []
    mine = viewer.actor.scope.units_with(Right.CHANNELS)
    return [
        (one.id, one.row.name)
        for one in questions.entries(session, viewer.actor.scope)
        if one.row.state is ChannelState.PLANNED and one.row.unit_id in mine
    ]


@router.post("/{channel_id}/plan")
def write(request: Request, viewer: SignedIn, form: Posted, db: Db, channel_id: Id) -> Response:
    """Save the plan."""

    def work(session: Session) -> str:
        channel_register.write(session, viewer.actor, channel_id, _input(form))
        return f"/channels/{channel_id}?done=plan_saved"

    return _step(request, viewer, form, db, channel_id, work)


def _input(form: Form) -> PlanInput:
    """The input model; audiences are lines of one field, and ticked ones of the strategy. Raises Invalid."""
    lines = [line.strip() for line in form.text("audiences").splitlines()]
    audiences = [line for line in [*lines, *form.many("from_strategy")] if line]
    return form.read(PlanInput, without=("from_strategy", "audiences"), audiences=audiences)


@router.post("/{channel_id}/plan/from")
def take_over(request: Request, viewer: SignedIn, form: Posted, db: Db, channel_id: Id) -> Response:
    """Take the plan with which the channel was considered."""

    def work(session: Session) -> str:
        data = form.read(channel_register.TakeOverInput)
        channel_register.take_over(session, viewer.actor, channel_id, data)
        return f"/channels/{channel_id}/plan?done=plan_saved"

    return _step(request, viewer, form, db, channel_id, work)


@router.post("/{channel_id}/turn-down")
def turn_down(request: Request, viewer: SignedIn, form: Posted, db: Db, channel_id: Id) -> Response:
    """Decide not to be there."""

    def work(session: Session) -> str:
        data = form.read(channel_register.TurnDownInput)
        channel_register.turn_down(session, viewer.actor, channel_id, data)
        return "/channels/register?done=turned_down"

    return _step(request, viewer, form, db, channel_id, work)


@router.post("/{channel_id}/take-up")
def take_up(request: Request, viewer: SignedIn, form: Posted, db: Db, channel_id: Id) -> Response:
    """Consider it again."""

    def work(session: Session) -> str:
        channel_register.take_up(session, viewer.actor, channel_id)
        return f"/channels/{channel_id}/plan?done=taken_up"

    return _step(request, viewer, form, db, channel_id, work)


@router.post("/{channel_id}/open")
def open_channel(request: Request, viewer: SignedIn, form: Posted, db: Db, channel_id: Id) -> Response:
    """Make it active, if its plan is whole."""

    def work(session: Session) -> str:
        channel_register.open_channel(session, viewer.actor, channel_id)
        return f"/channels/{channel_id}?done=made_active"

    return _step(request, viewer, form, db, channel_id, work)


def _step(
    request: Request, viewer: Viewer, form: Form, db: Db, channel_id: int, work: Callable[[Session], str]
) -> Response:
    """A step, done once; where it is refused, the form again: with what was typed, if that was the form."""
    typed = form if "evidence" in form.values else None  # the plan's own form

    def again(session: Session, refusal: Refusal) -> Response:
        return _page(request, viewer, session, channel_id, typed, refusal, form.text("why"))

    return step(db, viewer, form, work, again)
