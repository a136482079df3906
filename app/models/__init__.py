"""Our tables, one file per aggregate. Arrows go from child to parent; nothing loads by itself."""

from app.models import (
    attempts,
    channels,
    connections,
    history,
    holds,
    installations,
    leases,
    meta_apps,
    people,
    posts,
    publications,
    readings,
    remote_objects,
    repeats,
    units,
)

__all__ = [
    "attempts",
    "channels",
    "connections",
    "history",
    "holds",
    "installations",
    "leases",
    "meta_apps",
    "people",
    "posts",
    "publications",
    "readings",
    "remote_objects",
    "repeats",
    "units",
]
