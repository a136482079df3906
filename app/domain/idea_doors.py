"""Doors: links by which somebody without an account sends an idea, how often, and how long they are known."""

from collections.abc import Collection
from datetime import timedelta

from app.domain.roles import Right, Scope

DOOR_NAME_MOST = 100
GUEST_NAME_MOST = 100
DOORS_MOST = 30  # open ones of one unit
PICTURES_MOST = 3
# What one door takes: a class of pupils may stand before a poster, a program shall not fill the house.
TRIES_MOST = 30  # within a window, of one door, and of one network address
A_DAY_MOST = 100
WAITING_MOST = 300  # nobody reads more than so many; then the door waits for answers
QUICKEST = timedelta(seconds=2)  # no person writes a sentence in less
LONGEST = timedelta(days=1)  # so old may a form be that somebody has open
# Who sent it is known so long after what became of it was told; without an answer not longer than a year.
KNOWN_AFTER = timedelta(days=90)
KNOWN_MOST = timedelta(days=365)
# Who may make a door and close one: who answers ideas, and who looks after the people or the channels.
KEEPERS = frozenset({Right.WRITE, Right.CHANNELS})


def keeps(rights: Collection[Right]) -> bool:
    """Whether somebody with these rights at a unit looks after its doors."""
    return bool(KEEPERS.intersection(rights))


def place(door_id: int) -> str:
    """What a door's secret is sealed for."""
    return f"idea_doors:{door_id}:token"


def keepers_units(scope: Scope) -> frozenset[int]:
    """Ids of the units whose doors the asker looks after."""
    return frozenset(unit_id for unit_id, rights in scope.rights.items() if keeps(rights))
