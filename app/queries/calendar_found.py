"""Posts found on the page, as the calendar shows them beside what was made here."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, literal_column, null, select
from sqlalchemy.orm import Session

from app.domain.posts import Tone
from app.domain.roles import Scope
from app.foundation.database import AnyRow, Aside
from app.models.channels import Channel
from app.models.found import FoundPost
from app.models.units import Unit
from app.queries.calendar_wanted import DayOf, Narrowed

TITLE_SIGNS = 200  # of a text that are read to make a title of


def counts(
    session: Session, scope: Scope, wanted: Narrowed, first: date, last: date
) -> Iterable[tuple[date, Tone | None, int]]:
    """Each day and tone with how many posts it has, of those that are there and count."""
    if not wanted.found:
        return []
    asked = wanted.asked(scope, first, last)
    return [(day, tone, many) for day, tone, many in session.execute(_counts(frozenset(asked)), asked)]


def listed(
    session: Session, scope: Scope, wanted: Narrowed, first: date, last: date, before: int, most: int
) -> Sequence[AnyRow]:
    """Those of each day from the place after `before` to the place `most`, in order of time.

    A row has the columns of `calendar.listed` that it can have, its wall time as `local_due`; `found_id` is
    its id, `title` how its text begins, and `permalink` where it stands.
    """
    if not wanted.found:
        return []
    asked = wanted.asked(scope, first, last)
    return session.execute(_listed(frozenset(asked)), {**asked, "before": before, "most": most}).all()


def _conditions(given: frozenset[str]) -> list[ColumnElement[bool]]:
    narrowing: dict[str, ColumnElement[bool]] = {
        "unit_id": Aside(Channel.unit_id) == bindparam("unit_id"),
        "channel_id": Aside(FoundPost.channel_id) == bindparam("channel_id"),
        "tone": FoundPost.tone == bindparam("tone"),
    }
    return [
        FoundPost.local_made >= bindparam("since"),
        FoundPost.local_made < bindparam("until"),
        Aside(Channel.unit_id).in_(bindparam("units", expanding=True)),
        FoundPost.gone_at.is_(None),
        FoundPost.left_out.is_(False),
        *(condition for name, condition in narrowing.items() if name in given),
    ]


def _day() -> ColumnElement[date]:
    return DayOf(FoundPost.local_made)


@cache  # to build a question takes longer than to answer it
def _counts(given: frozenset[str]) -> Select[date, Tone | None, int]:
    return (
        select(_day(), FoundPost.tone, func.count())
        .join(Channel, Channel.id == FoundPost.channel_id)
        .where(*_conditions(given))
        .group_by(_day(), FoundPost.tone)
    )


@cache
def _listed(given: frozenset[str]) -> Select[*tuple[Any, ...]]:
    place = func.row_number().over(partition_by=_day(), order_by=(FoundPost.local_made, FoundPost.id))
    days = (
        select(FoundPost.id, place.label("place"))
        .join(Channel, Channel.id == FoundPost.channel_id)
        .where(*_conditions(given))
        .subquery()
    )
    return (
        _rows()
        .join(days, days.c.id == FoundPost.id)
        .where(days.c.place > bindparam("before"), days.c.place <= bindparam("most"))
        .order_by(FoundPost.local_made, FoundPost.id)
    )


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            FoundPost.id.label("found_id"),
            null().label("id"),
            null().label("status"),
            FoundPost.local_made.label("local_due"),
            Channel.unit_id,
            null().label("newest_id"),
            func.substr(FoundPost.text, 1, literal_column(str(TITLE_SIGNS), Integer)).label("title"),
            FoundPost.tone,
            FoundPost.permalink,
            FoundPost.channel_id,
            Channel.name.label("channel"),
            Channel.network,
            Channel.realm,
            Unit.name.label("unit"),
            null().label("person"),
        )
        .join(Channel, Channel.id == FoundPost.channel_id)
        .join(Unit, Unit.id == Channel.unit_id)
    )
