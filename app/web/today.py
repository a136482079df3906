"""The first screen: what needs the viewer, what goes out next, what they have in work, and how to begin."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.dependencies.database import Configured, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.roles import Right
from app.foundation import clock
from app.foundation.database import AnyRow
from app.foundation.i18n import N_
from app.queries import posts, publications, tasks, today
from app.queries.publications import GOES_OUT, QueueFilter
from app.queries.today import Begun
from app.web.cards import Card, cards
from app.web.rendering import render

router = APIRouter()
MOST = 10
MORNING = N_("Good morning, %(name)s.")
DAY = N_("Hello, %(name)s.")
EVENING = N_("Good evening, %(name)s.")


@router.get("/")
def first_screen(request: Request, viewer: SignedIn, session: Reads, settings: Configured) -> Response:
    """The page."""
    scope, now = viewer.actor.scope, clock.now()
    deciding = scope.units_with(Right.APPROVE)
    to_review = posts.to_review(session, scope, deciding, MOST) if deciding else []
    mine = today.in_work(session, scope, viewer.person_id, MOST)
    waiting = _waiting(session, viewer, settings, now)
    by_hand = tasks.waiting(session, scope, viewer.person_id, MOST)
    review = [row for row in to_review if row.sender_id != viewer.person_id]
    changes = [row for row in mine if row.status == "changes_requested"]
    return render(
        request,
        "today/today.html",
        greeting=greeting(viewer.zone, now),
        name=viewer.name.split()[0],
        today=now,
        waiting=waiting,
        review=review,
        changes=changes,
        mine=[row for row in mine if row not in changes],
        by_hand=by_hand,
        needs=len(review) + len(changes) + len(by_hand) + sum(1 for card in waiting if card.acts),
        coming=_coming(session, viewer, {card.row.id for card in waiting} | {row.id for row in by_hand}),
        lately=today.lately(session, scope, 5),
        writes=bool(scope.units_with(Right.WRITE)),
        steps=next_steps(viewer, today.begun(session, scope)),
    )


def _waiting(session: Session, viewer: Viewer, settings: Configured, now: datetime) -> list[Card]:
    scope = viewer.actor.scope
    rows = [
        *publications.overdue(session, scope, now, MOST),
        *publications.waiting_for_person(session, scope, MOST),
    ]
    return cards(session, viewer, settings, rows[:MOST], now)


def _coming(session: Session, viewer: Viewer, shown: Collection[int]) -> list[AnyRow]:
    rows = publications.listed(session, viewer.actor.scope, QueueFilter(statuses=GOES_OUT), limit=2 * MOST)
    return [row for row in rows if row.id not in shown][:MOST]


def greeting(zone: str, now: datetime) -> str:
    """A marked greeting for the hour that it is in a zone."""
    hour = now.astimezone(ZoneInfo(zone)).hour
    if 4 <= hour < 11:
        return MORNING
    return DAY if 4 <= hour < 18 else EVENING


def next_steps(viewer: Viewer, begun: Begun) -> list[tuple[bool, str, str, str]]:
    """What a fresh library does first: (done, address, words, why); empty when all is done or not theirs."""
    scope = viewer.actor.scope
    steps = []
    if scope.units_with(Right.CHANNELS):
        why = N_("A practice page is enough to begin with; nothing on it reaches the public.")
        steps.append((begun.channels, "/channels/connect", N_("Connect a channel"), why))
    if scope.units_with(Right.PEOPLE):
        why = N_("Somebody else reads a post before it goes out.")
        steps.append((begun.people, "/people/new", N_("Add a person"), why))
    if scope.units_with(Right.WRITE):
        why = N_("Start with something small that happened today.")
        steps.append((begun.posts, "/posts/new", N_("Write the first post"), why))
    return [] if all(step[0] for step in steps) else steps
