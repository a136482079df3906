"""What the calendar says after a post was moved, and the way back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request

from app.dependencies.viewers import Viewer
from app.domain import timing
from app.domain.errors import Invalid, NotFound
from app.domain.publications import MAY_CHANGE_TIME
from app.domain.roles import Right
from app.foundation.database import is_id
from app.queries import publications
from app.web import paging

_STAMP = "%Y%m%dT%H%M%S"


@dataclass(frozen=True)
class Flash:
    """A post that was just moved. `was`: its wall time before, None when it can't be put back there."""

    row: Any
    was: datetime | None
    fold: int
    undone: bool


def address(page: str, publication_id: int, was: datetime, fold: int, *, undone: bool = False) -> str:
    """The calendar page to go on to after a move, which will say so."""
    more = {"moved": publication_id, "was": was.strftime(_STAMP) + ("b" if fold else "")}
    joined = paging.address("", **more, undone="1" if undone else "")
    return f"{page}{'&' + joined[1:] if '?' in page else joined}"


def flash(request: Request, viewer: Viewer, session: Session, now: datetime) -> Flash | None:
    """What the address says was moved; None when it says nothing, or nothing that this person may see."""
    asked = request.query_params
    number = asked.get("moved", "")
    if not (number.isascii() and number.isdigit() and is_id(int(number[:12]))):
        return None
    try:
        row = publications.row(session, viewer.actor.scope, int(number[:12]))
    except NotFound:
        return None
    undone = asked.get("undone") == "1"
    stamp = asked.get("was", "")
    fold = int(stamp.endswith("b"))
    back = None if undone else _back(stamp.removesuffix("b"), fold, row, now)
    may = row.status in MAY_CHANGE_TIME and viewer.actor.scope.may(Right.SCHEDULE, row.unit_id)
    return Flash(row, back if may else None, fold, undone)


def _back(stamp: str, fold: int, row: Any, now: datetime) -> datetime | None:
    """The time before, if it is still to come."""
    try:
        was = datetime.strptime(stamp, _STAMP)  # noqa: DTZ007 - a wall time
        ahead = timing.to_instant(was, row.zone, fold) > now
    except (ValueError, Invalid):
        return None
    return was if ahead and was != row.local_due else None
