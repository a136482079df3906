"""Each warning at its edges, with hand-made dates."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.connectors import meta_versions
from app.domain.publications import Status
from app.domain.warnings import (
    ChannelFacts,
    Code,
    Disk,
    HouseFacts,
    PublicationFacts,
    Severity,
    days_left,
    of_channel,
    of_house,
    of_publication,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
LOOK, SOON, NOW_ = Severity.LOOK, Severity.SOON, Severity.NOW
WELL = ChannelFacts(7, 3, alive=True, reason="", connected_at=NOW - 80 * DAY, checked_at=NOW - HOUR)
HOUSE = HouseFacts(NOW - HOUR, version="v25.0", version_until=datetime(2028, 7, 29, tzinfo=UTC))
GIGABYTE = 1_000_000_000


def channel(**facts: Any) -> list[tuple[Code, Severity]]:
    return [(light.code, light.severity) for light in of_channel(replace(WELL, **facts), NOW)]


def house(**facts: Any) -> list[tuple[Code, Severity]]:
    return [(light.code, light.severity) for light in of_house(replace(HOUSE, **facts), NOW)]


def test_on_a_good_day_there_is_nothing() -> None:
    assert channel() == []
    assert house() == []


@pytest.mark.parametrize(("name", "code"), [
    ("expires_at", Code.SIGN_IN_ENDS), ("data_access_until", Code.DATA_ACCESS_ENDS),
])  # fmt: skip
@pytest.mark.parametrize(
    ("left", "severity"),
    [
        (15 * DAY + SECOND, None), (15 * DAY, LOOK), (7 * DAY + SECOND, LOOK), (7 * DAY, SOON),
        (DAY + SECOND, SOON), (DAY, NOW_), (-DAY, NOW_),
    ],
)  # fmt: skip
def test_what_ends_is_told_ahead(name: str, code: Code, left: timedelta, severity: Severity | None) -> None:
    assert channel(**{name: NOW + left}) == ([(code, severity)] if severity else [])


def test_a_dead_sign_in_is_told_alone() -> None:
    dead: dict[str, Any] = {"alive": False, "reason": "token_expired", "expires_at": NOW, "waiting": 4}
    [light] = of_channel(replace(WELL, **dead), NOW)
    assert (light.code, light.severity, light.facts["waiting"]) == (Code.SIGN_IN_DEAD, NOW_, 4)
    assert channel(alive=False, missing=("pages_manage_posts",)) == [(Code.PERMISSION_MISSING, NOW_)]


@pytest.mark.parametrize(
    ("ago", "severity"), [(2 * DAY, None), (2 * DAY + SECOND, LOOK), (7 * DAY, LOOK), (8 * DAY, SOON)]
)
def test_a_check_that_is_long_ago(ago: timedelta, severity: Severity | None) -> None:
    expected = [(Code.NOT_CHECKED, severity)] if severity else []
    assert channel(checked_at=NOW - ago) == expected
    assert channel(checked_at=None, connected_at=NOW - ago) == expected


def test_only_who_fetches_must_reach_us() -> None:
    assert channel(fetches=True, reach_failed=True) == [(Code.NOT_REACHED, NOW_)]
    assert channel(fetches=False, reach_failed=True) == []


@pytest.mark.parametrize(
    ("used", "of", "severity"),
    [
        (39, 50, None), (40, 50, LOOK), (49, 50, LOOK), (50, 50, SOON), (79, 100, None), (101, 100, SOON),
        (5, None, None),
    ],
)  # fmt: skip
def test_a_quota_that_is_nearly_used(used: int, of: int | None, severity: Severity | None) -> None:
    assert channel(used=used, of=of) == ([(Code.QUOTA, severity)] if severity else [])


def test_calls_above_three_quarters() -> None:
    assert channel(usage=75) == []
    assert channel(usage=76) == [(Code.USAGE, LOOK)]
    assert channel(usage=100, paused_until=NOW + HOUR) == [(Code.PAUSED, SOON)]
    assert channel(paused_until=NOW + timedelta(minutes=5)) == []


@pytest.mark.parametrize(
    ("left", "severity"),
    [(90 * DAY + SECOND, None), (90 * DAY, LOOK), (30 * DAY, SOON), (7 * DAY, NOW_), (-DAY, NOW_)],
)
def test_a_version_of_the_network_ends(left: timedelta, severity: Severity | None) -> None:
    assert house(version_until=NOW + left) == ([(Code.VERSION_ENDS, severity)] if severity else [])


def test_a_version_that_nobody_knows_or_that_is_not_served() -> None:
    assert house(version="v99.0", version_until=None, version_known=False) == [(Code.VERSION_UNKNOWN, LOOK)]
    assert house(version_until=None) == [], "no end was announced"
    assert house(served="v26.0") == [(Code.VERSION_GONE, NOW_)]


def test_the_oldest_living_version_is_told_in_november() -> None:
    until = meta_versions.usable_until("v21.0")
    assert house(version="v21.0", version_until=until) == [(Code.VERSION_ENDS, LOOK)]
    assert days_left(until or NOW, NOW) == 60


@pytest.mark.parametrize(
    ("ahead", "severity"),
    [(None, None), (5.0, None), (-5.1, LOOK), (60.0, LOOK), (61.0, SOON), (-301.0, NOW_)],
)
def test_a_clock_that_is_off(ahead: float | None, severity: Severity | None) -> None:
    assert house(ahead=ahead) == ([(Code.CLOCK_OFF, severity)] if severity else [])


@pytest.mark.parametrize(
    ("left", "daily", "severity"),
    [
        (3 * GIGABYTE, 0, None), (3 * GIGABYTE - 1, 0, LOOK), (GIGABYTE - 1, 0, SOON),
        (GIGABYTE // 2 - 1, 0, NOW_), (62 * GIGABYTE, 2 * GIGABYTE, None),
        (60 * GIGABYTE, 2 * GIGABYTE, LOOK), (4 * GIGABYTE, 2 * GIGABYTE, NOW_),
    ],
)  # fmt: skip
def test_a_disk_that_fills(left: int, daily: int, severity: Severity | None) -> None:
    found = of_house(replace(HOUSE, disks=(Disk("store", left, daily),)), NOW)
    assert [light.severity for light in found] == ([severity] if severity else [])
    if daily and severity:
        assert found[0].until == NOW + left // daily * DAY


@pytest.mark.parametrize(
    ("ago", "severity"), [(7 * DAY, None), (8 * DAY, LOOK), (15 * DAY, SOON), (31 * DAY, NOW_)]
)
def test_a_backup_that_is_old_or_was_never_made(ago: timedelta, severity: Severity | None) -> None:
    old = [(Code.BACKUP_OLD, severity)] if severity else []
    never = [(Code.BACKUP_NEVER, severity)] if severity else []
    assert house(used_since=NOW - 99 * DAY, backed_up_at=NOW - ago) == old
    assert house(used_since=NOW - ago) == never


def test_mails_and_keys() -> None:
    assert house(mails_waiting=2, mails_given_up=1, locked=3) == [
        (Code.MAIL_FAILS, SOON), (Code.MAIL_GIVEN_UP, LOOK), (Code.KEYS_MISSING, NOW_),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("left", "severity"),
    [
        (24 * HOUR + SECOND, None), (24 * HOUR, LOOK), (2 * HOUR + SECOND, LOOK), (2 * HOUR, NOW_),
        (SECOND, NOW_), (timedelta(0), None),
    ],
)  # fmt: skip
def test_a_post_without_a_yes_near_its_time(left: timedelta, severity: Severity | None) -> None:
    facts = PublicationFacts(5, 3, 7, Status.PROPOSED, NOW + left, "Europe/Helsinki")
    light = of_publication(facts, NOW)
    assert (light.severity if light else None) is severity
    assert of_publication(replace(facts, status=Status.PLANNED), NOW) is None


def test_another_time_is_another_warning() -> None:
    facts = PublicationFacts(5, 3, 7, Status.PROPOSED, NOW + HOUR, "Europe/Helsinki")
    first, second = of_publication(facts, NOW), of_publication(replace(facts, due_at=NOW + 2 * HOUR), NOW)
    assert first
    assert second
    assert first.key != second.key


def test_begun_days_count() -> None:
    assert [days_left(NOW + one, NOW) for one in (-DAY, timedelta(0), HOUR, DAY, DAY + SECOND)] == [
        0, 0, 1, 1, 2,
    ]  # fmt: skip
