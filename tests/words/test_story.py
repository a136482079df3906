"""The story of a publication: history and tries, one list, every kind with its words."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.domain.publications import AttemptKind, Outcome
from app.words.story import EVENTS, story

BEGAN = datetime(2030, 1, 7, 9, tzinfo=UTC)
APP = Path(__file__).parents[2] / "app"


def event(verb: str, seconds: float = 0, **more: Any) -> Any:
    """A row of history."""
    values: dict[str, Any] = {"verb": verb, "old_state": None, "facts": {}, "via": "web", "person": "Sara"}
    return SimpleNamespace(at=BEGAN + timedelta(seconds=seconds), **{**values, **more})


def attempt(kind: AttemptKind, outcome: Outcome | None, seconds: float = 0, **more: Any) -> Any:
    """A row of an attempt that took two seconds."""
    began = BEGAN + timedelta(seconds=seconds)
    ended = began + timedelta(seconds=2) if outcome else None
    values: dict[str, Any] = {"reason": "", "code": None, "subcode": None, "trace_id": "", "message": ""}
    return SimpleNamespace(kind=kind, outcome=outcome, started_at=began, ended_at=ended, **{**values, **more})


def test_it_is_in_order_of_time() -> None:
    told = story(
        [
            event("published", 9, via="clock", person=None),
            event("planned", facts={"due_at": BEGAN.isoformat()}),
        ],
        [attempt(AttemptKind.SHOW, Outcome.OK, 8)],
        "Europe/Helsinki",
        "en",
    )
    assert [step.words for step in told] == [
        "Sara gave it its time, Mon 7 Jan 11.00.",
        "Showed it.",
        "It is public.",
    ]
    assert told[1].took == 2


@pytest.mark.parametrize("outcome", [*Outcome, None])
@pytest.mark.parametrize("kind", list(AttemptKind))
def test_every_end_of_every_try_can_be_told(kind: AttemptKind, outcome: Outcome | None) -> None:
    step = story([], [attempt(kind, outcome)], "UTC", "en")[0]
    assert step.words
    assert (step.took is None) is (outcome is None)


def test_what_the_network_said_is_kept_apart() -> None:
    said: dict[str, Any] = {"code": 100, "subcode": 33, "trace_id": "Tr4ce", "message": "Invalid url"}
    step = story(
        [], [attempt(AttemptKind.STAGE, Outcome.REJECTED, reason="link_refused", **said)], "UTC", "en"
    )[0]
    assert step.state == "no"
    assert "The network does not take the link." in step.words
    assert [value for _, value in step.facts] == ["Invalid url", "100 / 33", "Tr4ce"]


def test_every_verb_of_a_publication_has_its_words() -> None:
    """Verbs stand in calls of actions and errands that write a publication's history."""
    used = set()
    for folder in ("actions", "errands"):
        for path in (APP / folder).glob("*.py"):
            text = path.read_text(encoding="utf-8")
            used |= set(re.findall(r'\b(?:step|change|_wait_again)\([^)]*?"([a-z_]+)", now', text))
            used |= set(re.findall(r'"publication", [\w.]+, "([a-z_]+)"', text))
            if folder == "errands":  # an action of that name may write about something else
                used |= set(re.findall(r'_record\([^)]*?"([a-z_]+)", now', text))
    assert {"published", "moved", "held", "found_gone"} <= used
    assert used <= EVENTS.keys()


def test_a_yes_is_told_as_one() -> None:
    step = story([event("planned", old_state="proposed", person="Olli")], [], "UTC", "en")[0]
    assert step.words == "Olli said yes; it is planned."
