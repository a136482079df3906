"""Results: the rows of figures follow what they are made of, and the answers of the usual periods are kept.

It runs every ten minutes and does only what changed; whoever asks in between is told what changed as well
(`queries.results_fresh`). A new day's periods come with the first round after midnight where the unit is, so
nothing of it waits for an hour that a clock change may skip.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.orm import Session

from app.domain.publications import OUT
from app.domain.results import Outcome, Period, offered_periods
from app.domain.results_answers import SHAPE, to_json
from app.domain.roles import Right, Scope
from app.domain.timing import to_local
from app.domain.units import ancestors
from app.errands.ground import Ground
from app.foundation import clock, logs
from app.models.found import FoundPost, FoundReading
from app.models.publications import Publication
from app.models.readings import Reading
from app.models.results import Result, ResultRun, ResultSummary, units_key
from app.models.units import Unit
from app.queries.results_answers import Asked, worked_out
from app.queries.results_fresh import MARGIN, Standing, changed, standing
from app.queries.results_rows import ResultRow, made
from app.queries.strategies import in_force_in

_AT_ONCE = 1000  # posts of one channel that are worked out together
_WRITTEN_AT_ONCE = 200  # rows: a transaction holds the only pen of SQLite
_log = logs.get(__name__)


@dataclass(frozen=True)
class _Place:
    """A unit as far as it matters here. `above`: itself and the units above it."""

    id: int
    zone: str
    above: tuple[int, ...]


def follow(ground: Ground) -> int:
    """One round; returns how many rows were worked out anew."""
    now = clock.now()
    with ground.database.reads() as session:
        places = _places(session)
        everywhere = Scope({unit_id: frozenset({Right.SEE}) for unit_id in places})
        marks = _marks(session, now)
        ids = _changed(session, everywhere, now) if places else set()
    _drop_gone(ground, places)
    rows = sum(_keep(ground, everywhere, places, part) for part in _parts(ground, ids))
    with ground.database.writes() as session:
        session.merge(ResultRun(id=1, ran_at=now, **marks))
    sums = _sum_up(ground, everywhere, places, now)
    if rows or sums:
        _log.info("results worked out", rows=rows, sums=sums)
    return rows


def _places(session: Session) -> dict[int, _Place]:
    rows = session.execute(select(Unit.id, Unit.zone, Unit.path))
    return {row.id: _Place(row.id, row.zone, (row.id, *ancestors(row.path))) for row in rows}


def _marks(session: Session, now: datetime) -> dict[str, int]:
    """Up to which ids everything is written: what was taken lately may not all be committed yet."""
    run = session.get(ResultRun, 1)
    return {
        "readings_to": _written_to(session, Reading.id, Reading.taken_at, now, run.readings_to if run else 0),
        "found_readings_to": _written_to(
            session, FoundReading.id, FoundReading.taken_at, now, run.found_readings_to if run else 0
        ),
        "found_to": _written_to(session, FoundPost.id, FoundPost.found_at, now, run.found_to if run else 0),
    }


def _written_to(session: Session, key: Any, taken_at: Any, now: datetime, before: int) -> int:
    late = session.scalar(select(func.min(key)).where(key > before, taken_at > now - MARGIN))
    if late is not None:
        return int(late) - 1
    return int(session.scalar(select(func.max(key))) or 0)


def _changed(session: Session, everywhere: Scope, now: datetime) -> set[int]:
    """What is to be worked out, anywhere; also what a person said long after that it went out."""
    run = session.get(ResultRun, 1)
    top = standing(session, everywhere, min(everywhere.units))
    stands = Standing(
        tuple(sorted(everywhere.units)), top.zone, top.realm,
        top.ran_at, top.readings_to, top.found_readings_to, top.found_to,
    )  # fmt: skip
    told_late = (
        select(Publication.id * 2)
        .outerjoin(Result, Result.id == Publication.id * 2)
        .where(
            Publication.status.in_(OUT),
            Publication.published_at.is_not(None),
            Publication.since_at >= run.ran_at - MARGIN if run else Publication.since_at <= now,
            Result.id.is_(None),
        )
    )
    return changed(session, everywhere, stands) | set(session.scalars(told_late))


def _parts(ground: Ground, ids: Collection[int]) -> Iterator[list[int]]:
    """Channel by channel, because baselines are a channel's; the oldest first."""
    by_channel: dict[int, list[int]] = defaultdict(list)
    with ground.database.reads() as session:
        for odd, model in ((0, Publication), (1, FoundPost)):
            keys = sorted(one // 2 for one in ids if one % 2 == odd)
            for start in range(0, len(keys), _AT_ONCE):
                rows = session.execute(
                    select(model.id, model.channel_id).where(model.id.in_(keys[start : start + _AT_ONCE]))
                )
                for key, channel_id in rows:
                    by_channel[channel_id].append(key * 2 + odd)
    for its in by_channel.values():
        for start in range(0, len(its), _AT_ONCE):
            yield its[start : start + _AT_ONCE]


def _keep(ground: Ground, everywhere: Scope, places: Mapping[int, _Place], ids: Sequence[int]) -> int:
    """Work some rows out and write them; answers that they change are dropped before anybody reads them."""
    with ground.database.reads() as session:
        rows = made(session, everywhere, ids)
    for start in range(0, len(rows), _WRITTEN_AT_ONCE):
        part = rows[start : start + _WRITTEN_AT_ONCE]
        with ground.database.writes() as session:
            _drop_answers(session, places, part)
            session.execute(delete(Result).where(Result.id.in_([row["id"] for row in part])))
            session.execute(insert(Result), part)
    return len(rows)


def _drop_gone(ground: Ground, places: Mapping[int, _Place]) -> None:
    """Rows of found posts that turned out to be publications of ours."""
    gone = (
        select(Result.id, Result.unit_id, Result.day)
        .outerjoin(FoundPost, FoundPost.id == Result.found_id)
        .where(Result.found_id.is_not(None), FoundPost.id.is_(None))
    )
    with ground.database.reads() as session:
        rows = [dict(row) for row in session.execute(gone).mappings()]
    if rows:
        with ground.database.writes() as session:
            _drop_answers(session, places, rows)
            session.execute(delete(Result).where(Result.id.in_([row["id"] for row in rows])))


def _drop_answers(session: Session, places: Mapping[int, _Place], rows: Iterable[ResultRow]) -> None:
    first: dict[int, int] = {}
    for row in rows:
        for unit_id in places[row["unit_id"]].above:
            first[unit_id] = min(first.get(unit_id, row["day"]), row["day"])
    for unit_id, day in first.items():
        session.execute(
            delete(ResultSummary).where(
                ResultSummary.unit_id == unit_id, ResultSummary.to_on >= date.fromordinal(day)
            )
        )


def _sum_up(ground: Ground, everywhere: Scope, places: Mapping[int, _Place], now: datetime) -> int:
    """Keep the answers of each unit's usual periods; returns how many were worked out."""
    with ground.database.reads() as session:
        kept: dict[int, dict[Period, tuple[int, str]]] = defaultdict(dict)
        for row in session.execute(_kept_periods()):
            kept[row.unit_id][Period(row.from_on, row.to_on)] = row.shape, row.primary
        holds = in_force_in(session, everywhere, places, now, lists=False)
    done = 0
    for place in places.values():
        wanted = offered_periods(to_local(now, place.zone).date())
        for period in wanted:
            primary = holds[place.id].outcome
            if kept[place.id].get(period) != (SHAPE, primary):
                _sum_one(ground, everywhere, place, period, now, primary)
                done += 1
        _drop_old(ground, place, kept[place.id].keys() - set(wanted))
    return done


def _kept_periods() -> Any:
    primary = ResultSummary.answers["primary"].as_string().label("primary")
    return select(
        ResultSummary.unit_id, ResultSummary.from_on, ResultSummary.to_on, ResultSummary.shape, primary
    )


def _sum_one(
    ground: Ground, everywhere: Scope, place: _Place, period: Period, now: datetime, primary: Outcome
) -> None:
    today = to_local(now, place.zone).date()
    with ground.database.reads() as session:
        stands = standing(session, everywhere, place.id)
        asked = Asked(place.id, stands, period, now, today, primary=primary)
        found = worked_out(session, everywhere, asked)
    with ground.database.writes() as session:
        session.merge(
            ResultSummary(
                unit_id=place.id, from_on=period.from_on, to_on=period.to_on, realm=stands.realm,
                units=units_key(stands.units), made_at=now, shape=SHAPE, answers=to_json(found),
            )
        )  # fmt: skip


def _drop_old(ground: Ground, place: _Place, periods: Iterable[Period]) -> None:
    """Answers of days that nobody is offered any more."""
    old = [
        (ResultSummary.from_on == period.from_on) & (ResultSummary.to_on == period.to_on)
        for period in periods
    ]
    if old:
        with ground.database.writes() as session:
            session.execute(delete(ResultSummary).where(ResultSummary.unit_id == place.id, or_(*old)))
