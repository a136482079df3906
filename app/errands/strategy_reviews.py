"""Which strategies say when they are to be looked at again: one for each unit that has its own in force."""

from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.strategies import Source, Version, in_force
from app.domain.timing import to_local
from app.domain.warnings import StrategyFacts
from app.foundation.database import AnyRow
from app.models.strategies import Strategy
from app.models.units import Unit


def facts(session: Session, now: datetime) -> list[StrategyFacts]:
    """Of units that are open: the day that their version in force says, and today's date there.

    A unit that has its day from above is told of where it is said.
    """
    found = []
    for _, rows in groupby(session.execute(_versions()), attrgetter("unit_id")):
        versions = list(rows)
        today = to_local(now, versions[0].zone).date()
        holds = in_force([_version(row) for row in versions], today)
        open_there = versions[0].closes_on is None or versions[0].closes_on > today
        if holds and holds.review_on and open_there:
            found.append(StrategyFacts(holds.source.unit_id, holds.review_on, today))
    return found


def _version(row: AnyRow) -> Version:
    return Version(Source(row.id, row.number, row.unit_id, "", row.from_on), review_on=row.review_on)


def _versions() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Strategy.id, Strategy.unit_id, Strategy.number, Strategy.from_on, Strategy.review_on,
            Unit.zone, Unit.closes_on,
        )
        .join(Unit, Unit.id == Strategy.unit_id)
        .where(Strategy.from_on.is_not(None))
        .order_by(Strategy.unit_id)
    )  # fmt: skip
