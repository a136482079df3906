"""History: who did what to which thing, when."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query

from app.actions.inputs import ID_MOST
from app.api.paging import Listed, Paged
from app.api.shapes import Shape
from app.dependencies.database import Reads
from app.dependencies.viewers import ByToken
from app.queries import history as questions

router = APIRouter(prefix="/history", tags=["history"])
Thing = Annotated[str | None, Query(max_length=32, pattern="^[a-z_]+$")]
ThingId = Annotated[int | None, Query(ge=1, le=ID_MOST)]


class EventOut(Shape):
    """One event. Without a person it was the clock or the command line: `via` says which."""

    id: int
    at: datetime
    person_id: int | None
    person_name: str
    via: str
    thing: str
    thing_id: int
    unit_id: int | None
    verb: str
    old_state: str | None
    new_state: str | None
    facts: dict[str, Any]


@router.get("")
def listed(
    viewer: ByToken, session: Reads, page: Paged, thing: Thing = None, thing_id: ThingId = None
) -> Listed[EventOut]:
    """What happened in your units, the latest first; of one thing or of all."""
    rows = questions.events(
        session, viewer.actor.scope, thing, thing_id, before=page.number(), limit=page.limit + 1
    )
    return page.cut(rows, lambda row: row.id, EventOut.model_validate)
