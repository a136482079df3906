"""The week on paper, for the meeting: who is responsible, how each post stands, pictures as words."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.dependencies.database import Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.posts import Tone
from app.foundation import clock
from app.foundation.i18n import N_, translations
from app.queries import calendar as questions
from app.queries import slots
from app.web import formats
from app.web.calendar import choices
from app.web.calendar_days import A_DAY, Shown, narrowed, start_of
from app.web.rendering import render
from app.words.slots import kept

router = APIRouter(prefix="/calendar/print")
Counts = Mapping[date, Mapping[Tone | None, int]]
IN_A_DAY = 40
WORDS_MOST = 60  # letters of one picture's description
NOT_DESCRIBED = N_("not described yet")
DECORATIVE = N_("for decoration")
VIDEO = N_("video: %(words)s")


@router.get("/{key}")
def show(request: Request, viewer: SignedIn, session: Reads, key: str) -> Response:
    """The page, in black and white. Raises NotFound for what is no week."""
    shown = Shown("week", start_of("week", key), narrowed(request.query_params))
    scope, wanted = viewer.actor.scope, shown.wanted
    rows = questions.listed(session, scope, wanted, shown.start, shown.end, IN_A_DAY)
    counts = questions.counts(session, scope, wanted, shown.start, shown.end)
    now = clock.now()
    weeks = (
        []
        if wanted.a_part
        else slots.weeks(session, scope, shown.start, now, wanted.channel_id, wanted.unit_id)
    )
    pictures = _pictures(session, viewer, rows)
    days: dict[date, list[tuple[datetime, Any, Any]]] = defaultdict(list)
    for row in rows:
        days[row.local_due.date()].append((row.local_due, row, None))
    for week in weeks:
        for wall in week.free:
            days[wall.date()].append((wall, None, week.of))
    return render(
        request,
        "calendar/print.html",
        shown=shown,
        only=_only(session, viewer, shown),
        days=[
            (on, _more(on, counts, days), sorted(days[on], key=lambda item: item[0])) for on in _week(shown)
        ],
        pictures=pictures,
        promises=[(week.of.name, kept(week.of.promise, week.planned, viewer.locale)) for week in weeks],
        printed=f"{formats.day_name(formats.local_day(now, viewer.zone), viewer.locale)} "
        f"{formats.clock_time(now, viewer.zone, viewer.locale)}",
        day_name=lambda day: formats.day_name(day, viewer.locale),
        days_name=formats.day_span(shown.start, shown.end, viewer.locale),
        wall=formats.wall_time,
        big=formats.begun,
    )


def _only(session: Session, viewer: Viewer, shown: Shown) -> list[str]:
    """What the week is narrowed to, in words: on paper is no filter, and a part looks like the whole."""
    if not any(shown.chosen.values()):
        return []
    offered, say = choices(session, viewer), translations(viewer.locale).gettext
    asked = {(name, value) for name, value in shown.chosen.items() if value}
    return [
        say(word) if marked else word
        for name, options, marked in (
            ("unit", offered["units"], False), ("channel", offered["channels"], False),
            ("tone", offered["tones_known"], True), ("status", offered["statuses"], True),
        )
        for value, word in options
        if (name, value) in asked
    ]  # fmt: skip


def _week(shown: Shown) -> list[date]:
    return [shown.start + number * A_DAY for number in range(7)]


def _more(on: date, counts: Counts, days: Mapping[date, Sequence[Any]]) -> int:
    """How many posts of a day are more than fit."""
    return max(0, sum(counts.get(on, {}).values()) - sum(1 for item in days[on] if item[1]))


def _pictures(session: Session, viewer: Viewer, rows: Any) -> dict[int, str]:
    """What the pictures of each post show, in words, by revision."""
    say = translations(viewer.locale).gettext
    ids = {row.newest_id for row in rows if row.newest_id}
    found = questions.pictures(session, viewer.actor.scope, ids) if ids else {}
    return {key: "; ".join(_words(one, say) for one in pictures) for key, pictures in found.items()}


def _words(picture: Any, say: Any) -> str:
    text = picture.alt_text or say(DECORATIVE if picture.decorative else NOT_DESCRIBED)
    short = text if len(text) <= WORDS_MOST else f"{text[: WORDS_MOST - 1].rstrip()}…"
    return say(VIDEO) % {"words": short} if picture.video else short
