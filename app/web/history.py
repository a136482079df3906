"""History: looking up who did what, when; and the same as a file."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.dependencies.database import Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Fault, Forbidden, Invalid
from app.domain.history_facts import Known
from app.domain.roles import Right
from app.foundation import clock
from app.foundation.database import read_id
from app.foundation.former import called
from app.foundation.i18n import N_, format_instant, translations
from app.queries import history as questions
from app.queries import history_facts as fact_questions
from app.queries import units
from app.queries.history import NOBODY, EventRow, Wanted
from app.web import history_file, labels, paging
from app.web.forms import said
from app.web.rendering import render
from app.words import history as words
from app.words import history_facts

router = APIRouter(prefix="/history")
PAGE = 50
MACHINE = "clock"
_PAGES = {"post": "/posts/", "publication": "/publications/", "channel": "/channels/",
          "person": "/people/", "unit": "/units/", "asset": "/pictures/", "idea": "/ideas/",
          "strategy": "/strategy/"}  # fmt: skip
_Word = Annotated[str, Query(max_length=40)]


@dataclass(frozen=True)
class Asked:
    """The words of an address, not judged yet. `since`, `to`: days in the reader's zone, both included."""

    thing: str = ""
    id: str = ""
    person: str = ""
    verb: str = ""
    unit: str = ""
    since: str = ""
    to: str = ""
    words: str = ""

    def address(self, path: str = "/history", **more: object) -> str:
        """The same questions at a path."""
        asked = {**vars(self), "from": self.since, "since": ""}
        return paging.address(path, **asked, **more)


def _asked(
    thing: _Word = "", id: _Word = "", person: _Word = "", verb: _Word = "", unit: _Word = "",  # noqa: A002
    since: Annotated[str, Query(alias="from", max_length=40)] = "", to: _Word = "",
    words: Annotated[str, Query(max_length=200)] = "",
) -> Asked:  # fmt: skip
    return Asked(thing, id, person, verb, unit, since, to, words.replace("\x00", "").strip())


Choice = Annotated[Asked, Depends(_asked)]


@dataclass(frozen=True)
class Line:
    """One event as the page shows it. `address`: of the thing's page, or ""."""

    at: str
    who: str
    kind: str
    name: str
    address: str
    all: str
    verb: str
    states: str
    details: str
    unit: str


@router.get("")
def listed(request: Request, viewer: SignedIn, session: Reads, asked: Choice, after: str = "") -> Response:
    """What happened, the latest first, narrowed to what is asked."""
    wanted, refusal = _wanted(asked, viewer)
    rows = [] if refusal else questions.events(
        session, viewer.actor.scope, wanted, after=paging.place(after), limit=PAGE + 1
    )  # fmt: skip
    more = paging.mark(rows[PAGE - 1].at, rows[PAGE - 1].id) if len(rows) > PAGE else ""
    return render(
        request,
        "history/history.html",
        refusal.status if refusal else 200,
        lines=_lines(session, viewer, rows[:PAGE], asked),
        asked=asked,
        narrowed=asked != Asked(),
        errors=said(request, refusal),
        things=words.things(viewer.locale),
        verbs=words.verbs(viewer.locale, asked.verb if wanted.verb else ""),
        people=_people(session, viewer),
        units=units.names(session, viewer.actor.scope, Right.HISTORY, viewer.locale),
        file=asked.address("/history/file.csv"),
        first=asked.address() if after else None,
        next=asked.address(after=more) if more else None,
    )


@router.get("/file.csv")
def file(viewer: SignedIn, db: Db, asked: Choice) -> Response:
    """All of it as a table for spreadsheets."""
    wanted, refusal = _wanted(asked, viewer)
    if refusal:
        raise refusal
    name = f"kuliss-history-{clock.now():%Y%m%d-%H%M%S}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    pieces: Iterator[bytes] = history_file.pieces(db, viewer, wanted, state_words)
    return StreamingResponse(pieces, media_type=history_file.TYPE, headers=headers)


def _wanted(asked: Asked, viewer: Viewer) -> tuple[Wanted, Invalid | None]:
    """What is asked, and what is wrong with it. Raises Forbidden for whoever may not look things up."""
    wanted = Wanted(
        thing=asked.thing if asked.thing.isidentifier() else None,
        thing_id=_number(asked.id),
        person_id=NOBODY if asked.person == MACHINE else _number(asked.person),
        verb=asked.verb if asked.verb.isidentifier() else None,
        unit_id=_number(asked.unit),
        words=asked.words,
    )
    if not wanted.one_thing and not viewer.actor.scope.units_with(Right.HISTORY):
        raise Forbidden("not_allowed")
    faults: list[Fault] = []
    since = _day(asked.since, "from", faults)
    to = _day(asked.to, "to", faults)
    if since and to and to < since:
        faults.append(Fault("period_backwards", "to"))
    if asked.id and wanted.thing_id is None:
        faults.append(Fault("not_a_number", "id"))
    if asked.person and wanted.person_id is None:
        faults.append(Fault("not_in_list", "person"))
    if asked.unit and wanted.unit_id is None:
        faults.append(Fault("not_in_list", "unit"))
    if faults:
        return wanted, Invalid.of(faults)
    begin, end = _midnight(since, viewer.zone), _midnight(to and to + timedelta(days=1), viewer.zone)
    return replace(wanted, from_at=begin, to_at=end), None


def _number(text: str) -> int | None:
    return read_id(text)


def _day(text: str, field: str, faults: list[Fault]) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        day = None
    if text and (day is None or not 2000 <= day.year < 9999):
        faults.append(Fault("not_a_day", field))
        return None
    return day


def _midnight(day: date | None, zone: str) -> datetime | None:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC) if day else None


def _people(session: Session, viewer: Viewer) -> list[tuple[str, str]]:
    say = translations(viewer.locale).gettext
    named = [(str(id_), name) for id_, name in questions.people(session, viewer.actor.scope, viewer.locale)]
    return [("", say(N_("All"))), (MACHINE, say(N_("Kuliss itself"))), *named]


def _lines(session: Session, viewer: Viewer, rows: list[EventRow], asked: Asked) -> list[Line]:
    scope = viewer.actor.scope
    names, known = questions.names(session, scope, rows), fact_questions.known(session, scope, rows)
    return [_line(row, names.get((row.thing, row.thing_id), ""), viewer, asked, known) for row in rows]


def _line(row: EventRow, name: str, viewer: Viewer, asked: Asked, known: Known) -> Line:
    locale = viewer.locale
    same = asked.thing == row.thing and asked.id == str(row.thing_id)
    return Line(
        at=format_instant(row.at, viewer.zone, locale, "long seconds"),
        who=words.who(row.person_id, row.person_name, row.via, locale),
        kind=words.thing(row.thing, locale),
        name=called(name, locale) or str(row.thing_id),
        address=f"{_PAGES[row.thing]}{row.thing_id}" if name and row.thing in _PAGES else "",
        all="" if same else paging.address("/history", thing=row.thing, id=row.thing_id),
        verb=words.verb(row.verb, locale),
        states=words.states(row.old_state, row.new_state, state_words(row.thing), locale),
        details=words.details(
            history_facts.without_names(row.verb, row.facts, known, locale), viewer.zone, locale, known
        ),
        unit=row.unit,
    )


@cache
def state_words(thing: str) -> dict[str, str]:
    """The word of every state that a thing of this kind can be in."""
    # A post has its own statuses and those of where it goes; a channel is "planned" in another sense.
    tables: tuple[dict[str, Any], ...] = (labels.POSTS, labels.PUBLICATIONS)
    if thing == "channel":
        tables = (labels.CHANNELS,)
    return {state: label.word for table in tables for state, label in table.items()}
