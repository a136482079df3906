"""Numbers per page and profile and day: once a day, with those asked again that were not final yet.

Networks tell a day's numbers up to two days late, so a day is asked until it is three days old; days that are
missing after an outage are asked again for 90 days. A page with under a hundred likes is told nothing: then
its posts of a day tell what they have (`Basis.POSTS`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.connectors.day_numbers import DayNumbers, DaysTold
from app.domain.networks import Realm
from app.domain.publications import Status
from app.domain.readings import Basis, engagement
from app.errands import dead_names, rounds
from app.errands.ground import Ground, Line
from app.foundation import clock
from app.models.channel_days import ChannelDay
from app.models.found import ChannelRound, FoundPost, FoundReading
from app.models.publications import Publication
from app.models.readings import Reading

DAY = timedelta(days=1)
KEPT = 90
FINAL_AFTER = timedelta(days=3)
EVERY, IN_PRACTICE = timedelta(hours=12), timedelta(minutes=15)
AT_ONCE = 30
FEW_FOLLOWERS = 100
# Posts go on being seen: for so many days theirs are counted anew.
_POSTS_COUNT_FOR = 28
_VALUES = ("followers", "reach", "views", "engagement", "visits")


@dataclass(frozen=True)
class Answer:
    """What a network told about a stretch of days. `now`: its time then (UTC)."""

    told: DaysTold
    first: date
    until: date
    now: datetime


@dataclass(frozen=True)
class Missing:
    """Days that were never asked since they were over, and those that were asked too early to be final."""

    never: list[date]
    open: list[date]


def read_all(ground: Ground) -> int:
    """One round over the channels whose turn it is; returns how many days were told."""
    now = clock.now()
    due = rounds.long_ago(ChannelRound.days_at, now, EVERY, IN_PRACTICE)
    return rounds.each(ground, rounds.turn(now, due), read)


def read(ground: Ground, line: Line) -> int:
    """Read the days of one channel that are missing; returns how many were told. Raises ConnectorFailure."""
    now = line.network.server_time(line.access) if line.realm is Realm.PRACTICE else clock.now()
    with ground.database.reads() as session:
        missing = _missing(session, line.channel_id, now)
        dead = dead_names.of(session, line)
    # The newest first; what is left of an outage comes with the next round.
    until = max(missing.never or missing.open, default=now.date() - DAY) + DAY
    first = max(min(missing.never + missing.open, default=until), until - AT_ONCE * DAY)
    told = line.network.days(line.access, first, until, dead)
    with ground.database.writes() as session:
        dead_names.bury(ground, session, line, told.dead)
        _keep(session, line, Answer(told, first, until, now))
        round_ = rounds.of(session, line.channel_id)
        round_.wait_until = None
        if min(missing.never, default=first) >= first:
            round_.days_at = clock.now()
    return len(told.days)


def _missing(session: Session, channel_id: int, now: datetime) -> Missing:
    """What is missing of the last 90 days; today is not over."""
    first = now.date() - KEPT * DAY
    rows = session.execute(
        select(ChannelDay.day, ChannelDay.taken_at).where(
            ChannelDay.channel_id == channel_id, ChannelDay.day >= first
        )
    )
    asked = {row.day: row.taken_at for row in rows}
    days = [first + n * DAY for n in range(KEPT)]
    return Missing(
        [day for day in days if day not in asked or asked[day] < _end(day)],
        [day for day in days if day in asked and _end(day) <= asked[day] < _end(day) + FINAL_AFTER],
    )


def _end(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC) + DAY


def _keep(session: Session, line: Line, answer: Answer) -> None:
    rows = {
        row.day: row
        for row in session.scalars(
            select(ChannelDay).where(
                ChannelDay.channel_id == line.channel_id,
                ChannelDay.day >= answer.first - _POSTS_COUNT_FOR * DAY,
            )
        )
    }
    numbers = {one.day: one for one in answer.told.days}
    for n in range((answer.until - answer.first).days):
        day = answer.first + n * DAY
        row = _row(session, line, rows, day, answer.now)
        _fill(row, numbers.get(day))
    followers = answer.told.followers
    if followers is None:
        return
    _row(session, line, rows, answer.now.date(), answer.now).followers = followers
    few = followers < FEW_FOLLOWERS
    rounds.of(session, line.channel_id).few_followers = few
    if few:
        _by_posts(session, line.channel_id, rows)


def _row(session: Session, line: Line, rows: dict[date, ChannelDay], day: date, now: datetime) -> ChannelDay:
    row = rows.get(day)
    if row is None:
        row = rows[day] = ChannelDay(channel_id=line.channel_id, day=day, basis=Basis.NETWORK, sources={})
        session.add(row)
    row.api_version, row.taken_at = line.access.app.endpoint.version, now
    return row


def _fill(row: ChannelDay, numbers: DayNumbers | None) -> None:
    """What was told once and is not told any more stays as it was."""
    if numbers is None:
        return
    told = {name: value for name, value in numbers.values.items() if value is not None and name in _VALUES}
    for name, value in told.items():
        setattr(row, name, value)
    row.basis = Basis.NETWORK
    row.sources = {**row.sources, **{name: numbers.sources[name] for name in told if name in numbers.sources}}


def _by_posts(session: Session, channel_id: int, rows: Mapping[date, ChannelDay]) -> None:
    """Of days of which the network told nothing but followers: what the posts of the day have had so far."""
    silent = [
        row
        for row in rows.values()
        if row.basis is Basis.POSTS or (row.reach is None and row.views is None and row.engagement is None)
    ]
    if not silent:
        return
    first = min(row.day for row in silent)
    counted = _engagement_by_day(session, channel_id, first)
    for row in silent:
        row.basis, row.engagement = Basis.POSTS, counted.get(row.day)


def _engagement_by_day(session: Session, channel_id: int, first: date) -> dict[date, int]:
    """Day (UTC) -> engagement of its posts by the latest reading of each; days without any are left out."""
    since = datetime.combine(first, time.min, UTC)
    latest: dict[tuple[str, int], Any] = {}
    for kind, rows in (("ours", _ours(channel_id, since)), ("found", _found(channel_id, since))):
        for row in session.execute(rows):  # by age: the last one stays
            latest[kind, row.id] = row
    return _sums(latest.values())


def _sums(rows: Iterable[Any]) -> dict[date, int]:
    found: dict[date, int] = defaultdict(int)
    for row in rows:
        count = engagement(row.reactions, row.comments, row.shares, row.saves)
        if count is not None:
            found[row.at.date()] += count
    return dict(found)


def _ours(channel_id: int, since: datetime) -> Select[*tuple[Any, ...]]:
    at = Publication.published_at
    return (
        select(Publication.id, at.label("at"), Reading.reactions, Reading.comments, Reading.shares)
        .add_columns(Reading.saves)
        .join(Reading, Reading.publication_id == Publication.id)
        .where(
            Publication.channel_id == channel_id,
            Publication.status == Status.PUBLISHED,
            Publication.due_at >= since - DAY,
            at >= since,
        )
        .order_by(Reading.age)
    )


def _found(channel_id: int, since: datetime) -> Select[*tuple[Any, ...]]:
    at = FoundPost.made_at
    return (
        select(FoundPost.id, at.label("at"), FoundReading.reactions, FoundReading.comments)
        .add_columns(FoundReading.shares, FoundReading.saves)
        .join(FoundReading, FoundReading.found_id == FoundPost.id)
        .where(FoundPost.channel_id == channel_id, at >= since, FoundPost.gone_at.is_(None))
        .order_by(FoundReading.age)
    )
