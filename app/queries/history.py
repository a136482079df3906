"""Looking things up in history: by thing, person, verb, unit, words and time, in the units of the asker.

The history of one thing is read by everyone who may see the thing. To look through what all have done is for
those who manage a unit (`Right.HISTORY`), there and below. What belongs to no unit (passwords, tokens, links)
is seen by those who look after its person, and by whoever looks after everything.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.naming import in_order
from app.domain.roles import Right, Scope
from app.foundation.database import Aside
from app.models.assets import Asset
from app.models.channels import Channel
from app.models.history import Event, Seal
from app.models.idea_doors import IdeaDoor
from app.models.ideas import Idea
from app.models.people import Membership, Person
from app.models.posts import Post
from app.models.publications import Publication
from app.models.strategies import Strategy
from app.models.units import Unit
from app.queries.scopes import are_few

NOBODY = 0  # in place of a person's number: the clock, the command line
MOST_NAMED = 200
_TITLED: dict[str, InstrumentedAttribute[str]] = {
    "post": Post.title,
    "channel": Channel.name,
    "asset": Asset.name,
    "unit": Unit.name,
    "person": Person.name,
    "idea": Idea.title,
    "idea_door": IdeaDoor.name,
}


@dataclass(frozen=True)
class Wanted:
    """What is looked for; None or empty means no narrowing. `person_id` `NOBODY`: what no person did.

    `from_at`: then or later, `to_at`: before (UTC). `words`: a part of the thing's name.
    """

    thing: str | None = None
    thing_id: int | None = None
    person_id: int | None = None
    verb: str | None = None
    unit_id: int | None = None
    from_at: datetime | None = None
    to_at: datetime | None = None
    words: str = ""

    @property
    def one_thing(self) -> bool:
        """Whether it is the history of one thing."""
        return self.thing is not None and self.thing_id is not None


@dataclass(frozen=True)
class EventRow:
    """One event with the name of who did it; an empty one is the clock, the command line (`via`), or somebody
    whose name was erased. `place`, `seal`: None and empty while it has no seal yet."""

    id: int
    at: datetime
    person_id: int | None
    person_name: str
    via: str
    thing: str
    thing_id: int
    unit_id: int | None
    unit: str
    verb: str
    old_state: str | None
    new_state: str | None
    facts: dict[str, Any]
    place: int | None
    seal: str


def events(
    session: Session,
    scope: Scope,
    wanted: Wanted,
    *,
    after: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> list[EventRow]:
    """At most `limit` events that the asker may look up, the latest first; after (at, id) of a row before."""
    question = _columns().where(*_narrowed(wanted)).order_by(Event.at.desc(), Event.id.desc()).limit(limit)
    sight = _in_sight(session, scope, wanted)
    if sight is not None:
        question = question.where(sight)
    if after is not None:
        question = question.where(tuple_(Event.at, Event.id) < after)
    return [EventRow(**row) for row in session.execute(question).mappings()]


def _columns() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Event.id, Event.at, Event.person_id, func.coalesce(Person.name, "").label("person_name"),
            Event.via, Event.thing, Event.thing_id, Event.unit_id, func.coalesce(Unit.name, "").label("unit"),
            Event.verb, Event.old_state, Event.new_state, Event.facts,
            Seal.place, func.coalesce(Seal.hash, "").label("seal"),
        )
        .outerjoin(Person, Person.id == Event.person_id)
        .outerjoin(Unit, Unit.id == Event.unit_id)
        .outerjoin(Seal, Seal.history_id == Event.id)
    )  # fmt: skip


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        column == value
        for column, value in (
            (Event.thing, wanted.thing), (Event.thing_id, wanted.thing_id), (Event.verb, wanted.verb),
            (Event.unit_id, wanted.unit_id),
        )
        if value is not None
    ]  # fmt: skip
    if wanted.person_id is not None:
        found.append(Event.person_id == wanted.person_id if wanted.person_id else Event.person_id.is_(None))
    if wanted.from_at is not None:
        found.append(Event.at >= wanted.from_at)
    if wanted.to_at is not None:
        found.append(Event.at < wanted.to_at)
    return [*found, _named(wanted.words)] if wanted.words else found


def _named(words: str) -> ColumnElement[bool]:
    """Things that have this in their name: of a publication it is its post's title, of a strategy its unit's.

    SQLite knows small and capital letters of English alone; of others the usual ways to write them are asked.
    """
    ways = [words] if words.isascii() else sorted({words, words.lower(), words.upper(), words.title()})
    kinds = {
        thing: select(column.parent.class_.id).where(
            or_(*(column.icontains(way, autoescape=True) for way in ways))
        )
        for thing, column in _TITLED.items()
    }
    kinds["publication"] = select(Publication.id).where(Publication.post_id.in_(kinds["post"]))
    kinds["strategy"] = select(Strategy.id).where(Strategy.unit_id.in_(kinds["unit"]))
    return or_(*(and_(Event.thing == thing, Event.thing_id.in_(ids)) for thing, ids in kinds.items()))


def _in_sight(session: Session, scope: Scope, wanted: Wanted) -> ColumnElement[bool] | None:
    """What the asker may look up; None for everything there is."""
    units = scope.units if wanted.one_thing else scope.units_with(Right.HISTORY)
    people = scope.units_with(Right.PEOPLE)
    # A role at the top is not enough: what belongs to no unit tells of passwords, tokens and links.
    all_of_them = scope.units_with(Right.HISTORY) & people
    if all_of_them and not session.scalar(select(exists().where(Unit.id.not_in(all_of_them)))):
        return None
    by_unit = wanted.thing_id is None and are_few(units)
    mine = (Event.unit_id if by_unit else Aside(Event.unit_id)).in_(units)
    return or_(mine, and_(Event.unit_id.is_(None), _of_people(people))) if people else mine


def _of_people(units: Collection[int]) -> ColumnElement[bool]:
    """What people of these units did outside of any unit, and what was done to them."""
    theirs = select(Membership.person_id).where(Membership.unit_id.in_(units))
    return or_(Event.person_id.in_(theirs), and_(Event.thing == "person", Event.thing_id.in_(theirs)))


def names(session: Session, scope: Scope, rows: Iterable[EventRow]) -> dict[tuple[str, int], str]:
    """Names of the things of some events, by kind and id, in one question; of other units' things none."""
    wanted: dict[str, set[int]] = {}
    for row in rows:
        wanted.setdefault(row.thing, set()).add(row.thing_id)
    parts = [_names_of(thing, ids, scope) for thing, ids in wanted.items() if thing in _TITLED]
    if "publication" in wanted:
        parts.append(
            select(literal("publication").label("thing"), Publication.id, Post.title.label("name"))
            .join(Post, Post.id == Publication.post_id)
            .where(Publication.id.in_(wanted["publication"]), Publication.unit_id.in_(scope.units))
        )
    if "strategy" in wanted:
        parts.append(
            select(literal("strategy").label("thing"), Strategy.id, Unit.name.label("name"))
            .join(Unit, Unit.id == Strategy.unit_id)
            .where(Strategy.id.in_(wanted["strategy"]), Strategy.unit_id.in_(scope.units))
        )
    if not parts:
        return {}
    return {(thing, id_): name for thing, id_, name in session.execute(union_all(*parts))}


def _names_of(thing: str, ids: Collection[int], scope: Scope) -> Select[*tuple[Any, ...]]:
    column = _TITLED[thing]
    model: Any = column.parent.class_
    question = select(literal(thing).label("thing"), model.id, column.label("name")).where(model.id.in_(ids))
    if thing == "person":  # the event itself is in sight, and it names them
        return question
    place = model.id if thing == "unit" else model.unit_id
    return question.where(place.in_(scope.units | scope.shared if thing == "channel" else scope.units))


def people(session: Session, scope: Scope, locale: str = "en") -> list[tuple[int, str]]:
    """Whom one can look for: people with a role in the asker's units, by name."""
    units = scope.units_with(Right.HISTORY)
    held = select(Membership.person_id).where(Membership.unit_id.in_(units))
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(held))).all()
    return in_order([(row.id, row.name) for row in rows], lambda row: row[1], locale)
