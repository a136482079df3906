"""The calendar feed: its secret address on the account page, and what a calendar program reads there."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.actions import feeds
from app.dependencies.database import Configured, Db, Reads
from app.dependencies.viewers import SignedIn
from app.domain.errors import Conflict, NotFound
from app.domain.publications import Status
from app.domain.roles import Scope
from app.foundation import clock
from app.foundation.i18n import N_, translations
from app.foundation.icalendar import Event, calendar
from app.models.people import Person
from app.queries import calendar as questions
from app.queries import feeds as own
from app.queries.calendar_wanted import Narrowed
from app.queries.scopes import scope_of
from app.web import labels
from app.web.calendar_days import narrowed
from app.web.forms import Posted, go, once
from app.web.rendering import render

router = APIRouter()
BACK, AHEAD = timedelta(days=60), timedelta(days=400)
MOST_BACK, MOST_AHEAD = 500, 1500  # publications in one answer
NAME = N_("Kuliss: what goes out")
SUMMARY = N_("%(title)s (%(status)s)")
TENTATIVE = frozenset({Status.PROPOSED, Status.HELD, Status.MISSED, Status.REJECTED})
_HEADERS = {"X-Robots-Tag": "noindex", "Content-Disposition": 'inline; filename="kuliss.ics"'}


@router.get("/account/feed")
def show(request: Request, viewer: SignedIn, session: Reads) -> Response:
    """Whether there is a feed, and the buttons that make, renew and end it."""
    feed = own.own(session, viewer.actor.scope, viewer.person_id)
    return render(request, "account/feed.html", feed=feed)


@router.post("/account/feed")
def renew(request: Request, viewer: SignedIn, form: Posted, db: Db, settings: Configured) -> Response:
    """Make the address, or a new one in its place, and show it this one time."""
    token = ""
    with once(db, viewer, form) as turn:
        if turn.first:
            turn.address = "/account/feed?done=already"
            _, token = feeds.renew(turn.session, viewer.actor)
    address = f"{settings.address}/feeds/{token}.ics"
    return render(request, "account/feed_address.html", address=address) if token else go(turn.address)


@router.post("/account/feed/end")
def end(viewer: SignedIn, _form: Posted, db: Db) -> Response:
    """Have the address stop working."""
    with db.writes() as session:
        feeds.end(session, viewer.actor)
    return go("/account/feed", "feed_ended")


@router.get("/feeds/{token}.ics")
def feed(request: Request, db: Db, settings: Configured, token: str) -> Response:
    """The feed, in the person's language, of what they may see at this moment; 404 for a wrong address."""
    now = clock.now()
    try:
        with db.writes() as session:
            person = feeds.opened(session, token, now)
    except NotFound:
        raise HTTPException(404) from None
    except Conflict as refusal:
        minutes = refusal.faults[0].params["minutes"]
        raise HTTPException(429, headers={"Retry-After": str(minutes * 60)}) from None
    with db.reads() as session:
        scope = scope_of(session, person.id)
        wanted = narrowed(request.query_params)
        events = _events(session, scope, wanted, person, settings.address)
    text = calendar(translations(person.locale).gettext(NAME), events, now)
    return Response(text, media_type="text/calendar; charset=utf-8", headers=_HEADERS)


def _events(
    session: Session, scope: Scope, wanted: Narrowed, person: Person, address: str
) -> Sequence[Event]:
    now = clock.now()
    before = questions.between(session, scope, wanted, now - BACK, now, MOST_BACK, latest=True)
    after = questions.between(session, scope, wanted, now, now + AHEAD, MOST_AHEAD)
    key = own.installation(session, scope)
    return [_event(row, key, person.locale, address) for row in (*reversed(before), *after)]


def _event(row: Any, key: str, locale: str, address: str) -> Event:
    say = translations(locale).gettext
    status = say(labels.PUBLICATIONS[row.status].word)
    tone = say(labels.TONES[row.tone].word) if row.tone else ""
    lines = [f"{row.channel} · {row.unit}", " · ".join(part for part in (tone, status, row.person) if part)]
    return Event(
        uid=f"publication-{row.id}@{key}",
        starts_at=row.due_at,
        summary=say(SUMMARY) % {"title": row.title, "status": status},
        description="\n".join(lines),
        url=f"{address}/publications/{row.id}",
        sequence=row.version,
        status="TENTATIVE" if row.status in TENTATIVE else "CONFIRMED",
        categories=(tone,) if tone else (),
    )
