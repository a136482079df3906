"""Questions about publications: the queue, what waits for a person, one publication's story."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, select, tuple_, union_all
from sqlalchemy.orm import Session, aliased

from app.domain.errors import NotFound
from app.domain.publications import NEEDS_PERSON, OUT, WATCHDOG_AFTER, Status
from app.domain.roles import Scope
from app.foundation.database import AnyRow, Aside, Instant, is_id
from app.models.attempts import Attempt
from app.models.channels import Channel
from app.models.history import Event
from app.models.holds import Hold
from app.models.people import Person
from app.models.posts import Post
from app.models.publications import Publication
from app.models.readings import Reading
from app.models.units import Unit
from app.queries.scopes import are_few, within

GOES_OUT = frozenset({Status.PROPOSED, Status.PLANNED, Status.STAGED, Status.PUBLISHING, Status.TO_DO})


@dataclass(frozen=True)
class QueueFilter:
    """What a list of publications is narrowed to; None or empty means no narrowing."""

    statuses: Collection[Status] = ()
    unit_id: int | None = None
    channel_id: int | None = None
    from_at: datetime | None = None
    to_at: datetime | None = None


def publication(session: Session, scope: Scope, publication_id: int) -> Publication:
    """One publication of a unit in scope. Raises NotFound."""
    found = session.get(Publication, publication_id) if is_id(publication_id) else None
    if found is None or found.unit_id not in scope.units:
        raise NotFound
    return found


def listed(
    session: Session,
    scope: Scope,
    wanted: QueueFilter,
    after: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> Sequence[AnyRow]:
    """Publications in scope in order of time; `after` is (due_at, id) of the last row of the page before."""
    given: dict[str, Any] = {
        "statuses": list(wanted.statuses),
        "unit_id": wanted.unit_id,
        "channel_id": wanted.channel_id,
        "from_at": wanted.from_at,
        "to_at": wanted.to_at,
        "after_at": after and after[0],
        "after_id": after and after[1],
    }
    given = {name: value for name, value in given.items() if value}
    statement = _in_time(frozenset(given))
    return session.execute(statement, {**given, "units": list(scope.units), "most": limit}).all()


def at_a_glance(session: Session, scope: Scope, waiting: int, coming: int, out: int) -> Sequence[AnyRow]:
    """So many of each, in no order and in one question: what waits for a person and what goes out, the
    earliest time first, and what went out, the latest first."""
    asked = {"units": list(scope.units), "waiting": waiting, "coming": coming, "out": out}
    return session.execute(_glance(are_few(scope.units)), asked).all()


@cache
def _glance(few: bool) -> Select[*tuple[Any, ...]]:
    mine = Publication.unit_id.in_(bindparam("units", expanding=True))
    in_time = (Publication.due_at, Publication.id)
    lately = (Publication.published_at.desc(), Publication.id.desc())
    parts = [
        select(Publication.id)
        .where(mine, Publication.status.in_(statuses))
        .order_by(*in_time)
        .limit(bindparam(most, type_=Integer))
        for statuses, most in ((NEEDS_PERSON, "waiting"), (GOES_OUT, "coming"))
    ]
    was = (Publication.status.in_(OUT), Publication.published_at.is_not(None))
    last = select(Publication.id).where(within(Publication.unit_id, few), *was).order_by(*lately)
    found = [part.subquery() for part in (*parts, last.limit(bindparam("out")))]
    return _rows().where(Publication.id.in_(union_all(*(select(one.c.id) for one in found))))


def waiting_for_person(session: Session, scope: Scope, limit: int = 30) -> Sequence[AnyRow]:
    """What does not move without a person: unsure, held, missed, sent back; the earliest time first."""
    return listed(session, scope, QueueFilter(statuses=NEEDS_PERSON), limit=limit)


def overdue(session: Session, scope: Scope, now: datetime, limit: int = 30) -> Sequence[AnyRow]:
    """The watchdog's list: due more than ten minutes ago and not settled, though no person is asked."""
    unsettled = (Status.PLANNED, Status.STAGED, Status.PUBLISHING, Status.PROPOSED)
    return listed(session, scope, QueueFilter(unsettled, to_at=now - WATCHDOG_AFTER), limit=limit)


def counts(session: Session, scope: Scope) -> dict[Status, int]:
    """How many publications of the scope are in each status that is not over."""
    rows = session.execute(_counts(), {"units": list(scope.units)})
    return {row[0]: row[1] for row in rows}


@cache
def _counts() -> Select[Status, int]:
    return (
        select(Publication.status, func.count())
        .where(
            Publication.unit_id.in_(bindparam("units", expanding=True)),
            Publication.status.in_([*NEEDS_PERSON, *GOES_OUT]),
        )
        .group_by(Publication.status)
    )


def row(session: Session, scope: Scope, publication_id: int) -> AnyRow:
    """One publication with the names a page needs, as in the lists. Raises NotFound."""
    found = None
    if is_id(publication_id):
        asked = {"publication_id": publication_id, "units": list(scope.units)}
        found = session.execute(_row(), asked).one_or_none()
    if found is None:
        raise NotFound
    return found


def rows(session: Session, scope: Scope, publication_ids: Sequence[int]) -> dict[int, AnyRow]:
    """Several publications, each as `row` tells one; those out of scope are left out."""
    asked = {"ids": list(publication_ids), "units": list(scope.units)}
    return {one.id: one for one in session.execute(_several(), asked)}


@cache
def _several() -> Select[*tuple[Any, ...]]:
    units = Aside(Publication.unit_id).in_(bindparam("units", expanding=True))
    return _rows().where(Publication.id.in_(bindparam("ids", expanding=True)), units)


@cache
def _row() -> Select[*tuple[Any, ...]]:
    units = Publication.unit_id.in_(bindparam("units", expanding=True))
    return _rows().where(Publication.id == bindparam("publication_id"), units)


def attempts(session: Session, scope: Scope, publication_ids: Sequence[int]) -> dict[int, list[AnyRow]]:
    """For each publication everything that was tried at the network, the oldest first."""
    asked = {"ids": list(publication_ids), "units": list(scope.units)}
    return _grouped(session.execute(_attempts(), asked), publication_ids)


@cache
def _attempts() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Attempt.id,
            Attempt.publication_id,
            Attempt.kind,
            Attempt.started_at,
            Attempt.ended_at,
            Attempt.outcome,
            Attempt.reason,
            Attempt.code,
            Attempt.subcode,
            Attempt.trace_id,
            Attempt.message,
        )
        .join(Publication, Publication.id == Attempt.publication_id)
        .where(
            Attempt.publication_id.in_(bindparam("ids", expanding=True)),
            Aside(Publication.unit_id).in_(bindparam("units", expanding=True)),
        )
        .order_by(Attempt.id)
    )


def holds(session: Session, scope: Scope, publication_ids: Sequence[int]) -> dict[int, list[AnyRow]]:
    """For each publication the holds that stand, the oldest first: reason, note, person, since, and what a
    look after a restore found.
    """
    asked = {"ids": list(publication_ids), "units": list(scope.units)}
    return _grouped(session.execute(_holds(), asked), publication_ids)


@cache
def _holds() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Hold.publication_id,
            Hold.reason,
            Hold.note,
            Person.name.label("person"),
            Hold.since_at,
            Hold.looked_at,
            Hold.found_id,
            Hold.found_link,
        )
        .join(Publication, Publication.id == Hold.publication_id)
        .outerjoin(Person, Person.id == Hold.person_id)
        .where(
            Hold.publication_id.in_(bindparam("ids", expanding=True)),
            Hold.ended_at.is_(None),
            Aside(Publication.unit_id).in_(bindparam("units", expanding=True)),
        )
        .order_by(Hold.id)
    )


def story(session: Session, scope: Scope, publication_id: int) -> Sequence[AnyRow]:
    """What people and the clock did with a publication, the oldest first."""
    asked = {"publication_id": publication_id, "units": list(scope.units)}
    return session.execute(_story(), asked).all()


@cache
def _story() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Event.id,
            Event.at,
            Event.verb,
            Event.old_state,
            Event.new_state,
            Event.facts,
            Event.via,
            Person.name.label("person"),
        )
        .outerjoin(Person, Person.id == Event.person_id)
        .where(
            Event.thing == "publication",
            Event.thing_id == bindparam("publication_id"),
            Aside(Event.unit_id).in_(bindparam("units", expanding=True)),
        )
        .order_by(Event.id)
    )


def readings(session: Session, scope: Scope, publication_ids: Sequence[int]) -> dict[int, list[AnyRow]]:
    """For each publication its readings, the youngest age first; ages in seconds, counts or None."""
    asked = {"ids": list(publication_ids), "units": list(scope.units)}
    return _grouped(session.execute(_readings(), asked), publication_ids)


@cache
def _readings() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Reading.id,
            Reading.publication_id,
            Reading.taken_at,
            Reading.age,
            Reading.views,
            Reading.reach,
            Reading.clicks,
            Reading.reactions,
            Reading.comments,
            Reading.shares,
            Reading.saves,
            Reading.api_version,
            Reading.sources,
        )
        .join(Publication, Publication.id == Reading.publication_id)
        .where(
            Reading.publication_id.in_(bindparam("ids", expanding=True)),
            Aside(Publication.unit_id).in_(bindparam("units", expanding=True)),
        )
        .order_by(Reading.age, Reading.id)
    )


_COLUMNS = (
    Publication.id,
    Publication.post_id,
    Publication.status,
    Publication.since_at,
    Publication.due_at,
    Publication.local_due,
    Publication.zone,
    Publication.fold,
    Publication.lateness_minutes,
    Publication.prepare_late,
    Publication.reason,
    Publication.permalink,
    Publication.remote_id,
    Publication.published_at,
    Publication.network_published_at,
    Publication.step_at,
    Publication.progress,
    Publication.shown_at,
    Publication.looks,
    Publication.tries,
    Publication.looked_at,
    Publication.answered_no_at,
    Publication.revision_id,
    Publication.unit_id,
    Publication.repeats_id,
    Post.title,
    Post.tone,
    Post.status.label("post_status"),
    Publication.channel_id,
    Channel.name.label("channel"),
    Channel.network,
    Channel.realm,
    Channel.remote_id.label("channel_remote_id"),
    Channel.token_state,
    Unit.name.label("unit"),
)


@cache
def _rows() -> Select[*tuple[Any, ...]]:
    planner = aliased(Person)
    return (
        select(*_COLUMNS, planner.name.label("planner"))
        .join(Post, Post.id == Publication.post_id)
        .join(Channel, Channel.id == Publication.channel_id)
        .join(Unit, Unit.id == Publication.unit_id)
        .outerjoin(planner, planner.id == Publication.planned_by_id)
    )


@cache  # lists stand on every main page: to build a question takes longer than to answer it
def _in_time(given: frozenset[str]) -> Select[*tuple[Any, ...]]:
    """The first `most` publications in order of time, by the parameters given.

    Only these are read whole: a sort carries along all that it is given.
    """
    conditions = {
        "statuses": Publication.status.in_(bindparam("statuses", expanding=True)),
        "unit_id": Publication.unit_id == bindparam("unit_id"),
        "channel_id": Publication.channel_id == bindparam("channel_id"),
        "from_at": Publication.due_at >= bindparam("from_at"),
        "to_at": Publication.due_at < bindparam("to_at"),
        "after_at": tuple_(Publication.due_at, Publication.id)
        > tuple_(bindparam("after_at", type_=Instant), bindparam("after_id", type_=Integer)),
    }
    first = (
        select(Publication.id)
        .where(Publication.unit_id.in_(bindparam("units", expanding=True)))
        .where(*(condition for name, condition in conditions.items() if name in given))
        .order_by(Publication.due_at, Publication.id)
        .limit(bindparam("most"))
        .subquery()
    )
    rows = _rows().join(first, first.c.id == Publication.id)
    return rows.order_by(Publication.due_at, Publication.id)


def _grouped(rows: Any, publication_ids: Sequence[int]) -> dict[int, list[AnyRow]]:
    found: dict[int, list[AnyRow]] = {publication_id: [] for publication_id in publication_ids}
    for each in rows:
        found[each.publication_id].append(each)
    return found
