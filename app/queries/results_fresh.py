"""What changed since the rows of results were last worked out, so that nobody is told old figures as new."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Integer, Select, bindparam, or_, select, text, union
from sqlalchemy.orm import Session, aliased

from app.domain.errors import NotFound
from app.domain.networks import Format, Realm
from app.domain.publications import OUT, Status
from app.domain.results import final_age
from app.domain.roles import Scope
from app.foundation.database import ID_MOST, Aside
from app.models.channels import Channel
from app.models.found import FoundPost, FoundReading
from app.models.publications import Publication
from app.models.readings import Reading, Told
from app.models.results import PaidMark, Result, ResultRun
from app.models.units import Unit

# What is committed later than it says it happened is still seen: an answer of a network is written within
# seconds, a person may settle a doubt days after the post went out.
MARGIN = timedelta(minutes=5)
SETTLED_LATE = timedelta(days=3)
LONG_AGO = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


@dataclass(frozen=True)
class Standing:
    """What results are asked of. `units`: a unit and those below it; `zone`, `population`: the unit's;
    `realm`: whose results are told.

    The rest tells how far the stored rows go (`models.results.ResultRun`); `ran_at` None: none are stored
    yet.
    """

    units: tuple[int, ...]
    zone: str
    realm: Realm
    ran_at: datetime | None
    readings_to: int
    found_readings_to: int
    found_to: int
    population: int | None = None


def standing(session: Session, scope: Scope, unit_id: int) -> Standing:
    """Where a unit's results stand, in one question. Raises NotFound for a unit outside the scope."""
    if unit_id not in scope.units:
        raise NotFound
    asked = {"unit_id": unit_id, "units": list(scope.units)}
    rows = session.execute(_standing(), asked).all()
    if not rows:
        raise NotFound
    first = rows[0]
    return Standing(
        tuple(sorted(row.id for row in rows)),
        first.zone,
        Realm.META if first.real else Realm.PRACTICE,
        first.ran_at,
        first.readings_to or 0,
        first.found_readings_to or 0,
        first.found_to or 0,
        first.population,
    )


@cache
def _standing() -> Select[*tuple[Any, ...]]:
    top = aliased(Unit)
    return (
        select(
            Unit.id,
            top.zone,
            top.population,
            select(Channel.id).where(Channel.realm == Realm.META).exists().label("real"),
            ResultRun.ran_at,
            ResultRun.readings_to,
            ResultRun.found_readings_to,
            ResultRun.found_to,
        )
        .join(top, Unit.path.startswith(top.path))
        .outerjoin(ResultRun, ResultRun.id == 1)
        .where(top.id == bindparam("unit_id"), Unit.id.in_(bindparam("units", expanding=True)))
    )


def changed(session: Session, scope: Scope, stands: Standing, most: int = ID_MOST) -> set[int]:
    """Ids of the rows of its units that are not stored, or not as they would be now; `most` of them."""
    given = {
        "most": most,
        "units": sorted(scope.units.intersection(stands.units)),
        "readings_to": stands.readings_to,
        "found_readings_to": stands.found_readings_to,
        "found_to": stands.found_to,
        "since": stands.ran_at - MARGIN if stands.ran_at else LONG_AGO,
        "out_since": stands.ran_at - SETTLED_LATE if stands.ran_at else LONG_AGO,
    }
    return set(session.scalars(_changed(), given))


@cache  # asked before every page of results
def _changed() -> CompoundSelect[int]:
    # One after the other: taken together SQLite would go through all of them.
    since = (
        FoundPost.id > bindparam("found_to"),
        *(at >= bindparam("since") for at in (FoundPost.tone_at, FoundPost.paid_at, FoundPost.gone_at)),
    )
    found = map(_found, since)
    parts = (_read(), _found_read(), _went_out(), _removed(), *found, _marked(), _said_paid())
    return union(*parts).limit(bindparam("most", type_=Integer))


def _units(column: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.in_(bindparam("units", expanding=True))
    return found


def _read() -> Select[int]:
    return (
        select(Publication.id * 2)
        .join(Reading, Reading.publication_id == Publication.id)
        .outerjoin(Result, Result.id == Publication.id * 2)
        .where(
            Reading.id > bindparam("readings_to"),
            _counts(Reading),
            Result.age.is_distinct_from(Reading.age),
            _units(Aside(Publication.unit_id)),
        )
    )


def _found_read() -> Select[int]:
    return (
        select(FoundPost.id * 2 + 1)
        .join(FoundReading, FoundReading.found_id == FoundPost.id)
        .join(Channel, Channel.id == FoundPost.channel_id)
        .outerjoin(Result, Result.id == FoundPost.id * 2 + 1)
        .where(
            FoundReading.id > bindparam("found_readings_to"),
            _counts(FoundReading),
            Result.age.is_distinct_from(FoundReading.age),
            _units(Aside(Channel.unit_id)),
        )
    )


def _counts(model: type[Told]) -> ColumnElement[bool]:
    """Whether a reading may become the figure of its post: near 7 days, or near a story's end."""
    near = []
    for age in (final_age(Format.POST), final_age(Format.STORY)):
        most = min(timedelta(hours=12), age / 4)
        near.append(model.age.between((age - most).total_seconds(), (age + most).total_seconds() + 1))
    return or_(*near)


def _went_out() -> Select[int]:
    return (
        select(Publication.id * 2)
        .outerjoin(Result, Result.id == Publication.id * 2)
        .where(
            Publication.published_at >= bindparam("out_since"),
            Publication.status.in_(OUT),
            Result.id.is_(None),
            _units(Aside(Publication.unit_id)),
        )
    )


def _removed() -> Select[int]:
    return (
        select(Publication.id * 2)
        .join(Result, Result.id == Publication.id * 2)
        .where(
            _units(Publication.unit_id),
            Publication.status == Status.REMOVED,
            Publication.since_at >= bindparam("since"),
            ~Result.removed,
        )
    )


def _found(lately: ColumnElement[bool]) -> Select[int]:
    return (
        select(FoundPost.id * 2 + 1)
        .join(Channel, Channel.id == FoundPost.channel_id)
        .outerjoin(Result, Result.id == FoundPost.id * 2 + 1)
        .where(
            lately,
            or_(
                Result.id.is_(None),
                Result.tone.is_distinct_from(FoundPost.tone),
                Result.paid != FoundPost.paid,
                Result.removed != FoundPost.gone_at.is_not(None),
                Result.counts & FoundPost.left_out,
                ~Result.counts & ~FoundPost.left_out & FoundPost.gone_at.is_(None),
            ),
            _units(Aside(Channel.unit_id)),
        )
    )


def _marked() -> Select[int]:
    # Written as the index is, which holds these rows alone: a column would be written "= 1" for SQLite.
    return select(Result.id).where(text("results.stale"), _units(Aside(Result.unit_id)))


def _said_paid() -> Select[int]:
    """What was said while its row was being worked out, and so was not marked stale in it."""
    return (
        select(Result.id)
        .join(PaidMark, PaidMark.publication_id == Result.publication_id)
        .where(
            PaidMark.at >= bindparam("since"),
            Result.paid != PaidMark.paid,
            _units(Aside(Result.unit_id)),
        )
    )
