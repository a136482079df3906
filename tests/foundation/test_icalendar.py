"""Calendars as programs read them: every line in its form, every text as it went in."""

import re
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.foundation.icalendar import Event, calendar, escape, fold

NOW = datetime(2030, 2, 20, 7, 30, tzinfo=UTC)
_LINE = re.compile(r"([A-Z-]+)((?:;[A-Z-]+=[^;:]+)*):(.*)")


def unfolded(text: str) -> list[str]:
    """The content lines of a calendar, by the rules of RFC 5545, 3.1."""
    assert text.endswith("\r\n")
    physical = text[:-2].split("\r\n")
    assert all(len(line.encode()) <= 75 and "\n" not in line and "\r" not in line for line in physical)
    return "\r\n".join(physical).replace("\r\n ", "").split("\r\n")


def unescaped(value: str) -> str:
    """A value of the type TEXT as it was meant (3.3.11)."""
    return re.sub(r"\\([\\;,nN])", lambda found: {"n": "\n", "N": "\n"}.get(found[1], found[1]), value)


def read(text: str) -> list[dict[str, str]]:
    """The events of a calendar: name of each property and its value; what has no place in one fails."""
    events: list[dict[str, str]] = []
    stack: list[str] = []
    for line in unfolded(text):
        parts = _LINE.fullmatch(line)
        assert parts, line
        name, _, value = parts.groups()
        if name == "BEGIN":
            stack.append(value)
            events += [{}] if value == "VEVENT" else []
        elif name == "END":
            assert stack.pop() == value
        elif stack[-1] == "VEVENT":
            assert name not in events[-1], f"{name} twice"
            events[-1][name] = value
    assert stack == []
    return events


def event(**more: object) -> Event:
    """An event with all that it needs."""
    values = {
        "uid": "publication-1@key", "starts_at": NOW, "summary": "Reading dogs", "description": "",
        "url": "https://library.example/publications/1", "sequence": 3,
    }  # fmt: skip
    return Event(**{**values, **more})  # type: ignore[arg-type]


def test_an_event_has_what_it_must_have() -> None:
    text = calendar("What goes out", [event(categories=("Human, warm",))], NOW)
    [found] = read(text)
    assert found["UID"] == "publication-1@key"
    assert found["DTSTAMP"] == found["DTSTART"] == "20300220T073000Z"
    assert found["DTEND"] == "20300220T074500Z"
    assert found["SEQUENCE"] == "3"
    assert found["CATEGORIES"] == "Human\\, warm"
    lines = unfolded(text)
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Kuliss//Kuliss//EN"]
    assert lines[-1] == "END:VCALENDAR"


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_comes_out_as_it_went_in(summary: str, description: str) -> None:
    [found] = read(calendar("x", [event(summary=summary, description=description)], NOW))
    for name, given_text in (("SUMMARY", summary), ("DESCRIPTION", description)):
        plain = given_text.replace("\r\n", "\n").replace("\r", "\n")
        kept = "".join(
            sign for sign in plain if sign in "\n\t" or not re.match(r"[\x00-\x1f\x7f-\x9f]", sign)
        )
        assert unescaped(found[name]) == kept


def test_lines_are_broken_between_letters() -> None:
    line = "SUMMARY:" + "å" * 100
    pieces = fold(line).split("\r\n")
    assert [len(piece.encode()) for piece in pieces] == [74, 75, 61]
    assert "".join([pieces[0], *(piece[1:] for piece in pieces[1:])]) == line
    assert escape("a;b,c\\d\r\ne") == "a\\;b\\,c\\\\d\\ne"
