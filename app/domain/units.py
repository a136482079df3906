"""Units: the tree that a library is made of."""

from enum import StrEnum


class UnitKind(StrEnum):
    """What a unit is; the list is wide on purpose, a unit need not be a branch."""

    NETWORK = "network"
    LIBRARY = "library"
    AREA = "area"
    BRANCH = "branch"
    BOOKMOBILE = "bookmobile"
    SERVICE = "service"
    REGION = "region"


def path_of(parent_path: str, unit_id: int) -> str:
    """The place of a unit in the tree, "/1/4/9/": a subtree is everything that begins with it."""
    return f"{parent_path or '/'}{unit_id}/"


def ancestors(path: str) -> list[int]:
    """Ids of the units above the one with this path, the top first."""
    return [int(part) for part in path.strip("/").split("/")[:-1]]


def root_of(path: str) -> int:
    """Id of the unit at the top of the tree that a path leads down from."""
    return int(path.split("/")[1])


def is_within(path: str, top_path: str) -> bool:
    """Whether a unit is the top unit itself or stands below it."""
    return path.startswith(top_path)
