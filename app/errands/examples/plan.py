"""What the example library is made of, the same in every language: units, channels, rhythms, people."""

from dataclasses import dataclass

from app.domain.roles import Role
from app.domain.units import UnitKind

SEED = 20_091  # the same example each time
DAYS = 365  # of past
WEEKS_AHEAD = 2
SMALL = 0.5  # a share of posts below which only the units of `FEW` have channels
FEW = (None, 0, 4, 11, 17)
# How much further human posts are made to reach, and how much more they are answered. The pages that compare
# say "simulated": this is made up, and says nothing about real pages.
HUMAN_REACH = {"facebook": 1.25, "instagram": 1.04}
HUMAN_ANSWERS = {"facebook": 1.3, "instagram": 1.1}


@dataclass(frozen=True)
class Place:
    """A unit. `facebook`, `instagram`: posts a week there, None: no channel of its own.

    `human`: share of human posts. `followers` of the page. `silent`: days since it last posted.
    """

    kind: UnitKind
    population: int
    facebook: float | None = None
    instagram: float | None = None
    human: float = 0.35
    followers: int = 0
    silent: int = 0
    rests: bool = False


_BRANCH, _BUS = UnitKind.BRANCH, UnitKind.BOOKMOBILE
ROOT = Place(UnitKind.LIBRARY, 148_000, 4.6, 3.2, 0.42, 7_900)
# In the order of the names in texts/*/place.toml: 17 branches, two bookmobiles, home service, the library in
# Russian.
UNITS: tuple[Place, ...] = (
    Place(_BRANCH, 14_200, 2.4, 1.4, 0.5, 1_850),
    Place(_BRANCH, 12_900, 2.0, None, 0.3, 1_420),
    Place(_BRANCH, 11_400, 1.6, None, 0.25, 1_190),
    Place(_BRANCH, 9_800, 1.8, None, 0.45, 1_310),
    Place(_BRANCH, 16_500, 2.6, 1.8, 0.4, 2_240),
    Place(_BRANCH, 8_300, 1.4, None, 0.2, 980),
    Place(_BRANCH, 7_600, 1.2, None, 0.35, 760),
    Place(_BRANCH, 9_100, 1.5, None, 0.4, 870),
    Place(_BRANCH, 5_200, 1.0, None, 0.55, 690),
    Place(_BRANCH, 6_800, 1.3, None, 0.3, 810),
    Place(_BRANCH, 7_100, 1.1, None, 0.25, 640),
    Place(_BRANCH, 4_300, 0.9, None, 0.3, 510, silent=47),
    Place(_BRANCH, 3_900, 0.8, None, 0.2, 430, silent=160, rests=True),
    Place(_BRANCH, 5_700),
    Place(_BRANCH, 6_200),
    Place(_BRANCH, 3_100),
    Place(_BRANCH, 4_900),
    Place(_BUS, 9_400, 1.2, None, 0.6, 1_120),
    Place(_BUS, 7_700),
    Place(UnitKind.SERVICE, 148_000),
    Place(UnitKind.SERVICE, 11_000, 1.6, 1.0, 0.45, 1_360),
)


@dataclass(frozen=True)
class Post:
    """Somebody's role in a unit; None: in the whole library."""

    role: Role
    unit: int | None = None


# In the order of the names in texts/*/place.toml.
PEOPLE: tuple[Post, ...] = (
    Post(Role.EDITOR, None),
    Post(Role.APPROVER, None),
    Post(Role.CONTRIBUTOR, 0),
    Post(Role.MANAGER, None),
    Post(Role.COORDINATOR, None),
    Post(Role.ADMINISTRATOR, None),
    Post(Role.EDITOR, 0),
    Post(Role.EDITOR, 1),
    Post(Role.EDITOR, 2),
    Post(Role.EDITOR, 3),
    Post(Role.EDITOR, 4),
    Post(Role.EDITOR, 5),
    Post(Role.EDITOR, 6),
    Post(Role.EDITOR, 7),
    Post(Role.EDITOR, 8),
    Post(Role.EDITOR, 17),
    Post(Role.CONTRIBUTOR, 19),
    Post(Role.EDITOR, 20),
    Post(Role.EDITOR, 9),
    Post(Role.EDITOR, 10),
    Post(Role.CONTRIBUTOR, 13),
    Post(Role.APPROVER, 4),
    Post(Role.CONTRIBUTOR, 4),
    Post(Role.CONTRIBUTOR, 1),
)
EDITOR, APPROVER, CONTRIBUTOR, COORDINATOR = 0, 1, 2, 4


def place(unit: int | None) -> Place:
    """The unit at a place of `UNITS`; None: the library as a whole."""
    return ROOT if unit is None else UNITS[unit]


def places() -> list[int | None]:
    """The library as a whole and every unit below it."""
    return [None, *range(len(UNITS))]


def writer_for(unit: int | None) -> int:
    """Who writes for a unit, as a place in `PEOPLE`: its own editor, else the library's."""
    own = (at for at, one in enumerate(PEOPLE) if one.role is Role.EDITOR and one.unit == unit)
    return next(own, EDITOR)
