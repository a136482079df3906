"""The first screen: what is the matter, what needs the viewer, what goes out next, and how to begin.

By role: whoever sends ideas sees what became of them; whoever writes or approves what waits for them, the
week and the mix; whoever coordinates what is due on channels; whoever manages the circles and the questions.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.dependencies.database import Configured, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.publications import NEEDS_PERSON, OUT
from app.domain.roles import Right, Role
from app.domain.warnings import Code, Severity
from app.errands import backups
from app.foundation import clock
from app.foundation.database import AnyRow
from app.foundation.i18n import N_
from app.foundation.mail import postman_of
from app.queries import (
    channel_register,
    hand_overs,
    ideas,
    posts,
    publications,
    stand_ins,
    strategies,
    tasks,
    today,
    today_month,
    warnings,
)
from app.queries.ideas import Wanted
from app.queries.today import Begun
from app.queries.warnings import Lit
from app.web import today_back
from app.web.cards import Card, card, cards
from app.web.rendering import render
from app.web.today_lamps import lamps
from app.words import channel_register as register_words
from app.words import warnings as words
from app.words.duties import counted
from app.words.statuses import is_overdue

router = APIRouter()
MOST = 10
OWN_IDEAS = 5
NEW_PERSON = "/people/new"
NOW = Severity.NOW
MORNING = N_("Good morning, %(name)s.")
DAY = N_("Hello, %(name)s.")
EVENING = N_("Good evening, %(name)s.")


@dataclass(frozen=True)
class Parts:
    """What of the screen is somebody's, by their roles.

    `back`: the circles and the questions stand on it; whoever plans posts too has them a link away, because
    one calm screen is more than all of them.
    """

    writes: bool
    approves: bool
    schedules: bool
    coordinates: bool
    manages: bool

    @classmethod
    def of(cls, viewer: Viewer) -> "Parts":
        """Those of a viewer."""
        scope = viewer.actor.scope
        return cls(
            writes=bool(scope.units_with(Right.WRITE)),
            approves=bool(scope.units_with(Right.APPROVE)),
            schedules=bool(scope.units_with(Right.SCHEDULE)),
            coordinates=bool(scope.units_with(Right.CHANNELS)),
            manages=any(Role.MANAGER in roles for roles in scope.roles.values()),
        )

    @property
    def back(self) -> bool:
        """Whether the circles and the questions stand on the first screen itself."""
        return self.manages and not self.schedules


@router.get("/")
def first_screen(request: Request, viewer: SignedIn, session: Reads, settings: Configured) -> Response:
    """The page."""
    scope, now, parts = viewer.actor.scope, clock.now(), Parts.of(viewer)
    begun = today.begun(session, scope, viewer.person_id, now, viewer.zone)
    duties = _duties(session, viewer, begun, now)
    needed = _needed(session, viewer, settings, parts, duties["absent"], now, alone=not begun.people)
    lit = lights(session, viewer, now)
    out = needed["lately"][0].published_at if needed["lately"] else None
    told = parts.schedules or parts.coordinates
    raw, backed_up = [one for one, _ in lit], backups.last_in(settings.data_dir)
    return render(
        request,
        "today/today.html",
        greeting=greeting(viewer.zone, now),
        name=viewer.name.split()[0],
        today=now,
        parts=parts,
        **duties,
        **needed,
        found=begun.found,
        ideas=begun.ideas,
        begun=begun,
        **_own_ideas(session, viewer, parts, now),
        sends=bool(scope.units_with(Right.SUGGEST)),
        lights=lit,
        burning=sum(1 for one in raw if _burns(one)),
        lamps=lamps(viewer, begun, raw, out, backed_up, now) if told else [],
        mute=postman_of(settings) is None,
        writes=parts.writes,
        steps=next_steps(viewer, begun),
        **_weeks(session, viewer, parts, begun, now, calm=not needed["waiting"]),
    )


def _needed(
    session: Session,
    viewer: Viewer,
    settings: Configured,
    parts: Parts,
    absent: Collection[int],
    now: datetime,
    *,
    alone: bool,
) -> dict[str, Any]:
    """What waits for the viewer, what they have in work, what goes out next and what was out last.

    `alone`: nobody else works there, so their own posts wait for their own yes.
    """
    scope, me = viewer.actor.scope, viewer.person_id
    answers = parts.approves or parts.writes
    seen = publications.at_a_glance(session, scope, MOST, 3 * MOST, 5)
    going = sorted((row for row in seen if row.status not in NEEDS_PERSON | OUT), key=_in_time)
    stuck = sorted((row for row in seen if row.status in NEEDS_PERSON), key=_in_time)
    waiting = _waiting(session, viewer, settings, parts, [*_late(going, now), *stuck], now)
    to_review = posts.to_review(session, scope, me, MOST) if answers else []
    mine = today.in_work(session, scope, me, MOST, absent) if parts.writes or absent else []
    by_hand = tasks.waiting(session, scope, me, MOST, absent)
    review = [row for row in to_review if row.sender_id != me or (alone and parts.approves)]
    changes = [row for row in mine if row.status == "changes_requested"]
    lately = [row for row in seen if row.status in OUT]
    return {
        "waiting": waiting,
        "review": review,
        "changes": changes,
        "mine": [row for row in mine if row not in changes and row.author_id not in absent],
        "by_hand": by_hand,
        "needs": len(review) + len(changes) + len(by_hand) + sum(1 for one in waiting if one.acts),
        "coming": _coming(going, {one.row.id for one in waiting} | {row.id for row in by_hand}),
        "lately": sorted(lately, key=lambda row: (row.published_at, row.id), reverse=True),
    }


def _in_time(row: AnyRow) -> tuple[datetime, int]:
    return row.due_at, row.id


def _late(going: Sequence[AnyRow], now: datetime) -> list[AnyRow]:
    return [row for row in going if is_overdue(row, now)]


def _waiting(
    session: Session,
    viewer: Viewer,
    settings: Configured,
    parts: Parts,
    rows: Sequence[AnyRow],
    now: datetime,
) -> list[Card]:
    """Due and not settled first, then what waits for a person. Who can do nothing about it sees that it
    waits; why it is held is asked for the others alone."""
    shown = rows[:MOST]
    if not shown:
        return []
    if parts.schedules:
        return cards(session, viewer, settings, shown, now)
    return [card(viewer, settings, row, (), now) for row in shown]


def _weeks(
    session: Session, viewer: Viewer, parts: Parts, begun: Begun, now: datetime, calm: bool
) -> dict[str, Any]:
    """This week on each channel, what is due on channels, and looking back.

    Where somebody has to act on posts now, what is due on channels waits until that is done.
    """
    scope, locale = viewer.actor.scope, viewer.locale
    nothing: dict[str, Any] = {
        "months": [],
        "whole": None,
        "matters": [],
        "circles": None,
        "questions": None,
        "overdue": None,
    }
    if not begun.home or not (parts.schedules or parts.coordinates or parts.manages):
        return nothing
    strategy = strategies.in_force(session, scope, begun.home, now, lists=False)
    months = today_month.months(session, scope, now, viewer.zone, strategy.target)
    there = now.astimezone(ZoneInfo(viewer.zone)).date()
    found: dict[str, Any] = {
        "months": [today_back.month(one, locale) for one in months],
        "whole": today_back.whole(months, locale),
        "overdue": strategy.review_on if strategy.is_overdue(there) else None,
    }
    if parts.back:
        entries = channel_register.entries(session, scope)
        found["circles"] = today_back.circles(session, viewer, now, strategy, months, entries)
        found["questions"] = today_back.questions(session, viewer, begun.home, now)
    if parts.coordinates and (calm or not parts.schedules):
        due = channel_register.matters(session, scope)
        found["matters"] = [
            (one, register_words.matter(one.kind, one.count, one.days, locale),
             register_words.address(one.kind, one.channel_id))
            for one in due[:MOST]
        ]  # fmt: skip
    return {**nothing, **found}


def _own_ideas(session: Session, viewer: Viewer, parts: Parts, now: datetime) -> dict[str, Any]:
    """The latest ideas of somebody who writes no posts, each with what it became, None for who does; and
    those for which they are thanked, because something of them was published lately."""
    scope = viewer.actor.scope
    if parts.back or parts.writes or not scope.units_with(Right.SUGGEST):
        return {"own_ideas": None, "thanks": ()}
    rows = ideas.listed(session, scope, Wanted(of=viewer.person_id), now, limit=OWN_IDEAS)
    became = ideas.posts_of(session, scope, [row.id for row in rows])
    thanks = ideas.thanks(session, scope, viewer.person_id, now) if rows else ()
    return {"own_ideas": [(row, became[row.id]) for row in rows], "thanks": thanks}


def _burns(light: Lit) -> bool:
    """Whether the viewer must do something about it now; posts without a yes are counted elsewhere."""
    return light.acts and light.severity == NOW and light.code != Code.UNAPPROVED


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


def _coming(going: Sequence[AnyRow], shown: Collection[int]) -> list[AnyRow]:
    return [row for row in going if row.id not in shown][:MOST]


def lights(session: Session, viewer: Viewer, now: datetime) -> list[tuple[Lit, words.Said]]:
    """What is the matter with channels, posts without a yes and the installation, in words.

    Posts that are not settled stand among what needs the viewer, a strategy beside what is due on channels.
    """
    found = warnings.listed(session, viewer.actor.scope, viewer.person_id, now, whole=False)
    return [(one, words.said(one, viewer.locale, viewer.zone, now, one.acts)) for one in found]


def greeting(zone: str, now: datetime) -> str:
    """A marked greeting for the hour that it is in a zone."""
    hour = now.astimezone(ZoneInfo(zone)).hour
    if 4 <= hour < 11:
        return MORNING
    return DAY if 4 <= hour < 18 else EVENING


def next_steps(viewer: Viewer, begun: Begun) -> list[tuple[bool, str, str, str]]:
    """What a fresh library does first: (done, address, words, why); empty when all is done or not theirs.

    Who writes and approves, and has begun, may work alone for good: a second person is offered, not owed.
    """
    scope = viewer.actor.scope
    alone = begun.posts and bool(scope.units_with(Right.WRITE) and scope.units_with(Right.APPROVE))
    steps = []
    if scope.units_with(Right.CHANNELS):
        why = N_("A practice page is enough to begin with; nothing on it reaches the public.")
        steps.append((begun.channels, "/channels/connect", N_("Connect a channel"), why))
    if scope.units_with(Right.PEOPLE):
        why = N_("Somebody else reads a post before it goes out.")
        steps.append((begun.people, NEW_PERSON, N_("Add a person"), why))
    if scope.units_with(Right.WRITE):
        why = N_("Start with something small that happened today.")
        steps.append((begun.posts, "/posts/new", N_("Write the first post"), why))
    owed = [done for done, address, *_ in steps if not (alone and address == NEW_PERSON)]
    return [] if all(owed) else steps
