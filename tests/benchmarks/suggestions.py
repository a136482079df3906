"""Fills ideas into a filled database: over two years like posts, a quarter of them of the editor's branch.

They were sent by the unit's editor, manager, contributor and sixty more of its staff, every nineteenth came
through a door. Of those that became a
post each names one of its own unit and of about its own time. Nearly all are answered, as in real life: what
waits and what is kept for later is of these last months.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.domain.ideas import IdeaState, wakes_at
from app.domain.roles import Role
from app.foundation import clock
from app.foundation.crypto import token_hash
from app.foundation.database import Base, Database
from app.models.idea_doors import IdeaDoor, IdeaGuest
from app.models.ideas import Idea, IdeaComment, IdeaPost, IdeaVote
from app.models.people import Membership, Person
from app.models.search import IDEA, SearchEntry, entry
from tests.benchmarks.filling import HOME, ZONE, person_in
from tests.benchmarks.lives import SPAN, UNITS
from tests.benchmarks.pouring import pour, tidy

RARE = "zeppelin"  # a word of one idea, the oldest
NEW, KEPT = 0.002, 0.1  # so much of the newest has no answer yet; of so much some is kept for later
_ABOUT = ("The heron on the roof", "Who mends our books?", "A lullaby in nine languages", "The oldest loan",
          "Äiti lukee", "What the returns smell of")  # fmt: skip
_WHY = (
    "Three people asked me about it this week, and nobody of us had ever told it anywhere. Liisa knows the "
    "whole story and would show her hands at work; she does not want her face in it. "
)
_ANSWER = "A lovely one. We have told it in the spring already; let us come back to it when the snow falls."
_SENDERS = (Role.CONTRIBUTOR, Role.EDITOR, Role.MANAGER)
STAFF = 60  # more of each unit, who only send
_ANSWERED = (IdeaState.ACCEPTED, IdeaState.DECLINED, IdeaState.ACCEPTED, IdeaState.DECLINED,
             IdeaState.MERGED)  # fmt: skip


@dataclass(frozen=True)
class Suggested:
    """How many; one that became a post and one that waits, both of the editor's branch."""

    ideas: int
    idea: int
    waiting: int


def suggest(database: Database, ideas: int, posts: int) -> Suggested:
    """Put in so many beside so many posts."""
    now = clock.now().replace(microsecond=0)
    rows = [_idea(number, ideas, now) for number in range(1, ideas + 1)]
    became = list(_became(rows, posts))
    staff = list(_staff(now - SPAN))
    _insert(database, Person, staff)
    _insert(database, Membership, (
        {"person_id": one["id"], "unit_id": 1 + number // STAFF, "role": Role.CONTRIBUTOR}
        for number, one in enumerate(staff)
    ))  # fmt: skip
    _insert(database, IdeaDoor, (_door(unit_id, now) for unit_id in range(1, UNITS + 1)))
    _insert(database, Idea, rows)
    _insert(database, SearchEntry, (
        entry(IDEA, row["id"], row["unit_id"], row["title"], row["why"]) for row in rows
    ))  # fmt: skip
    _insert(database, IdeaPost, became)
    _insert(database, IdeaGuest, (_guest(row) for row in rows if row["sender_id"] is None))
    _insert(database, IdeaVote, (vote for row in rows for vote in _votes(row)))
    _insert(database, IdeaComment, (_comment(row) for row in rows if row["id"] % 5 == 0))
    tidy(database, (Person, Membership, IdeaDoor, Idea))
    home = [row for row in rows if row["unit_id"] == HOME]
    mine = {row["id"] for row in home}
    waiting = next(row["id"] for row in reversed(home) if row["state"] is IdeaState.NEW)
    return Suggested(
        ideas, next(one["idea_id"] for one in reversed(became) if one["idea_id"] in mine), waiting
    )


def _idea(number: int, ideas: int, now: datetime) -> dict[str, Any]:
    unit_id = HOME if number % 4 == 0 else number % UNITS + 1
    guest, turn = number % 19 == 4, number // 4
    sent_at = now - SPAN + SPAN * (number / ideas) - timedelta(minutes=5)
    state = _state(number / ideas, turn)
    until = (now + timedelta(days=turn % 200 - 2)).date() if state is IdeaState.PARKED else None
    answered = state is not IdeaState.NEW
    return {
        "id": number, "unit_id": unit_id, "door_id": unit_id if guest else None,
        "sender_id": None if guest else _sender(unit_id, turn % (len(_SENDERS) + STAFF)),
        "sent_at": sent_at, "title": f"{_ABOUT[number % len(_ABOUT)]} {number}",
        "why": RARE if number == 4 else _WHY * (1 + number % 2), "last_on": None, "state": state,
        "since_at": min(now, sent_at + timedelta(days=3)) if answered else sent_at,
        "answer": _ANSWER if state in (IdeaState.DECLINED, IdeaState.MERGED) else "",
        "answered_by_id": person_in(unit_id, Role.EDITOR) if answered else None,
        "parked_until": until, "wakes_at": wakes_at(until, ZONE) if until else None,
        "merged_into_id": max(1, number - UNITS) if state is IdeaState.MERGED else None,
        "assigned_id": None,
    }  # fmt: skip


def _sender(unit_id: int, place: int) -> int:
    """Everybody in turn."""
    if place < len(_SENDERS):
        return person_in(unit_id, _SENDERS[place])
    return person_in(UNITS, list(Role)[-1]) + (unit_id - 1) * STAFF + place - len(_SENDERS) + 1


def _staff(made_at: datetime) -> Iterator[dict[str, Any]]:
    for unit_id in range(1, UNITS + 1):
        for place in range(STAFF):
            row_id = _sender(unit_id, len(_SENDERS) + place)
            yield {
                "id": row_id, "email": f"staff{row_id}@library.example", "name": f"Staff {row_id}",
                "locale": "en", "created_at": made_at,
            }  # fmt: skip


def _state(place: float, turn: int) -> IdeaState:
    """`place`: 0 for the oldest, 1 for the newest. Some few were forgotten."""
    if place > 1 - NEW or turn % 400 == 7:
        return IdeaState.NEW
    if place > 1 - KEPT and turn % 10 == 3:
        return IdeaState.PARKED
    return _ANSWERED[turn % len(_ANSWERED)]


def _became(rows: Iterable[dict[str, Any]], posts: int) -> Iterator[dict[str, Any]]:
    """For the accepted ones a post of the same unit (units come in the same turn there), each taken once."""
    rows = list(rows)
    taken: set[int] = set()
    for row in rows:
        at = int(row["id"] / len(rows) * posts) // UNITS * UNITS + row["id"] % UNITS
        if row["state"] is IdeaState.ACCEPTED and 0 < at <= posts and at not in taken:
            taken.add(at)
            yield {"post_id": at, "idea_id": row["id"]}


def _door(unit_id: int, now: datetime) -> dict[str, Any]:
    return {
        "id": unit_id, "unit_id": unit_id, "name": "Loan desk", "token_hash": token_hash(f"door {unit_id}"),
        "token_sealed": "", "made_at": now - SPAN, "came": 0,
    }  # fmt: skip


def _guest(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "idea_id": row["id"], "follow_hash": token_hash(f"guest {row['id']}"), "name": "Somebody",
        "locale": "fi",
    }  # fmt: skip


def _votes(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for role in (Role.APPROVER, Role.COORDINATOR)[: row["id"] % 3]:
        yield {"idea_id": row["id"], "person_id": person_in(row["unit_id"], role), "at": row["sent_at"]}


def _comment(row: dict[str, Any]) -> dict[str, Any]:
    person_id = person_in(row["unit_id"], Role.EDITOR)
    return {"idea_id": row["id"], "person_id": person_id, "text": "Ask Liisa first.", "at": row["sent_at"]}


def _insert(database: Database, model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    made = list(rows)
    for begin in range(0, len(made), 5000):
        with database.writes() as session:
            pour(session, model, made[begin : begin + 5000])
