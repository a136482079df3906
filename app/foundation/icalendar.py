"""Calendars as text (RFC 5545, iCalendar): only what a feed of instants needs, all times in UTC."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from unicodedata import category

MOST_OCTETS = 75  # of a content line, without its end (RFC 5545, 3.1)


@dataclass(frozen=True)
class Event:
    """One entry. `uid` never changes; `sequence` grows when its time does."""

    uid: str
    starts_at: datetime
    summary: str
    description: str
    url: str
    sequence: int
    status: Literal["CONFIRMED", "TENTATIVE", "CANCELLED"] = "CONFIRMED"
    categories: tuple[str, ...] = ()
    length: timedelta = timedelta(minutes=15)


def calendar(name: str, events: Iterable[Event], now: datetime) -> str:
    """A whole calendar: lines of at most 75 octets that end with CR LF."""
    head = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Kuliss//Kuliss//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{escape(name)}",
        f"X-WR-CALNAME:{escape(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    body = [line for event in events for line in _event(event, now)]
    return "".join(f"{fold(line)}\r\n" for line in (*head, *body, "END:VCALENDAR"))


def _event(event: Event, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escape(event.uid)}"
    yield f"DTSTAMP:{_utc(now)}"
    yield f"DTSTART:{_utc(event.starts_at)}"
    yield f"DTEND:{_utc(event.starts_at + event.length)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"STATUS:{event.status}"
    yield "TRANSP:TRANSPARENT"
    yield f"SUMMARY:{escape(event.summary)}"
    yield f"DESCRIPTION:{escape(event.description)}"
    if event.categories:
        yield f"CATEGORIES:{','.join(escape(one) for one in event.categories)}"
    yield f"URL:{event.url}"
    yield "END:VEVENT"


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escape(text: str) -> str:
    """A text as a value (RFC 5545, 3.3.11); control signs, which it can't hold, are left out."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(sign for sign in lines if sign in "\n\t" or category(sign) != "Cc")
    return kept.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def fold(line: str) -> str:
    """A line in pieces of at most 75 octets, never cut inside of a letter; the next begin with a space."""
    pieces: list[str] = []
    piece, size = "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > MOST_OCTETS:
            pieces.append(piece)
            piece, size = " ", 1
        piece += sign
        size += octets
    return "\r\n".join([*pieces, piece])
