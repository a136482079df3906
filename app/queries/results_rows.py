"""Rows of results worked out from what they are made of: publications, found posts, readings, paid marks.

Used twice, so that both can't differ: at night to store them, and when somebody asks while some are not
stored yet. A row is a mapping of the columns of `models.results.Result`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, select
from sqlalchemy.orm import Session

from app.domain.networks import Format
from app.domain.publications import OUT, Status
from app.domain.readings import engagement
from app.domain.results import BASELINE, Baseline, Figures, Paid, Quarter, at_seven_days, basis_of, latest
from app.domain.results_baselines import Comparable, baselines
from app.domain.roles import Scope
from app.domain.timing import to_local
from app.foundation.database import AnyRow, table_of
from app.models.channels import Channel
from app.models.found import FoundPost, FoundReading
from app.models.posts import Post, Revision, RevisionVariant
from app.models.publications import Publication
from app.models.readings import Reading, Told
from app.models.results import PaidMark, Result, result_id
from app.models.units import Unit

ResultRow = dict[str, Any]
Model = type[Reading] | type[FoundReading]
_AT_ONCE = 500  # ids in one question
_COLUMNS = tuple(column.name for column in table_of(Result).columns)
_TOLD = tuple(Told.__annotations__)
# What `_figures` needs: to read where each number came from takes longer than all the rest.
_FIGURES = ("age", "views", "reach", "clicks", "reactions", "comments", "shares", "saves")
_USUAL = tuple(name for name in _COLUMNS if name.startswith("usual_"))


def made(session: Session, scope: Scope, ids: Collection[int]) -> list[ResultRow]:
    """The rows of some ids as they are now, and every other row whose baseline changes with them.

    Ids of which nothing is public (any more, or yet) have no row.
    """
    rows = [*_of_publications(session, scope, ids), *_of_found(session, scope, ids)]
    return _with_baselines(session, rows)


def _parts(ids: Iterable[int]) -> Iterable[list[int]]:
    found = sorted(ids)
    return (found[start : start + _AT_ONCE] for start in range(0, len(found), _AT_ONCE))


def _of_publications(session: Session, scope: Scope, ids: Iterable[int]) -> list[ResultRow]:
    rows: list[ResultRow] = []
    for part in _parts(one // 2 for one in ids if one % 2 == 0):
        asked = {"ids": part, "units": list(scope.units)}
        readings = _readings(session, Reading, part)
        for found in session.execute(_publications(), asked):
            kind = found.format or Format.POST
            row = _row(found, kind, readings.get(found.id, []), found.zone)
            row |= {"id": result_id(found.id), "publication_id": found.id, "paid": found.paid or Paid.UNKNOWN}
            rows.append(row | _counting(row, left_out=False, removed=found.status is Status.REMOVED))
    return rows


def _of_found(session: Session, scope: Scope, ids: Iterable[int]) -> list[ResultRow]:
    rows: list[ResultRow] = []
    for part in _parts(one // 2 for one in ids if one % 2):
        asked = {"ids": part, "units": list(scope.units)}
        readings = _readings(session, FoundReading, part)
        for found in session.execute(_found_posts(), asked):
            row = _row(found, found.format, readings.get(found.id, []), found.zone)
            row |= {"id": result_id(found_id=found.id), "found_id": found.id, "paid": found.paid}
            rows.append(row | _counting(row, found.left_out, removed=found.gone_at is not None))
    return rows


def _counting(row: ResultRow, left_out: bool, removed: bool) -> ResultRow:
    """What is gone counts when it stayed long enough to have its figure."""
    return {"removed": removed, "counts": not left_out and not (removed and row["age"] is None)}


def _row(found: AnyRow, kind: Format, readings: Sequence[AnyRow], zone: str) -> ResultRow:
    day = to_local(found.published_at, zone).date()
    told = {_figures(reading): reading for reading in readings}
    final = at_seven_days(told, kind)
    sources = told[newest].sources if (newest := final or latest(told)) else {}
    return {
        "publication_id": None,
        "found_id": None,
        "unit_id": found.unit_id,
        "channel_id": found.channel_id,
        "realm": found.realm,
        "format": kind,
        "paid": Paid.UNKNOWN,
        "tone": found.tone,
        "published_at": found.published_at,
        "day": day.toordinal(),
        "quarter": Quarter.of(day).place,
        "age": int(final.age.total_seconds()) if final else None,
        "views": final.views if final else None,
        "reach": final.reach if final else None,
        "clicks": final.clicks if final else None,
        "comments": final.comments if final else None,
        "engagement": final.engagement if final else None,
        "reach_basis": basis_of(sources, "reach"),
        "engagement_basis": basis_of(sources, "reactions"),
        "stale": False,
    }


def _figures(reading: Any) -> Figures:
    """What a row of readings tells."""
    return Figures(
        timedelta(seconds=reading.age),
        reading.views,
        reading.reach,
        reading.clicks,
        reading.reactions,
        reading.comments,
        reading.shares,
        reading.saves,
        engagement(reading.reactions, reading.comments, reading.shares, reading.saves),
    )


def _readings(
    session: Session, model: Model, ids: Sequence[int], names: tuple[str, ...] = _TOLD
) -> dict[int, list[AnyRow]]:
    found: dict[int, list[AnyRow]] = defaultdict(list)
    for reading in session.execute(_told(model, names), {"ids": ids}):
        found[reading.of_id].append(reading)
    return found


def figures(session: Session, scope: Scope, ids: Collection[int]) -> dict[int, list[Figures]]:  # noqa: ARG001 - of rows within it
    """Everything that was read of the posts behind some rows, by the rows' ids."""
    found: dict[int, list[Figures]] = {}
    for odd, model in ((0, Reading), (1, FoundReading)):
        its = [one // 2 for one in ids if one % 2 == odd]
        readings = _readings(session, model, its, _FIGURES) if its else {}
        found |= {key * 2 + odd: [_figures(reading) for reading in told] for key, told in readings.items()}
    return found


@cache
def _told(model: Model, names: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    of_id = model.publication_id if issubclass(model, Reading) else model.found_id
    return select(of_id.label("of_id"), *(getattr(model, name) for name in names)).where(
        of_id.in_(bindparam("ids", expanding=True))
    )


@cache
def _publications() -> Select[*tuple[Any, ...]]:
    its_variant = and_(
        RevisionVariant.revision_id == Publication.revision_id,
        RevisionVariant.channel_id == Publication.channel_id,
    )
    return (
        select(
            Publication.id,
            Publication.unit_id,
            Publication.channel_id,
            Publication.published_at,
            Publication.zone,
            Publication.status,
            Channel.realm,
            func.coalesce(Post.tone_frozen, Post.tone).label("tone"),
            func.coalesce(RevisionVariant.format, Revision.format).label("format"),
            PaidMark.paid,
        )
        .join(Post, Post.id == Publication.post_id)
        .join(Channel, Channel.id == Publication.channel_id)
        .outerjoin(Revision, Revision.id == Publication.revision_id)
        .outerjoin(RevisionVariant, its_variant)
        .outerjoin(PaidMark, PaidMark.publication_id == Publication.id)
        .where(
            Publication.id.in_(bindparam("ids", expanding=True)),
            Publication.unit_id.in_(bindparam("units", expanding=True)),
            Publication.status.in_([*OUT, Status.REMOVED]),
            Publication.published_at.is_not(None),
        )
    )


@cache
def _found_posts() -> Select[*tuple[Any, ...]]:
    return (
        select(
            FoundPost.id,
            Channel.unit_id,
            FoundPost.channel_id,
            FoundPost.made_at.label("published_at"),
            Unit.zone,
            FoundPost.left_out,
            FoundPost.gone_at,
            Channel.realm,
            FoundPost.tone,
            FoundPost.paid,
            FoundPost.format,
        )
        .join(Channel, Channel.id == FoundPost.channel_id)
        .join(Unit, Unit.id == Channel.unit_id)
        .where(
            FoundPost.id.in_(bindparam("ids", expanding=True)),
            Channel.unit_id.in_(bindparam("units", expanding=True)),
        )
    )


def _with_baselines(session: Session, rows: Sequence[ResultRow]) -> list[ResultRow]:
    """The rows with their baselines, and the stored ones around them whose baseline became another."""
    by_channel: dict[int, list[ResultRow]] = defaultdict(list)
    for row in rows:
        by_channel[row["channel_id"]].append(row)
    return [
        row for channel_id, its in by_channel.items() for row in _on_one_channel(session, channel_id, its)
    ]


def _on_one_channel(session: Session, channel_id: int, rows: Sequence[ResultRow]) -> list[ResultRow]:
    anew = {row["id"]: row for row in rows}
    days = [row["published_at"] for row in rows]
    span = {"channel_id": channel_id, "first": min(days) - BASELINE, "last": max(days) + BASELINE}
    stored = {row["id"]: dict(row) for row in session.execute(_stored(), span).mappings()}
    usual = _usual({**stored, **anew}.values())
    first = min(days)
    changed = [
        {**row, **usual[row["id"]]}
        for row in stored.values()
        if row["id"] not in anew
        and row["published_at"] > first
        and any(row[name] != usual[row["id"]][name] for name in _USUAL)
    ]
    return [*({**row, **usual[row["id"]]} for row in rows), *changed]


def _usual(rows: Iterable[Mapping[str, Any]]) -> dict[int, dict[str, Any]]:
    """The baselines of one channel's rows, as columns. What does not count is in nobody's baseline, and units
    that share a channel have each their own: siblings do not learn each other's figures.
    """
    found = baselines(_comparable(row) for row in rows)
    return {key: _columns(baseline) for key, baseline in found.items()}


def _comparable(row: Mapping[str, Any]) -> Comparable:
    return Comparable(
        row["id"],
        (row["unit_id"], row["format"], row["paid"]),
        row["published_at"],
        row["reach"] if row["counts"] else None,
        row["engagement"] if row["counts"] else None,
        row["reach_basis"],
        row["engagement_basis"],
    )


def _columns(baseline: Baseline) -> dict[str, Any]:
    return {f"usual_{name}": value for name, value in vars(baseline).items()}


@cache
def _stored() -> Select[*tuple[Any, ...]]:
    """Every column of the rows of one channel in a stretch of time."""
    table = table_of(Result)
    return select(table).where(
        table.c.channel_id == bindparam("channel_id"),
        table.c.published_at.between(bindparam("first"), bindparam("last")),
    )
