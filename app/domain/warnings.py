"""What people are warned of before it goes wrong: rules over facts, with the time handed in.

A warning is called a light: each has a code (`words/` has its sentence and what to do), a severity, perhaps
an instant until which something can be done, and what it is about.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from math import ceil
from typing import Any

from app.domain.publications import Status

DAY = timedelta(days=1)


class Severity(IntEnum):
    """How urgent it is: to be looked at, to be done soon, to be done now."""

    LOOK = 1
    SOON = 2
    NOW = 3


class Code(StrEnum):
    """What is warned of."""

    SIGN_IN_DEAD = "sign_in_dead"
    SIGN_IN_ENDS = "sign_in_ends"
    DATA_ACCESS_ENDS = "data_access_ends"
    SIGN_IN_TAKEN_OVER = "sign_in_taken_over"
    SIGN_IN_LEFT = "sign_in_left"
    PERMISSION_MISSING = "permission_missing"
    NOT_CHECKED = "not_checked"
    NOT_REACHED = "not_reached"
    QUOTA = "quota"
    USAGE = "usage"
    PAUSED = "paused"
    VERSION_ENDS = "version_ends"
    VERSION_UNKNOWN = "version_unknown"
    VERSION_GONE = "version_gone"
    CLOCK_OFF = "clock_off"
    CLOCK_STOPPED = "clock_stopped"
    DISK_FILLS = "disk_fills"
    BACKUP_OLD = "backup_old"
    BACKUP_NEVER = "backup_never"
    MAIL_FAILS = "mail_fails"
    MAIL_GIVEN_UP = "mail_given_up"
    KEYS_MISSING = "keys_missing"
    HISTORY_BROKEN = "history_broken"
    UNAPPROVED = "unapproved"
    STUCK = "stuck"
    TIME_CHANGED = "time_changed"
    SHOWN_ELSEWHERE = "shown_elsewhere"
    METRIC_GONE = "metric_gone"
    STRATEGY_OLD = "strategy_old"


# About the installation: for administrators. About one publication: for those who write and approve it.
OF_THE_HOUSE = frozenset(
    {
        Code.VERSION_ENDS, Code.VERSION_UNKNOWN, Code.VERSION_GONE, Code.CLOCK_OFF, Code.CLOCK_STOPPED,
        Code.DISK_FILLS, Code.BACKUP_OLD, Code.BACKUP_NEVER, Code.MAIL_FAILS, Code.MAIL_GIVEN_UP,
        Code.KEYS_MISSING, Code.METRIC_GONE, Code.HISTORY_BROKEN,
    }
)  # fmt: skip
OF_A_PUBLICATION = frozenset({Code.UNAPPROVED, Code.STUCK, Code.TIME_CHANGED, Code.SHOWN_ELSEWHERE})
# About a unit's strategy: for those who may change it.
OF_A_STRATEGY = frozenset({Code.STRATEGY_OLD})
# A mail that can't be sent is not told by mail.
NOT_MAILED = frozenset({Code.MAIL_FAILS, Code.MAIL_GIVEN_UP})


@dataclass(frozen=True)
class Light:
    """One warning. `about`: what makes it one of its code, for example a channel's id. `facts` fit into JSON.

    Without a unit it is about the installation.
    """

    code: Code
    severity: Severity
    about: str = ""
    unit_id: int | None = None
    channel_id: int | None = None
    publication_id: int | None = None
    until: datetime | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The same cause has the same key, however often it is looked at."""
        return f"{self.code}:{self.about}"


def days_left(until: datetime, now: datetime) -> int:
    """Days until then, begun ones counted: 0 when it is past."""
    return max(ceil((until - now) / DAY), 0)


Steps = tuple[tuple[timedelta, Severity], ...]
ENDS: Steps = ((DAY, Severity.NOW), (7 * DAY, Severity.SOON), (15 * DAY, Severity.LOOK))
VERSION_ENDS: Steps = ((7 * DAY, Severity.NOW), (30 * DAY, Severity.SOON), (90 * DAY, Severity.LOOK))


def before(until: datetime | None, now: datetime, steps: Steps = ENDS) -> Severity | None:
    """How urgent it is that something ends then; None when that is long from now, or never."""
    if until is None:
        return None
    return next((severity for ahead, severity in steps if until - now <= ahead), None)


def since(at: datetime, now: datetime, steps: Steps) -> Severity | None:
    """How urgent it is that something was last done then; the longest time first in `steps`."""
    return next((severity for long, severity in steps if now - at > long), None)


@dataclass(frozen=True)
class ChannelFacts:
    """What is known of a channel in use that is called. Instants are UTC; None: never, or not told.

    `waiting`: posts that wait for it. `fetches`: its network takes pictures from an address of ours.
    `usage`: percent of its calls used, as told lately. `used`, `of`: its quota of posts in 24 hours.
    The dates are those of the sign-in in use; `others`: how many other people's work too. `taken_over_by`:
    whose sign-in goes on since a newer one ended, and `taken_over_from`: whose that was. `giver_left`: the
    account of whoever gave the sign-in in use is closed.
    """

    id: int
    unit_id: int
    alive: bool
    reason: str
    connected_at: datetime
    checked_at: datetime | None = None
    expires_at: datetime | None = None
    data_access_until: datetime | None = None
    missing: tuple[str, ...] = ()
    waiting: int = 0
    fetches: bool = False
    reach_failed: bool = False
    reach_reason: str = ""
    used: int | None = None
    of: int | None = None
    usage: int = 0
    paused_until: datetime | None = None
    others: int = 0
    taken_over_by: str = ""
    taken_over_from: str = ""
    giver_left: bool = False


NOT_CHECKED: Steps = ((7 * DAY, Severity.SOON), (2 * DAY, Severity.LOOK))
QUOTA_PERCENT = 80
USAGE_PERCENT = 75  # from here on reading waits, and the rest is left for publishing
PAUSE = timedelta(minutes=5)


def of_channel(facts: ChannelFacts, now: datetime) -> list[Light]:
    """What a channel's people are warned of."""

    def light(code: Code, severity: Severity, until: datetime | None = None, **more: Any) -> Light:
        about = str(facts.id)
        return Light(code, severity, about, facts.unit_id, facts.id, until=until, facts=more)

    if not facts.alive:  # until somebody has connected it again the rest means nothing
        code = Code.PERMISSION_MISSING if facts.missing else Code.SIGN_IN_DEAD
        missing = list(facts.missing)
        return [light(code, Severity.NOW, None, reason=facts.reason, missing=missing, waiting=facts.waiting)]
    found = []
    for code, until in (
        (Code.SIGN_IN_ENDS, facts.expires_at),
        (Code.DATA_ACCESS_ENDS, facts.data_access_until),
    ):
        if severity := before(until, now):
            # With another person's sign-in nothing stops then.
            found.append(light(code, min(severity, Severity.LOOK) if facts.others else severity, until))
    found += [light(code, severity, None, **more) for code, severity, more in _givers(facts)]
    if severity := since(facts.checked_at or facts.connected_at, now, NOT_CHECKED):
        at = facts.checked_at.isoformat() if facts.checked_at else None
        found.append(light(Code.NOT_CHECKED, severity, at=at))
    if facts.fetches and facts.reach_failed:
        found.append(light(Code.NOT_REACHED, Severity.NOW, reason=facts.reach_reason))
    return found + [light(*one[:3], **one[3]) for one in _allowances(facts, now)]


def _givers(facts: ChannelFacts) -> Iterator[tuple[Code, Severity, dict[str, Any]]]:
    if facts.taken_over_by:
        names = {"by": facts.taken_over_by, "was": facts.taken_over_from}
        yield Code.SIGN_IN_TAKEN_OVER, Severity.LOOK, names
    if facts.giver_left:
        yield Code.SIGN_IN_LEFT, Severity.SOON, {}


def _allowances(
    facts: ChannelFacts, now: datetime
) -> Iterator[tuple[Code, Severity, datetime | None, dict[str, Any]]]:
    if facts.of and facts.used is not None and 100 * facts.used >= QUOTA_PERCENT * facts.of:
        severity = Severity.SOON if facts.used >= facts.of else Severity.LOOK
        yield Code.QUOTA, severity, None, {"used": facts.used, "of": facts.of}
    if facts.paused_until and facts.paused_until > now + PAUSE:
        yield Code.PAUSED, Severity.SOON, facts.paused_until, {}
    elif facts.usage > USAGE_PERCENT:
        yield Code.USAGE, Severity.LOOK, None, {"percent": facts.usage}


@dataclass(frozen=True)
class Disk:
    """One disk: what lies on it (store, database), bytes left, bytes that a day adds of late."""

    name: str
    left: int
    daily: int = 0


@dataclass(frozen=True)
class DeadName:
    """A name that a network has refused lately. `ours`: what it stood for here; empty: not known."""

    network: str
    name: str
    ours: str
    version: str


@dataclass(frozen=True)
class HouseFacts:
    """What is known of the installation. Instants are UTC.

    `used_since`: since when it is in use. `version_until`: until when the network's version that we call is
    served; `version_known`: whether that is known at all (then None: not announced). `served`: the version
    that answered instead of ours. `ahead`: seconds that the network's clock is ahead of ours; None: not told.
    `mails_waiting`: mails that could not be sent for an hour; `mail_reason`: why.
    `locked`: how many channels' and apps' secrets our keys do not open. `dead_names`: of the last month.
    `broken`: where history is not what was sealed, as `errands.history_looks` writes it; None: nowhere.
    """

    used_since: datetime
    version: str = ""
    version_until: datetime | None = None
    version_known: bool = True
    served: str = ""
    ahead: float | None = None
    disks: tuple[Disk, ...] = ()
    backed_up_at: datetime | None = None
    mails_waiting: int = 0
    mails_given_up: int = 0
    mail_reason: str = ""
    locked: int = 0
    dead_names: tuple[DeadName, ...] = ()
    broken: dict[str, Any] | None = None


CLOCK_OFF = ((300.0, Severity.NOW), (60.0, Severity.SOON), (5.0, Severity.LOOK))
LITTLE_SPACE = ((500_000_000, Severity.NOW), (1_000_000_000, Severity.SOON), (3_000_000_000, Severity.LOOK))
DISK_DAYS: Steps = ((2 * DAY, Severity.NOW), (7 * DAY, Severity.SOON), (30 * DAY, Severity.LOOK))
BACKUP_OLD: Steps = ((30 * DAY, Severity.NOW), (14 * DAY, Severity.SOON), (7 * DAY, Severity.LOOK))


def of_house(facts: HouseFacts, now: datetime) -> list[Light]:
    """What administrators are warned of."""
    found: list[Light | None] = [
        *_version(facts, now),
        *(_disk(disk, now) for disk in facts.disks),
        *_backup(facts, now),
    ]
    if facts.ahead is not None:
        off = next((severity for most, severity in CLOCK_OFF if abs(facts.ahead) > most), None)
        found.append(Light(Code.CLOCK_OFF, off, facts={"ahead": round(facts.ahead)}) if off else None)
    if facts.mails_waiting:
        more = {"waiting": facts.mails_waiting, "reason": facts.mail_reason}
        found.append(Light(Code.MAIL_FAILS, Severity.SOON, facts=more))
    if facts.mails_given_up:
        more = {"given_up": facts.mails_given_up, "reason": facts.mail_reason}
        found.append(Light(Code.MAIL_GIVEN_UP, Severity.LOOK, facts=more))
    found += [_metric_gone(one) for one in facts.dead_names]
    if facts.locked:
        found.append(Light(Code.KEYS_MISSING, Severity.NOW, facts={"count": facts.locked}))
    if facts.broken is not None:
        found.append(Light(Code.HISTORY_BROKEN, Severity.NOW, facts=facts.broken))
    return [light for light in found if light]


def _metric_gone(one: DeadName) -> Light:
    facts = {"network": one.network, "name": one.name, "ours": one.ours, "version": one.version}
    return Light(
        Code.METRIC_GONE, Severity.LOOK, f"{one.network}:{one.version}:{one.name}"[:100], facts=facts
    )


def clock_stopped() -> Light:
    """Nobody publishes; told when somebody looks, for nothing else runs then that could tell it."""
    return Light(Code.CLOCK_STOPPED, Severity.NOW)


def _version(facts: HouseFacts, now: datetime) -> Iterator[Light | None]:
    told = {"version": facts.version}
    if facts.served:
        yield Light(Code.VERSION_GONE, Severity.NOW, facts={**told, "served": facts.served})
    elif not facts.version_known:
        yield Light(Code.VERSION_UNKNOWN, Severity.LOOK, facts=told)
    elif severity := before(facts.version_until, now, VERSION_ENDS):
        yield Light(Code.VERSION_ENDS, severity, until=facts.version_until, facts=told)


def _disk(disk: Disk, now: datetime) -> Light | None:
    days = disk.left // disk.daily if disk.daily else None
    full = now + days * DAY if days is not None and days < 1000 else None
    little = next((severity for least, severity in LITTLE_SPACE if disk.left < least), None)
    soon = before(full, now, DISK_DAYS)
    if not (little or soon):
        return None
    severity = max(little or Severity.LOOK, soon or Severity.LOOK)
    facts = {"name": disk.name, "megabytes": disk.left // 1_000_000}
    return Light(Code.DISK_FILLS, severity, disk.name, until=full if soon else None, facts=facts)


def _backup(facts: HouseFacts, now: datetime) -> Iterator[Light | None]:
    severity = since(facts.backed_up_at or facts.used_since, now, BACKUP_OLD)
    if severity and facts.backed_up_at:
        yield Light(Code.BACKUP_OLD, severity, facts={"at": facts.backed_up_at.isoformat()})
    elif severity:
        yield Light(Code.BACKUP_NEVER, severity)


@dataclass(frozen=True)
class PublicationFacts:
    """What is known of one publication. `due_at` is UTC; `zone` is where its time is meant."""

    id: int
    unit_id: int
    channel_id: int
    status: Status
    due_at: datetime
    zone: str


UNAPPROVED: Steps = ((timedelta(hours=2), Severity.NOW), (timedelta(hours=24), Severity.LOOK))


def of_publication(facts: PublicationFacts, now: datetime) -> Light | None:
    """Its time is near and nobody has said yes to it; None when all is well."""
    if facts.status is not Status.PROPOSED or facts.due_at <= now:
        return None
    severity = before(facts.due_at, now, UNAPPROVED)
    return publication_light(Code.UNAPPROVED, severity, facts) if severity else None


def publication_light(code: Code, severity: Severity, facts: PublicationFacts, **more: Any) -> Light:
    """A warning about one publication at its present time; another time is another warning."""
    about = f"{facts.id}:{facts.due_at:%Y%m%dT%H%M%S}"
    return Light(
        code, severity, about, facts.unit_id, facts.channel_id, facts.id, facts.due_at,
        {"zone": facts.zone, **more},
    )  # fmt: skip


@dataclass(frozen=True)
class StrategyFacts:
    """A unit's strategy in force: on which day it was to be looked at again, and which day it is there."""

    unit_id: int
    review_on: date
    today: date


def of_strategy(facts: StrategyFacts) -> Light | None:
    """The day has come and nobody has looked at it again. With another day it is another warning."""
    if facts.review_on > facts.today:
        return None
    on = facts.review_on.isoformat()
    return Light(Code.STRATEGY_OLD, Severity.LOOK, f"{facts.unit_id}:{on}", facts.unit_id, facts={"on": on})
