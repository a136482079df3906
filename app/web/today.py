"""The first screen: what is the matter, what needs the viewer, what goes out next, and how to begin."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.dependencies.database import Configured, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.roles import Right
from app.domain.warnings import Code, Severity
from app.foundation import clock
from app.foundation.database import AnyRow
from app.foundation.i18n import N_
from app.foundation.mail import postman_of
from app.queries import hand_overs, ideas, posts, publications, stand_ins, tasks, today, warnings
from app.queries.ideas import Wanted
from app.queries.publications import GOES_OUT, QueueFilter
from app.queries.today import Begun
from app.queries.warnings import Lit
from app.web.cards import Card, cards
from app.web.rendering import render
from app.words import warnings as words
from app.words.duties import counted
from app.words.statuses import is_overdue

router = APIRouter()
MOST = 10
OWN_IDEAS = 5
NOW = Severity.NOW
MORNING = N_("Good morning, %(name)s.")
DAY = N_("Hello, %(name)s.")
EVENING = N_("Good evening, %(name)s.")


@router.get("/")
def first_screen(request: Request, viewer: SignedIn, session: Reads, settings: Configured) -> Response:
    """The page."""
    scope, now = viewer.actor.scope, clock.now()
    answers = scope.units_with(Right.APPROVE) or scope.units_with(Right.WRITE)
    to_review = posts.to_review(session, scope, viewer.person_id, MOST) if answers else []
    begun = today.begun(session, scope, viewer.person_id, now)
    absent = (duties := _duties(session, viewer, begun, now))["absent"]
    writes = bool(scope.units_with(Right.WRITE))
    mine = today.in_work(session, scope, viewer.person_id, MOST, absent) if writes or absent else []
    going = publications.listed(session, scope, QueueFilter(statuses=GOES_OUT), limit=3 * MOST)
    waiting = _waiting(session, viewer, settings, now, going)
    by_hand = tasks.waiting(session, scope, viewer.person_id, MOST, absent)
    review = [row for row in to_review if row.sender_id != viewer.person_id]
    changes = [row for row in mine if row.status == "changes_requested"]
    lit = lights(session, viewer, now)
    return render(
        request,
        "today/today.html",
        greeting=greeting(viewer.zone, now),
        name=viewer.name.split()[0],
        today=now,
        waiting=waiting,
        review=review,
        changes=changes,
        mine=[row for row in mine if row not in changes and row.author_id not in absent],
        **duties,
        by_hand=by_hand,
        needs=len(review) + len(changes) + len(by_hand) + sum(1 for card in waiting if card.acts),
        coming=_coming(going, {card.row.id for card in waiting} | {row.id for row in by_hand}),
        lately=today.lately(session, scope, 5),
        found=begun.found,
        ideas=begun.ideas,
        own_ideas=_own_ideas(session, viewer, now),
        lights=lit,
        burning=sum(1 for one, _ in lit if _burns(one)),
        told=_is_told(viewer),
        mute=postman_of(settings) is None,
        writes=writes,
        steps=next_steps(viewer, begun),
    )


def _own_ideas(session: Session, viewer: Viewer, now: datetime) -> list[tuple[AnyRow, list[AnyRow]]] | None:
    """The latest ideas of somebody who writes no posts, each with what it became; None for who does."""
    scope = viewer.actor.scope
    if scope.units_with(Right.WRITE) or not scope.units_with(Right.SUGGEST):
        return None
    rows = ideas.listed(session, scope, Wanted(of=viewer.person_id), now, limit=OWN_IDEAS)
    became = ideas.posts_of(session, scope, [row.id for row in rows])
    return [(row, became[row.id]) for row in rows]


def _burns(light: Lit) -> bool:
    """Whether the viewer must do something about it now; posts without a yes are counted elsewhere."""
    return light.acts and light.severity == NOW and light.code != Code.UNAPPROVED


def _is_told(viewer: Viewer) -> bool:
    scope = viewer.actor.scope
    return bool(scope.units_with(Right.SCHEDULE) or scope.units_with(Right.CHANNELS))


def _duties(session: Session, viewer: Viewer, begun: Begun, now: datetime) -> dict[str, Any]:
    """For whom the viewer stands in (`covers`, and their names by id), and what came and is not noted yet."""
    scope, me = viewer.actor.scope, viewer.person_id
    covers = stand_ins.covered_by(session, scope, me, now) if begun.covers else []
    came = hand_overs.waiting(session, scope, me) if begun.came else ()
    return {
        "covers": covers,
        "absent": {one.person_id: one.person for one in covers},
        "came": [(one, counted(one.counts, viewer.locale)) for one in came],
    }


def _waiting(
    session: Session, viewer: Viewer, settings: Configured, now: datetime, going: Sequence[AnyRow]
) -> list[Card]:
    """Due and not settled first, which stand at the head of what goes out; then what waits for a person."""
    late = [row for row in going if is_overdue(row, now)]
    rows = [*late, *publications.waiting_for_person(session, viewer.actor.scope, MOST)]
    return cards(session, viewer, settings, rows[:MOST], now)


def _coming(going: Sequence[AnyRow], shown: Collection[int]) -> list[AnyRow]:
    return [row for row in going if row.id not in shown][:MOST]


def lights(session: Session, viewer: Viewer, now: datetime) -> list[tuple[Lit, words.Said]]:
    """What is the matter with channels, posts without a yes and the installation, in words.

    Posts that are not settled stand among what needs the viewer.
    """
    found = warnings.listed(session, viewer.actor.scope, viewer.person_id, now, stuck=False)
    return [(one, words.said(one, viewer.locale, viewer.zone, now, one.acts)) for one in found]


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
