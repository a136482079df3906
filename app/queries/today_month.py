"""Questions of the first screen about the last weeks: rhythm and mix of each channel, the three circles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.domain import health_check, mix
from app.domain.health_check import Facts
from app.domain.ledger import LEAST_ENTRIES, LEAST_PEOPLE, eyes
from app.domain.mix import Mix, Target
from app.domain.networks import ChannelState, NetworkKind, Realm
from app.domain.posts import Tone
from app.domain.publications import OUT
from app.domain.results import ToneCount
from app.domain.roles import Scope
from app.domain.slots import Promise, monday_of
from app.domain.strategies import StrategyInForce
from app.foundation.database import AnyRow, Aside
from app.models.channels import Channel
from app.models.found import FoundPost
from app.models.ideas import Idea
from app.models.ledger import LedgerEntry
from app.models.people import Membership, Person
from app.models.posts import Post, Revision
from app.models.publications import Publication
from app.models.results import Result
from app.models.slots import Rhythm
from app.queries.calendar import COUNTED
from app.queries.channel_register import Entry

A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class ChannelMonth:
    """An active channel that promises something or had posts in four weeks.

    `week`: posts of this week that are out or go out; `month`: of the last four weeks, out. `mix`: of these,
    of our own and of those that were found on the page, as far as the last round of results has them.
    `young`: it was connected within these weeks, and nothing from before went out on it.
    """

    id: int
    name: str
    network: NetworkKind
    realm: Realm
    promise: Promise | None
    week: int
    month: int
    mix: Mix
    young: bool = False

    @property
    def keeps(self) -> bool | None:
        """Whether it had what it promised in four weeks; None: it promises nothing, or is too young."""
        if self.promise is None:
            return None
        return self.month >= 4 * self.promise.at_least or (None if self.young else False)


def months(
    session: Session, scope: Scope, now: datetime, zone: str, target: Target = mix.USUAL
) -> list[ChannelMonth]:
    """Active channels of units in scope, by name, in one question. `zone`: in which a week begins."""
    monday = monday_of(now.astimezone(ZoneInfo(zone)).date())
    begins = _begins(monday, zone)
    since = now - mix.WINDOW
    asked = {
        "units": sorted(scope.units), "begins": begins, "ends": _begins(monday + A_WEEK, zone),
        "since": since, "now": now,
    }  # fmt: skip
    return [_month(row, target, since) for row in session.execute(_months(), asked)]


def _begins(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))


def _month(row: AnyRow, target: Target, since: datetime) -> ChannelMonth:
    promise = None if row.at_least is None else Promise(row.at_least, row.at_most)
    counted = ToneCount(human=row.human, informative=row.informative, unknown=row.untold)
    return ChannelMonth(
        row.id, row.name, row.network, row.realm, promise, row.ours + row.found,
        row.human + row.informative + row.untold, mix.mix(counted, target),
        row.connected_at > since and (row.first_at is None or row.first_at >= row.connected_at),
    )  # fmt: skip


@cache
def _months() -> Select[*tuple[Any, ...]]:
    begins, ends = (bindparam(name, type_=Publication.due_at.type) for name in ("begins", "ends"))
    ours = select(func.count(Publication.id)).where(
        Publication.channel_id == Channel.id,
        Publication.status.in_(COUNTED),
        Publication.due_at >= begins,
        Publication.due_at < ends,
    )
    found = select(func.count(FoundPost.id)).where(
        FoundPost.channel_id == Channel.id,
        FoundPost.made_at >= begins,
        FoundPost.made_at < ends,
        FoundPost.gone_at.is_(None),
        FoundPost.left_out.is_(False),
    )
    tones = _tones()
    return (
        select(
            Channel.id, Channel.name, Channel.network, Channel.realm, Channel.connected_at,
            Rhythm.at_least, Rhythm.at_most, tones.c.first_at,
            ours.scalar_subquery().label("ours"), found.scalar_subquery().label("found"),
            *(func.coalesce(tones.c[name], 0).label(name) for name in ("human", "informative", "untold")),
        )
        .outerjoin(Rhythm, Rhythm.channel_id == Channel.id)
        .outerjoin(tones, tones.c.channel_id == Channel.id)
        .where(
            Channel.unit_id.in_(bindparam("units", expanding=True)),
            Channel.state == ChannelState.ACTIVE,
            or_(Rhythm.channel_id.is_not(None), tones.c.channel_id.is_not(None)),
        )
        .order_by(Channel.name, Channel.id)
    )  # fmt: skip


def _tones() -> Any:
    """Posts of four weeks by channel and tone."""
    return (
        select(
            Result.channel_id,
            *(
                func.count().filter(Result.tone == tone).label(name)
                for name, tone in (("human", Tone.HUMAN), ("informative", Tone.INFORMATIVE))
            ),
            func.count().filter(Result.tone.is_(None)).label("untold"),
            func.min(Result.published_at).label("first_at"),
        )
        .where(
            Aside(Result.unit_id).in_(bindparam("units", expanding=True)),
            Result.published_at >= bindparam("since", type_=Result.published_at.type),
            Result.counts,
        )
        .group_by(Result.channel_id)
        .subquery()
    )


def facts(
    session: Session,
    scope: Scope,
    person_id: int,
    now: datetime,
    strategy: StrategyInForce,
    channels: Sequence[ChannelMonth],
    entries: Sequence[Entry],
    today: date,
) -> Facts:
    """What the three circles are judged by, of everything in scope; one question beside what is handed in.

    `entries`: of the register; `channels`: see `months`. Practice counts where there is nothing else.
    """
    asked = {
        "units": sorted(scope.units), "me": person_id, "since": now - health_check.WINDOW,
        "from_on": today - health_check.LATELY, "others": _others(scope, person_id),
    }  # fmt: skip
    row = session.execute(_facts(), asked).one()
    mine = [one for one in entries if one.row.unit_id in scope.units and one.row.state is ChannelState.ACTIVE]
    promising = [one for one in channels if one.promise]
    hours = strategy.hours_per_week
    return Facts(
        staff=row.staff,
        contributors=row.contributors,
        ideas=row.ideas,
        hours_promised=None if hours is None else float(hours),
        hours_written=_hours(row),
        channels=len(mine),
        kept=sum(_kept(one.row) for one in mine),
        planned=sum(not one.lacks for one in mine),
        promising=len(promising),
        in_rhythm=sum(bool(one.keeps) for one in promising),
        young=sum(one.keeps is None for one in promising),
        in_force=strategy.is_there,
        reviewed=None if strategy.review_on is None else not strategy.is_overdue(today),
        posts=row.posts,
        with_goal=row.with_goal,
    )


def _kept(row: AnyRow) -> bool:
    return bool(row.owner_active and (row.deputy_active or row.people <= 1))


def _others(scope: Scope, person_id: int) -> list[int]:
    """Units in which others' minutes are out of the asker's sight."""
    return sorted(scope.units - set(eyes(scope, person_id).coordinated))


def _hours(row: AnyRow) -> float | None:
    """Hours a week; None where too little is written down, or the sum would tell what one person did."""
    told = not row.hidden or (row.hidden > 1 and row.people >= LEAST_PEOPLE)
    weeks = health_check.LATELY / A_WEEK
    return round(row.minutes / 60 / weeks, 1) if told and row.entries >= LEAST_ENTRIES else None


@cache
def _facts() -> Select[*tuple[Any, ...]]:
    units: Any = bindparam("units", expanding=True)
    since: Any = bindparam("since", type_=Idea.sent_at.type)
    sent = Idea.unit_id.in_(units), Idea.sent_at >= since
    wrote = (
        select(Revision.author_id.label("person_id"))
        .join(Post, Post.id == Revision.post_id)
        .where(Aside(Post.unit_id).in_(units), Revision.created_at >= since)
    )
    people = select(Idea.sender_id.label("person_id")).where(*sent).union(wrote).subquery()
    here = select(Membership.person_id).where(Membership.unit_id.in_(units))
    staff = select(func.count(Person.id)).where(Person.id.in_(here), Person.active)
    contributors = select(func.count(people.c.person_id.distinct())).where(people.c.person_id.in_(here))
    # Of a post that went out on several channels one counts.
    out = (
        select(Post.id, Post.goal_id)
        .where(
            Post.id.in_(
                select(Publication.post_id).where(
                    Aside(Publication.unit_id).in_(units),
                    Publication.status.in_(OUT),
                    Publication.published_at >= since,
                )
            )
        )
        .subquery()
    )
    ledger = _ledger()
    return select(
        staff.scalar_subquery().label("staff"),
        contributors.scalar_subquery().label("contributors"),
        select(func.count(Idea.id)).where(*sent).scalar_subquery().label("ideas"),
        select(func.count(out.c.id)).scalar_subquery().label("posts"),
        select(func.count(out.c.goal_id)).scalar_subquery().label("with_goal"),
        *(ledger.c[name] for name in ("minutes", "entries", "people", "hidden")),
    ).select_from(ledger)


def _ledger() -> Any:
    """The minutes of four weeks, of how many people, and how many of these are out of the asker's sight."""
    hidden = and_(
        LedgerEntry.unit_id.in_(bindparam("others", expanding=True)),
        LedgerEntry.person_id != bindparam("me"),
    )
    return (
        select(
            func.coalesce(func.sum(LedgerEntry.minutes), 0).label("minutes"),
            func.count(LedgerEntry.id).label("entries"),
            func.count(LedgerEntry.person_id.distinct()).label("people"),
            func.count(LedgerEntry.person_id.distinct()).filter(hidden).label("hidden"),
        )
        .where(
            LedgerEntry.unit_id.in_(bindparam("units", expanding=True)),
            LedgerEntry.day > bindparam("from_on"),
        )
        .subquery()
    )
