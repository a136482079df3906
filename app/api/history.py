"""History: who did what to which thing, when."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query

from app.actions.inputs import ID_MOST
from app.api.paging import Listed, Paged
from app.api.routing import api_router
from app.api.shapes import GivenInstant, Shape
from app.dependencies.database import Reads
from app.dependencies.viewers import ByToken
from app.domain.errors import Forbidden
from app.domain.history_facts import Known
from app.domain.roles import Right
from app.queries import history as questions
from app.queries import history_facts
from app.words.history_facts import without_names

router = api_router(prefix="/history", tags=["history"])
_Word = Query(max_length=40, pattern="^[a-z_]+$")
_Id = Query(ge=1, le=ID_MOST)


class EventOut(Shape):
    """One event. Without a person it was the clock or the command line: `via` says which.

    `seal` is of the event and of the seal before it, `place` counts the seals; null and "" for some seconds.
    """

    id: int
    at: datetime
    person_id: int | None
    person_name: str
    via: str
    thing: str
    thing_id: int
    unit_id: int | None
    unit: str
    verb: str
    old_state: str | None
    new_state: str | None
    facts: dict[str, Any]
    place: int | None
    seal: str


def _wanted(
    thing: Annotated[str | None, Query(max_length=32, pattern="^[a-z_]+$")] = None,
    thing_id: Annotated[int | None, _Id] = None,
    person: Annotated[int | None, Query(ge=0, le=ID_MOST, description="0: what no person did.")] = None,
    verb: Annotated[str | None, _Word] = None,
    unit: Annotated[int | None, _Id] = None,
    since: Annotated[GivenInstant | None, Query(alias="from", description="Then or later.")] = None,
    to: Annotated[GivenInstant | None, Query(description="Before.")] = None,
    words: Annotated[str, Query(alias="q", max_length=200, description="A part of the thing's name.")] = "",
) -> questions.Wanted:
    return questions.Wanted(thing, thing_id, person, verb, unit, since, to, words.replace("\x00", ""))


@router.get("")
def listed(
    viewer: ByToken, session: Reads, page: Paged, wanted: Annotated[questions.Wanted, Depends(_wanted)]
) -> Listed[EventOut]:
    """What happened, the latest first: to one thing, or to all for those who manage a unit."""
    scope = viewer.actor.scope
    if not wanted.one_thing and not scope.units_with(Right.HISTORY):
        raise Forbidden("not_allowed")
    rows = questions.events(session, scope, wanted, after=page.moment(), limit=page.limit + 1)
    known = history_facts.known(session, scope, rows)
    return page.cut(rows, lambda row: (row.at, row.id), lambda row: _shown(row, known))


def _shown(row: questions.EventRow, known: Known) -> EventOut:
    shown = EventOut.model_validate(row)
    return shown.model_copy(update={"facts": without_names(row.verb, row.facts, known)})
