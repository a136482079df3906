"""What the facts of an event are about: which of them name people, units, channels and posts, by number."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PEOPLE = frozenset({"by", "of", "to", "owner_id", "deputy_id", "right_of"})
UNITS = frozenset({"units"})
CHANNELS = frozenset({"channel_id"})
POSTS = frozenset({"copy_of"})
# Where a person's name was written down before history held numbers alone: verb -> the fact.
OLD_NAMES = {"assigned": "name", "approved": "wrote"}


@dataclass(frozen=True)
class Known:
    """Names by id, as far as the reader may see them. `here`: names in old facts that somebody still has."""

    people: Mapping[int, str] = field(default_factory=dict)
    units: Mapping[int, str] = field(default_factory=dict)
    channels: Mapping[int, str] = field(default_factory=dict)
    posts: Mapping[int, str] = field(default_factory=dict)
    here: frozenset[str] = frozenset()


NOTHING = Known()


def with_names_of_today(verb: str, facts: Mapping[str, Any], known: Known, instead: str) -> dict[str, Any]:
    """The facts; `instead` stands in the place of a name that nobody has any more.

    So a name that was erased is not read in facts of before history held numbers alone, which are sealed.
    """
    key = OLD_NAMES.get(verb)
    if key is None or not facts.get(key) or facts[key] in known.here:
        return dict(facts)
    return {**facts, key: instead}
