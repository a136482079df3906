"""Who looks after what: the people with roles in units and above them, to be told of things there."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.duties import deputies_of
from app.domain.roles import RIGHTS, Right, Role
from app.domain.units import ancestors
from app.models.people import Membership, Person


@dataclass(frozen=True)
class Somebody:
    """A person who can be told something, in their language."""

    id: int
    name: str
    locale: str


@dataclass(frozen=True)
class Seats:
    """People by the unit where they hold a role; `tops`: administrators with their units' places."""

    people: Mapping[int, Collection[tuple[Somebody, Role]]]
    tops: Collection[tuple[Somebody, int]]

    @classmethod
    def of(cls, session: Session, paths: Collection[str]) -> "Seats":
        """The active people of the units at these paths and of all above them, and all administrators."""
        units = {one for path in paths for one in _line(path)}
        rows = session.execute(
            select(Membership.unit_id, Membership.role, Person.id, Person.name, Person.locale)
            .join(Person, Person.id == Membership.person_id)
            .where(Person.active, Membership.unit_id.in_(units) | (Membership.role == Role.ADMINISTRATOR))
            .order_by(Person.id)
        ).all()
        people: dict[int, list[tuple[Somebody, Role]]] = defaultdict(list)
        for row in rows:
            people[row.unit_id].append((Somebody(row.id, row.name, row.locale), row.role))
        tops = [(one, unit_id) for unit_id, seats in people.items() for one, role in seats
                if role is Role.ADMINISTRATOR]  # fmt: skip
        return cls(people, tops)

    def administrators(self) -> list[Somebody]:
        """Everybody who may look after the installation."""
        return [person for person, _unit in self.tops]

    def above(self, path: str) -> list[Somebody]:
        """Everybody with any role that reaches a unit."""
        return [person for unit_id in _line(path) for person, _role in self.people.get(unit_id, ())]

    def holding(self, right: Right, path: str, nearest: bool = True) -> list[Somebody]:
        """Those who hold a right in a unit: by a role there, or in the nearest unit above where any does.

        With `nearest` False all of them, up to the top.
        """
        found: list[Somebody] = []
        for unit_id in reversed(_line(path)):
            found += [one for one, role in self.people.get(unit_id, ()) if right in RIGHTS[role]]
            if found and nearest:
                break
        return found

    def present(
        self, people: Collection[Somebody], path: str, away: Mapping[int, Collection[int]]
    ) -> list[Somebody]:
        """These people, but for who is away: in their place who stands in for them, as far as roles reach.

        `away`: person -> who stands in for them. Who is away is told when there is nobody else.
        """
        wanted = deputies_of([one.id for one in people], away)
        deputies = [one for one in self.above(path) if one.id in wanted]
        there = {one.id: one for one in (*people, *deputies) if one.id not in away}
        return list(there.values() or {one.id: one for one in people}.values())


def _line(path: str) -> list[int]:
    """Ids from the top down to the unit at this path."""
    return ancestors(f"{path}0/") if path else []
