"""Questions for the week and the month: what goes out and went out, by the day on the wall of its unit."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, func, join, null, select
from sqlalchemy.orm import Session

from app.domain.posts import Tone
from app.domain.publications import Status
from app.domain.roles import Scope
from app.foundation.database import AnyRow, Aside
from app.models.assets import Asset
from app.models.channels import Channel
from app.models.people import name_of
from app.models.posts import Post, RevisionPicture
from app.models.publications import Publication
from app.models.tasks import Assignment, ManualPlace
from app.models.units import Unit
from app.queries import calendar_found as found
from app.queries.calendar_wanted import SHOWN, DayOf, Narrowed

# What keeps a promise: it is out, or goes out unless somebody stops it.
COUNTED = SHOWN - {Status.MISSED, Status.REJECTED}


def listed(
    session: Session,
    scope: Scope,
    wanted: Narrowed,
    first: date,
    last: date,
    per_day: int,
    skip: int = 0,
) -> Sequence[AnyRow]:
    """At most `per_day` posts of each day from `first` to `last`, after `skip` of them, in order of time.

    Publications, and of equal time after them what was found on the page: that has a `found_id` and no `id`.
    """
    most = skip + per_day
    before = skip if not (wanted.found and wanted.statuses) else 0  # of two lists the beginnings are needed
    theirs = found.listed(session, scope, wanted, first, last, before, most)
    if theirs and not wanted.statuses:
        return theirs
    if not theirs:
        return _ours(session, scope, wanted, first, last, skip, most)
    days: dict[date, list[AnyRow]] = defaultdict(list)
    for row in (*_ours(session, scope, wanted, first, last, before, most), *theirs):
        days[row.local_due.date()].append(row)
    return [row for day in sorted(days) for row in sorted(days[day], key=_time)[skip:most]]


def _ours(
    session: Session, scope: Scope, wanted: Narrowed, first: date, last: date, before: int, most: int
) -> Sequence[AnyRow]:
    if not wanted.statuses:
        return []
    asked = _asked(scope, wanted, first, last)
    return session.execute(_listed(frozenset(asked)), {**asked, "before": before, "most": most}).all()


def _time(row: AnyRow) -> datetime:
    local: datetime = row.local_due
    return local


def counts(
    session: Session, scope: Scope, wanted: Narrowed, first: date, last: date
) -> Mapping[date, Mapping[Tone | None, int]]:
    """How many posts of each tone each day has; days without any are left out."""
    told: dict[date, dict[Tone | None, int]] = defaultdict(lambda: defaultdict(int))
    rows: list[tuple[date, Tone | None, int]] = [*found.counts(session, scope, wanted, first, last)]
    if wanted.statuses:
        asked = _asked(scope, wanted, first, last)
        ours = session.execute(_counts(frozenset(asked)), asked)
        rows += [(day, tone, many) for day, tone, many in ours]
    for day, tone, many in rows:
        told[day][tone] += many
    return told


def _asked(scope: Scope, wanted: Narrowed, first: date, last: date) -> dict[str, Any]:
    return {**wanted.asked(scope, first, last), "statuses": sorted(wanted.statuses)}


def _day() -> ColumnElement[date]:
    return DayOf(Publication.local_due)


def _conditions(given: frozenset[str]) -> list[ColumnElement[bool]]:
    narrowing: dict[str, ColumnElement[bool]] = {
        "unit_id": Aside(Publication.unit_id) == bindparam("unit_id"),
        "channel_id": Aside(Publication.channel_id) == bindparam("channel_id"),
        "tone": Post.tone == bindparam("tone"),
    }
    return [
        Publication.local_due >= bindparam("since"),
        Publication.local_due < bindparam("until"),
        Aside(Publication.unit_id).in_(bindparam("units", expanding=True)),
        Publication.status.in_(bindparam("statuses", expanding=True)),
        *(condition for name, condition in narrowing.items() if name in given),
    ]


@cache  # to build a question takes longer than to answer it
def _counts(given: frozenset[str]) -> Select[date, Tone | None, int]:
    return (
        select(_day(), Post.tone, func.count())
        .join(Post, Post.id == Publication.post_id)
        .where(*_conditions(given))
        .group_by(_day(), Post.tone)
    )


@cache
def _listed(given: frozenset[str]) -> Select[*tuple[Any, ...]]:
    """Only the ids are counted through the days; whole rows are read of those that are shown."""
    place = func.row_number().over(partition_by=_day(), order_by=(Publication.local_due, Publication.id))
    ranked = select(Publication.id, place.label("place")).where(*_conditions(given))
    if "tone" in given:
        ranked = ranked.join(Post, Post.id == Publication.post_id)
    days = ranked.subquery()
    shown = join(days, Publication, Publication.id == days.c.id)
    return (
        _rows(shown)
        .where(days.c.place > bindparam("before"), days.c.place <= bindparam("most"))
        .order_by(Publication.local_due, Publication.id)
    )


def _rows(first: Any = Publication) -> Select[*tuple[Any, ...]]:
    # Given to nobody in particular has a row without a person: then it is nobody's.
    usual = func.coalesce(ManualPlace.person_id, Publication.planned_by_id, Post.author_id)
    doer = case((Assignment.publication_id.is_not(None), Assignment.person_id), else_=usual)
    return (
        select(
            Publication.id,
            null().label("found_id"),
            Publication.post_id,
            Publication.status,
            Publication.local_due,
            Publication.zone,
            Publication.fold,
            Publication.due_at,
            Publication.unit_id,
            Publication.revision_id,
            Publication.version,
            Post.title,
            Post.tone,
            Post.revision_id.label("newest_id"),
            Publication.channel_id,
            Channel.name.label("channel"),
            Channel.network,
            Channel.realm,
            Unit.name.label("unit"),
            name_of(doer).label("person"),
        )
        .select_from(first)
        .join(Post, Post.id == Publication.post_id)
        .join(Channel, Channel.id == Publication.channel_id)
        .join(Unit, Unit.id == Publication.unit_id)
        .outerjoin(Assignment, Assignment.publication_id == Publication.id)
        .outerjoin(ManualPlace, ManualPlace.channel_id == Publication.channel_id)
    )


def between(
    session: Session,
    scope: Scope,
    wanted: Narrowed,
    since: datetime,
    until: datetime,
    most: int,
    *,
    latest: bool = False,
) -> Sequence[AnyRow]:
    """The first `most` publications due from one instant to another, or the `latest`; for feeds, in which
    stands only what was made here.
    """
    if not wanted.statuses:
        return []
    given = {"unit_id": wanted.unit_id, "channel_id": wanted.channel_id, "tone": wanted.tone}
    rows = _rows().where(
        Publication.unit_id.in_(scope.units),
        Publication.status.in_(wanted.statuses),
        Publication.due_at >= since,
        Publication.due_at < until,
    )
    columns: dict[str, Any] = {
        "unit_id": Publication.unit_id, "channel_id": Publication.channel_id, "tone": Post.tone
    }  # fmt: skip
    for name, value in given.items():
        rows = rows.where(columns[name] == value) if value is not None else rows
    order = (
        (Publication.due_at.desc(), Publication.id.desc()) if latest else (Publication.due_at, Publication.id)
    )
    return session.execute(rows.order_by(*order).limit(most)).all()


def pictures(session: Session, scope: Scope, revision_ids: Collection[int]) -> dict[int, list[AnyRow]]:
    """Pictures of revisions of posts in scope, as words: description, decorative, whether it is a video."""
    rows = session.execute(
        select(
            RevisionPicture.revision_id,
            RevisionPicture.alt_text,
            RevisionPicture.decorative,
            Asset.video_sha256.is_not(None).label("video"),
        )
        .join(Asset, Asset.id == RevisionPicture.asset_id)
        .join(Post, Post.revision_id == RevisionPicture.revision_id)
        .where(
            RevisionPicture.revision_id.in_(revision_ids),
            RevisionPicture.channel_id.is_(None),
            Aside(Post.unit_id).in_(scope.units),
        )
        .order_by(RevisionPicture.revision_id, RevisionPicture.position)
    )
    found: dict[int, list[AnyRow]] = defaultdict(list)
    for row in rows:
        found[row.revision_id].append(row)
    return found
