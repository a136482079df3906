"""The register of channels, who does what where, the library's accounts, and the privacy notice's list."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.connectors import registry
from app.dependencies.database import Configured, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.channel_register import Matter
from app.domain.networks import ChannelState
from app.domain.roles import Right
from app.domain.slots import Promise
from app.foundation import clock
from app.foundation.i18n import LOCALES
from app.queries import channel_register as questions
from app.queries import units
from app.queries.channel_register import Entry, Found
from app.web.rendering import render
from app.words import channel_notice
from app.words import channel_register as words
from app.words.slots import promised

router = APIRouter(prefix="/channels")
_Word = Annotated[str, Query(max_length=12)]


@router.get("/register")
def register(request: Request, viewer: SignedIn, session: Reads, unit: _Word = "") -> Response:
    """Every channel with its plan, and what is due; by what became of each."""
    scope = viewer.actor.scope
    choices, chosen = _units(session, viewer, unit)
    found = questions.entries(session, scope, chosen)
    shelves = _shelves(found)
    return render(
        request,
        "channels/register.html",
        shelves=shelves,
        due=[
            (one, [(due, _said(due, viewer)) for due in one.matters])
            for one in found
            if one.matters and one.row.unit_id in scope.units
        ],
        silent=lambda one: next((_said(due, viewer) for due in one.matters if due.kind is Matter.SILENT), ""),
        address=words.address,
        lacking=lambda one: words.lacking(one.lacks, viewer.locale),
        **_told(viewer),
        units=choices,
        chosen=chosen,
        mine=scope.units,
        looks_after=scope.units_with(Right.CHANNELS),
    )


def _said(due: Found, viewer: Viewer) -> str:
    return words.matter(due.kind, due.count, due.days, viewer.locale)


def _shelves(found: Sequence[Entry]) -> dict[str, list[Entry]]:
    """By what became of them; those that were turned down apart from those that are considered."""
    shelves: dict[str, list[Entry]] = {"used": [], "planned": [], "turned_down": [], "closed": []}
    for one in found:
        if one.row.state is ChannelState.PLANNED:
            shelves["turned_down" if one.row.turned_down_on else "planned"].append(one)
        else:
            shelves["closed" if one.row.state is ChannelState.CLOSED else "used"].append(one)
    return shelves


def _units(session: Session, viewer: Viewer, unit: str) -> tuple[list[tuple[int, str]], int | None]:
    """The units to choose from, and the chosen one."""
    choices = units.names(session, viewer.actor.scope, locale=viewer.locale)
    return choices, next((unit_id for unit_id, _ in choices if str(unit_id) == unit), None)


def _told(viewer: Viewer) -> dict[str, Any]:
    """How entries are told in a table."""

    def network(row: Any) -> str:
        label = registry.network(row.network).profile.label
        return words.network(row.network, row.service or "", label, viewer.locale)

    def rhythm(row: Any) -> str:
        promise = Promise(row.at_least, row.at_most) if row.at_least is not None else None
        return promised(promise, viewer.locale)

    return {
        "on": lambda when: words.on(when, viewer.zone, viewer.locale),
        "network_name": network,
        "rhythm": rhythm,
        "purposes": lambda row: words.purposes(row.purposes or (), row.purpose or "", viewer.locale),
    }


@router.get("/who")
def who(request: Request, viewer: SignedIn, session: Reads, unit: _Word = "") -> Response:
    """Who does what where: people and channels in one table, for paper."""
    choices, chosen = _units(session, viewer, unit)
    found = questions.entries(session, viewer.actor.scope, chosen)
    used = [one for one in found if one.row.state in (ChannelState.ACTIVE, ChannelState.DORMANT)]
    return render(
        request,
        "channels/who.html",
        entries=used,
        people=_loads(used),
        hours=sum(one.row.hours_a_week or 0 for one in used),
        **_told(viewer),
        units=choices,
        chosen=chosen,
        now=clock.now(),
    )


def _loads(found: Sequence[Entry]) -> list[tuple[str, list[str], list[str], float]]:
    """Each person with the channels that they own and those that they deputise for, and the owned hours."""
    loads: dict[int, tuple[str, list[str], list[str], list[float]]] = {}
    for one in found:
        row = one.row
        if row.owner_id:
            mine = loads.setdefault(row.owner_id, (row.owner, [], [], []))
            mine[1].append(row.name)
            mine[3].append(row.hours_a_week or 0)
        if row.deputy_id:
            loads.setdefault(row.deputy_id, (row.deputy, [], [], []))[2].append(row.name)
    told = [(name, owns, stands_in, sum(hours)) for name, owns, stands_in, hours in loads.values()]
    return sorted(told, key=lambda load: load[0].casefold())


@router.get("/accounts")
def accounts(
    request: Request, viewer: SignedIn, session: Reads, settings: Configured, unit: _Word = ""
) -> Response:
    """The library's accounts, as they may be told to anybody."""
    choices, chosen = _units(session, viewer, unit)
    return render(
        request,
        "channels/accounts.html",
        accounts=[
            channel_notice.account(one.row, settings, viewer.locale)
            for one in questions.in_use(session, viewer.actor.scope, chosen)
        ],
        language=lambda code: words.language(code, viewer.locale),
        units=choices,
        chosen=chosen,
    )


@router.get("/privacy-notice")
def privacy_notice(
    request: Request, viewer: SignedIn, session: Reads, settings: Configured, unit: _Word = ""
) -> Response:
    """The channel list of a privacy notice, ready to copy in each language."""
    choices, chosen = _units(session, viewer, unit)
    unit_id = chosen or (choices[0][0] if choices else None)
    found = questions.in_use(session, viewer.actor.scope, unit_id)
    name = dict(choices).get(unit_id or 0, "")
    texts = []
    for locale in LOCALES:
        told = [channel_notice.account(one.row, settings, locale) for one in found]
        texts.append((locale, channel_notice.text(name, told, locale)))
    return render(
        request,
        "channels/privacy_notice.html",
        texts=texts,
        count=len(found),
        units=choices,
        chosen=unit_id,
    )
