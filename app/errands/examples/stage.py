"""What the parts of the making share: the library as far as it stands, its dice, and how far one is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from sqlalchemy.orm import Session

from app.domain.networks import NetworkKind
from app.domain.roles import Actor
from app.domain.strategies import Kind
from app.errands.examples.plan import SEED
from app.errands.examples.texts import Library
from app.errands.ground import Ground
from app.models.people import Person
from app.queries.scopes import scope_of

Told = Callable[[str, int, int], None]  # of which part (`domain.examples.Part`) so many of so many are done


@dataclass(frozen=True)
class Line:
    """A channel of the example. `unit`: whose, as a place in `plan.UNITS` (None: the library's)."""

    channel_id: int
    unit: int | None
    network: NetworkKind
    remote_id: str
    followers: int


@dataclass
class Stage:
    """One making under way. `now`: when it began, UTC; all dates are counted from it.

    `share`: how much of a year's posts is made (1 for all); `units`, `people`: ids in the order of the plan;
    `assets`: scene -> ids of its pictures; `points`: kind -> ids of the strategy's goals and the like.
    """

    ground: Ground
    library: Library
    now: datetime
    told: Told
    share: float = 1.0
    root_id: int = 0
    units: list[int] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    assets: dict[str, list[int]] = field(default_factory=dict)
    points: dict[Kind, list[int]] = field(default_factory=dict)

    def dice(self, what: str) -> Random:
        """Chance that comes out the same each time, for each purpose its own."""
        return Random(f"{SEED}/{what}")  # noqa: S311 - it shall repeat itself, and guards nothing

    def unit_id(self, unit: int | None) -> int:
        """The id of a unit by its place in the plan."""
        return self.root_id if unit is None else self.units[unit]

    def here(self, unit: int | None) -> str:
        """How one says "there" of a unit."""
        return self.library.here if unit is None else self.library.units[unit][1]

    def actor(self, session: Session, person: int) -> Actor:
        """Somebody of the plan as the one who does something."""
        row = session.get_one(Person, self.people[person])
        return Actor(row.id, scope_of(session, row.id), row.name, row.locale)

    def lines_of(self, unit: int | None) -> list[Line]:
        """The unit's own channels."""
        return [line for line in self.lines if line.unit == unit]
