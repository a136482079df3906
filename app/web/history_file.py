"""History as a file for spreadsheets: read in parts, so that no page waits and no memory fills."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from app.dependencies.viewers import Viewer
from app.foundation.database import Database
from app.foundation.former import called
from app.foundation.i18n import N_, translations
from app.foundation.spreadsheets import CSV_TYPE, Cell, Sheet, csv_lines
from app.queries import history as questions
from app.queries import history_facts
from app.queries.history import EventRow, Wanted
from app.words import history as words
from app.words.history_facts import without_names

TYPE = CSV_TYPE
AT_ONCE = 1000
HEADS = (
    N_("Number"), N_("Time (UTC)"), N_("Local time"), N_("Who"), N_("Person’s number"), N_("Way"),
    N_("Kind"), N_("Name"), N_("Its number"), N_("Unit"), N_("What was done"), N_("From state"),
    N_("To state"), N_("Details"), N_("Seal’s place"), N_("Seal"),
)  # fmt: skip
StateWords = Callable[[str], Mapping[str, str]]


def pieces(db: Database, viewer: Viewer, wanted: Wanted, states: StateWords) -> Iterator[bytes]:
    """The bytes of the file, the latest event first. `states`: of a kind of thing, the word of each state."""
    say = translations(viewer.locale).gettext
    return csv_lines([Sheet("history", [say(head) for head in HEADS], _rows(db, viewer, wanted, states))])


def _rows(db: Database, viewer: Viewer, wanted: Wanted, states: StateWords) -> Iterator[list[Cell]]:
    scope, after = viewer.actor.scope, None
    while True:
        with db.reads() as session:
            rows = questions.events(session, scope, wanted, after=after, limit=AT_ONCE)
            names = questions.names(session, scope, rows)
            known = history_facts.known(session, scope, rows)
        for row in rows:
            facts = without_names(row.verb, row.facts, known, viewer.locale)
            yield _cells(row, names.get((row.thing, row.thing_id), ""), viewer, states, facts)
        if len(rows) < AT_ONCE:
            return
        after = rows[-1].at, rows[-1].id


def _cells(
    row: EventRow, name: str, viewer: Viewer, states: StateWords, facts: Mapping[str, Any]
) -> list[Cell]:
    say, locale = translations(viewer.locale).gettext, viewer.locale
    of_it = states(row.thing)
    old, new = (say(of_it.get(each, each)) if each else None for each in (row.old_state, row.new_state))
    written = json.dumps(facts, ensure_ascii=False, sort_keys=True) if facts else None
    return [
        row.id, f"{row.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
        row.at.astimezone(ZoneInfo(viewer.zone)).replace(tzinfo=None),
        words.who(row.person_id, row.person_name, row.via, locale), row.person_id, row.via,
        words.thing(row.thing, locale), called(name, locale) or None, row.thing_id, row.unit or None,
        words.verb(row.verb, locale), old, new, written, row.place, row.seal or None,
    ]  # fmt: skip
