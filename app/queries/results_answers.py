"""The three questions worked out from the rows of results; `queries.results` tells stored answers first."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import Select, String, bindparam, select, type_coerce
from sqlalchemy.orm import Session

from app.domain.mix import WINDOW, mix
from app.domain.networks import Realm
from app.domain.results import PRIMARY, Outcome, Period, count_tones
from app.domain.results_answers import Answers, ChannelMix, aimed
from app.domain.results_sums import Line, compared, effect, groups, reach_out, within
from app.domain.results_weeks import weeks
from app.domain.roles import Scope
from app.domain.strategies import StrategyInForce
from app.foundation.database import AnyRow, Word, table_of
from app.models.channel_days import ChannelDay
from app.models.channels import Channel
from app.models.results import Result
from app.queries.results_fresh import Standing
from app.queries.results_rows import made
from app.queries.scopes import are_few
from app.queries.scopes import within as in_units
from app.queries.strategies import in_force_in

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """What is worked out: a unit, where its results stand, a period, and the ids of rows that are made anew.

    `at`: the UTC instant of asking, `today` the day that it is there. `outcomes`: by which to compare;
    `primary`: the one that the unit's strategy declares. `holds`: strategies in force, as far as asked.
    """

    unit_id: int
    stands: Standing
    period: Period
    at: datetime
    today: date
    anew: Collection[int] = ()
    outcomes: Collection[Outcome] = tuple(Outcome)
    primary: Outcome = PRIMARY
    holds: Mapping[int, StrategyInForce] = field(default_factory=dict)


def lines(
    session: Session, scope: Scope, stands: Standing, from_on: date, to_on: date, anew: Collection[int] = ()
) -> list[Line]:
    """What counts of some days, in no order: the rows `anew` as they are now, the others as stored."""
    units = sorted(scope.units.intersection(stands.units))
    asked = {
        "units": units, "realm": stands.realm.value, "first": from_on.toordinal(), "last": to_on.toordinal(),
    }  # fmt: skip
    # Rows have the same names in the same order as lines, and are read without being made into them.
    stored = cast(list[Line], session.execute(_lines(are_few(units)), asked).all())
    if not anew:
        return stored
    rows = {row["id"]: row for row in made(session, scope, anew)}
    kept = [line for line in stored if line.id not in rows]
    new = [Line(**{name: row[name] for name in Line._fields}) for row in rows.values() if _is_of(row, stands)]
    return [*kept, *within(new, from_on, to_on)]


def _is_of(row: Mapping[str, Any], stands: Standing) -> bool:
    return row["counts"] and row["realm"] is stands.realm and row["unit_id"] in stands.units


@cache
def _lines(few: bool) -> Select[*tuple[Any, ...]]:
    """Words as they are stored: to make enums of two years' rows takes longer than to read them."""
    table = table_of(Result)
    columns = [
        type_coerce(column, String).label(column.name) if isinstance(column.type, Word) else column
        for column in (table.c[name] for name in Line._fields)
    ]
    return select(*columns).where(
        in_units(table.c.unit_id, few),
        table.c.day.between(bindparam("first"), bindparam("last")),
        table.c.counts,
        type_coerce(table.c.realm, String) == bindparam("realm"),
    )


def worked_out(session: Session, scope: Scope, asked: Asked) -> Answers:
    """The answers, from every line of the period and of the one before."""
    period, before = asked.period, asked.period.before
    window_from = period.to_on - WINDOW + DAY
    found = lines(
        session, scope, asked.stands, min(before.from_on, window_from), period.to_on, asked.anew
    )  # fmt: skip
    now, then = (within(found, one.from_on, one.to_on) for one in (period, before))
    window = within(found, window_from, period.to_on)
    channels = _channels(session, {line.channel_id for line in [*now, *window]}, period)
    return Answers(
        unit_id=asked.unit_id,
        period=period,
        simulated=asked.stands.realm is Realm.PRACTICE,
        counted_at=asked.at,
        waiting=0,
        reach=reach_out(now),
        reach_before=reach_out(then),
        whom=groups(now, "channel_id", _names(channels), _followers(channels)),
        formats=groups(now, "format", {}),
        tones=count_tones(line.tone for line in now),
        effect=effect(now),
        effect_before=effect(then),
        comparisons={one: compared(now, period, asked.today, one, asked.primary) for one in asked.outcomes},
        mixes=_mixes(session, scope, asked, window, channels),
        weeks=weeks(now, period),
        population=asked.stands.population,
        primary=asked.primary,
    )


def mixes(session: Session, scope: Scope, asked: Asked) -> list[ChannelMix]:
    """The mix per channel over the 28 days that end with the period's last day."""
    first = asked.period.to_on - WINDOW + DAY
    found = lines(session, scope, asked.stands, first, asked.period.to_on, asked.anew)
    return _mixes(
        session, scope, asked, found, _channels(session, {line.channel_id for line in found}, asked.period)
    )


def _mixes(
    session: Session, scope: Scope, asked: Asked, found: Iterable[Line], channels: Mapping[int, AnyRow]
) -> list[ChannelMix]:
    tones: dict[int, list[str | None]] = defaultdict(list)
    for line in found:
        tones[line.channel_id].append(line.tone)
    by_name = sorted(tones, key=lambda key: (channels[key].name, key))
    made = [
        ChannelMix(
            key, channels[key].name, channels[key].network, mix(count_tones(tones[key])),
            channels[key].unit_id,
        )
        for key in by_name
    ]  # fmt: skip
    lacking = {one.unit_id for one in made} - asked.holds.keys()
    return aimed(made, {**asked.holds, **in_force_in(session, scope, lacking, asked.at, lists=False)})


def _names(channels: Mapping[int, AnyRow]) -> dict[str, str]:
    return {str(key): channel.name for key, channel in channels.items()}


def _followers(channels: Mapping[int, AnyRow]) -> dict[str, int]:
    told = {str(key): channel.followers for key, channel in channels.items()}
    return {key: followers for key, followers in told.items() if followers is not None}


def _channels(session: Session, ids: Collection[int], period: Period) -> dict[int, AnyRow]:
    asked = {"ids": sorted(ids), "first": period.from_on, "last": period.to_on}
    return {row.id: row for row in session.execute(_channels_of(), asked)}


@cache
def _channels_of() -> Select[*tuple[Any, ...]]:
    """Channels with the followers that were told last in a period."""
    ids: Any = bindparam("ids", expanding=True)
    last = (
        select(ChannelDay.followers)
        .where(
            ChannelDay.channel_id == Channel.id,
            ChannelDay.day.between(bindparam("first"), bindparam("last")),
            ChannelDay.followers.is_not(None),
        )
        .order_by(ChannelDay.day.desc())
        .limit(1)
        .correlate(Channel)
        .scalar_subquery()
    )
    return select(Channel.id, Channel.name, Channel.network, Channel.unit_id, last.label("followers")).where(
        Channel.id.in_(ids)
    )
