"""The queue: what waits for a person, and what goes out next."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.dependencies.database import Configured, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.publications import NEEDS_PERSON, Status
from app.domain.roles import Right
from app.foundation import clock
from app.foundation.database import read_id
from app.queries import channels, tasks, units
from app.queries import publications as questions
from app.queries.publications import GOES_OUT, QueueFilter
from app.web import paging
from app.web.cards import cards, spans
from app.web.labels import PUBLICATIONS
from app.web.rendering import render

router = APIRouter()
A_PAGE = 40
MOST_CARDS = 30
CHOICE = [status for status in Status if status in GOES_OUT | NEEDS_PERSON]


@router.get("/queue")
def queue(
    request: Request,
    viewer: SignedIn,
    session: Reads,
    settings: Configured,
    unit: Annotated[str, Query(max_length=20)] = "",
    channel: Annotated[str, Query(max_length=20)] = "",
    status: Annotated[str, Query(max_length=20)] = "",
    after: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """The page; what the address can't mean is not narrowed by."""
    scope, now = viewer.actor.scope, clock.now()
    wanted = QueueFilter(unit_id=_number(unit), channel_id=_number(channel))
    only = next((one for one in CHOICE if one == status), None)
    cursor = paging.place(after)
    waiting = _waiting(session, viewer, wanted, only, now) if cursor is None else []
    coming = _coming(session, viewer, wanted, only, cursor)
    told = questions.counts(session, scope)
    plans = scope.units_with(Right.SCHEDULE)
    shown = [*waiting, *coming[:A_PAGE]]
    return render(
        request,
        "queue/queue.html",
        waiting=cards(session, viewer, settings, waiting, now),
        coming=coming[:A_PAGE],
        tasks=_tasks(session, viewer, wanted, only, cursor is None),
        plans=plans,
        here_ids=[row.id for row in shown if row.unit_id in plans],
        needing=sum(told.get(one, 0) for one in NEEDS_PERSON),
        going=sum(told.get(one, 0) for one in GOES_OUT),
        units=units.names(session, scope, Right.SEE, viewer.locale),
        channels=[(row.id, row.name) for row in channels.listed(session, scope)],
        statuses=[(one.value, PUBLICATIONS[one].word) for one in CHOICE],
        chosen={"unit": wanted.unit_id or "", "channel": wanted.channel_id or "", "status": only or ""},
        first_page=cursor is None,
        more=_next(request, coming),
        span=spans(viewer),
        asks=only is None or only in NEEDS_PERSON,
        goes=only is None or only in GOES_OUT,
    )


def _waiting(
    session: Session, viewer: Viewer, wanted: QueueFilter, only: Status | None, now: datetime
) -> Sequence[Any]:
    """What needs a person; and first what should have been settled by itself and was not."""
    scope = viewer.actor.scope
    if only and only not in NEEDS_PERSON:
        return []
    late = [] if only else [row for row in questions.overdue(session, scope, now) if _fits(row, wanted)]
    statuses = [only] if only else NEEDS_PERSON
    return [
        *late,
        *questions.listed(session, scope, replace(wanted, statuses=statuses), limit=MOST_CARDS),
    ]


def _tasks(
    session: Session, viewer: Viewer, wanted: QueueFilter, only: Status | None, first_page: bool
) -> Sequence[Any]:
    """What a person must do at a network itself with posts that are out; it stands in no other list."""
    if only or not first_page:
        return []
    rows = tasks.waiting(session, viewer.actor.scope, viewer.person_id, MOST_CARDS)
    return [row for row in rows if row.wish and _fits(row, wanted)]


def _fits(row: Any, wanted: QueueFilter) -> bool:
    return wanted.unit_id in (None, row.unit_id) and wanted.channel_id in (None, row.channel_id)


def _coming(
    session: Session,
    viewer: Viewer,
    wanted: QueueFilter,
    only: Status | None,
    cursor: tuple[datetime, int] | None,
) -> Sequence[Any]:
    if only and only not in GOES_OUT:
        return []
    statuses = [only] if only else GOES_OUT
    narrowed = replace(wanted, statuses=statuses)
    return questions.listed(session, viewer.actor.scope, narrowed, cursor, A_PAGE + 1)


def _next(request: Request, rows: Sequence[Any]) -> str:
    """The address of the next page, or an empty text after the last."""
    if len(rows) <= A_PAGE:
        return ""
    last = rows[A_PAGE - 1]
    kept = {
        name: value for name, value in request.query_params.items() if name in ("unit", "channel", "status")
    }
    return paging.address("/queue", **kept, after=paging.mark(last.due_at, last.id))


def _number(text: str) -> int | None:
    return read_id(text)
