"""Roles and what each may do. A role on a unit holds for the unit and everything below it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class Role(StrEnum):
    """What a person is in a unit."""

    CONTRIBUTOR = "contributor"
    EDITOR = "editor"
    APPROVER = "approver"
    MANAGER = "manager"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    """What a role allows."""

    SEE = "see"
    SUGGEST = "suggest"
    WRITE = "write"
    SCHEDULE = "schedule"
    APPROVE = "approve"
    CHANNELS = "channels"
    PEOPLE = "people"
    UNITS = "units"
    HISTORY = "history"
    STRATEGY = "strategy"


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.CONTRIBUTOR: frozenset({Right.SEE, Right.SUGGEST}),
    Role.EDITOR: frozenset({Right.SEE, Right.SUGGEST, Right.WRITE, Right.SCHEDULE}),
    Role.APPROVER: frozenset({Right.SEE, Right.SUGGEST, Right.APPROVE, Right.SCHEDULE}),
    Role.MANAGER: frozenset({Right.SEE, Right.SUGGEST, Right.HISTORY}),
    Role.COORDINATOR: frozenset(
        {Right.SEE, Right.SUGGEST, Right.CHANNELS, Right.PEOPLE, Right.HISTORY, Right.STRATEGY}
    ),
    Role.ADMINISTRATOR: frozenset(
        {Right.SEE, Right.SUGGEST, Right.CHANNELS, Right.PEOPLE, Right.UNITS, Right.HISTORY, Right.STRATEGY}
    ),
}

APPROVERS: frozenset[Role] = frozenset(role for role in Role if Right.APPROVE in RIGHTS[role])

# Who may hand out a role: nobody makes somebody mightier than themselves.
MAY_GIVE: Mapping[Role, frozenset[Role]] = {
    Role.ADMINISTRATOR: frozenset(Role),
    Role.COORDINATOR: frozenset(Role) - {Role.ADMINISTRATOR},
}

# Whose sign-in could do harm outside the house or to others' accounts: those who may put something out, say
# yes to it, or administer. A library may want a second factor of them.
POWERS = frozenset({Right.SCHEDULE, Right.APPROVE, Right.CHANNELS, Right.PEOPLE, Right.UNITS})
POWERFUL = frozenset(role for role, rights in RIGHTS.items() if rights & POWERS)


@dataclass(frozen=True)
class Scope:
    """Which units an asker may see and what they may do in each. Unknown units have no rights.

    `rights`: unit id -> rights there, every unit of the subtrees that the asker's roles hold for.
    `shared`: ids of the units above those; only what is shared downwards is seen of them.
    """

    rights: Mapping[int, frozenset[Right]] = field(default_factory=dict)
    shared: frozenset[int] = frozenset()
    roles: Mapping[int, frozenset[Role]] = field(default_factory=dict)

    @cached_property
    def units(self) -> frozenset[int]:
        """Ids of the units whose insides the asker may see."""
        return frozenset(self.rights)

    def may(self, right: Right, unit_id: int) -> bool:
        """Whether a right holds in a unit."""
        return right in self.rights.get(unit_id, frozenset())

    def units_with(self, right: Right) -> frozenset[int]:
        """Ids of all units where a right holds."""
        return frozenset(unit for unit, rights in self.rights.items() if right in rights)

    def may_give(self, unit_id: int) -> frozenset[Role]:
        """The roles that the asker may hand out in a unit."""
        given = (MAY_GIVE.get(role, frozenset()) for role in self.roles.get(unit_id, ()))
        return frozenset().union(*given)


@dataclass(frozen=True)
class Actor:
    """Who does something: a person (id) or, with None, the clock or the command line."""

    person_id: int | None
    scope: Scope
    name: str = ""
    locale: str = "en"
    via: str = "web"
    writes: bool = True
