"""What happened, whose turn, what next: for every status, in every language."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from app.connectors.reasons import Reason
from app.domain.networks import NetworkKind
from app.domain.posts import PostStatus
from app.domain.publications import HoldReason, Status
from app.foundation.i18n import LOCALES
from app.words.sentences import table
from app.words.statuses import is_overdue, standing

NOW = datetime(2030, 1, 7, 9, tzinfo=UTC)


def row(status: Status, minutes: float = 60, **more: Any) -> Any:
    """A publication's row as the queries give it."""
    values = {
        "status": status,
        "due_at": NOW + timedelta(minutes=minutes),
        "lateness_minutes": 60,
        "zone": "Europe/Helsinki",
        "channel": "Main Library",
        "network": NetworkKind.FACEBOOK,
        "reason": "",
        "token_state": "dead",
        "post_status": PostStatus.APPROVED,
        "answered_no_at": None,
        "step_at": None,
        "progress": None,
        "remote_id": "501_1",
        "published_at": None,
        "since_at": NOW,
    }
    return SimpleNamespace(**{**values, **more})


def hold(reason: HoldReason, note: str = "") -> Any:
    """A hold's row."""
    return SimpleNamespace(reason=reason, note=note, person="Olli", since_at=NOW, looked_at=None, found_id="")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("status", list(Status))
def test_every_status_can_be_told(status: Status, locale: str) -> None:
    for minutes in (-30, 30):
        told = standing(row(status, minutes, reason="no_answer"), [], "Facebook", locale, NOW)
        assert told.happened
        assert told.turn
        assert told.next
        assert "%(" not in f"{told}"


@pytest.mark.parametrize(
    ("remote_id", "step_at", "words"),
    [
        ("501_1", None, "reads its numbers"),
        ("", NOW, "looks for its address"),
        ("", None, "no numbers are read"),
    ],
)
def test_numbers_are_promised_only_where_they_are_read(
    remote_id: str, step_at: datetime | None, words: str
) -> None:
    out = row(Status.PUBLISHED, remote_id=remote_id, step_at=step_at)
    assert words in standing(out, [], "Instagram", "en", NOW).next


@pytest.mark.parametrize("status", [Status.PLANNED, Status.TO_DO, Status.MISSED, Status.DONE])
def test_by_hand_is_told_apart(status: Status) -> None:
    by_hand = row(status, network=NetworkKind.MANUAL)
    told = standing(by_hand, [], "By hand", "en", NOW, "Veera")
    assert "laid ready" not in f"{told}"
    assert ("Veera" in told.turn) is (status is Status.TO_DO)


@pytest.mark.parametrize("reason", list(HoldReason))
def test_every_hold_says_why(reason: HoldReason) -> None:
    told = standing(row(Status.HELD), [hold(reason, "A note")], "Facebook", "en", NOW)
    assert told.happened != "It stands still."


@pytest.mark.parametrize("code", [*Reason, "process_lost", "no_yes", "not_posted"])
def test_every_reason_has_a_sentence(code: str) -> None:
    assert code in table()


def test_overdue_is_what_nothing_has_settled() -> None:
    assert is_overdue(row(Status.PLANNED, -11), NOW)
    assert not is_overdue(row(Status.PLANNED, -9), NOW)
    assert not is_overdue(row(Status.MISSED, -300), NOW)
    assert "nothing has settled it" in standing(row(Status.STAGED, -11), [], "Facebook", "en", NOW).happened
