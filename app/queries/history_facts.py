"""The names behind the numbers in events' facts, as they are today and as far as the asker sees them."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Select, literal, select, union_all
from sqlalchemy.orm import Session

from app.domain.history_facts import CHANNELS, OLD_NAMES, PEOPLE, POSTS, UNITS, Known
from app.domain.roles import Scope
from app.models.channels import Channel
from app.models.people import Person
from app.models.posts import Post
from app.models.units import Unit


def known(session: Session, scope: Scope, events: Iterable[Any]) -> Known:
    """The names for some events (`verb`, `facts`), in one question, or none. People are named by the event
    itself, which is in sight; units, channels and posts of others are not named."""
    ids, here = _wanted(events)
    parts = [_names(kind, some, scope) for kind, some in ids.items() if some]
    if here:
        old = select(literal("here").label("kind"), Person.id, Person.name.label("name"))
        parts.append(old.where(Person.name.in_(here), Person.erased_at.is_(None)))
    found: dict[str, dict[int, str]] = {}
    for kind, id_, name in session.execute(union_all(*parts)) if parts else ():
        found.setdefault(kind, {})[id_] = name
    return Known(
        found.get("people", {}),
        found.get("units", {}),
        found.get("channels", {}),
        found.get("posts", {}),
        frozenset(found.get("here", {}).values()),
    )


_KEYS = {"people": PEOPLE, "units": UNITS, "channels": CHANNELS, "posts": POSTS}


def _wanted(events: Iterable[Any]) -> tuple[dict[str, set[int]], set[str]]:
    """Which ids are asked for, by kind, and names that stand in old facts."""
    ids: dict[str, set[int]] = {kind: set() for kind in _KEYS}
    here: set[str] = set()
    for event in events:
        for kind, keys in _KEYS.items():
            ids[kind] |= {one for key in keys for one in _ids(event.facts, key)}
        old = event.facts.get(OLD_NAMES.get(event.verb, ""))
        if isinstance(old, str) and old:
            here.add(old)
    return ids, here


def _ids(facts: Mapping[str, Any], key: str) -> list[int]:
    value = facts.get(key)
    return [one for one in (value if isinstance(value, list) else [value]) if type(one) is int]


def _names(kind: str, ids: set[int], scope: Scope) -> Select[*tuple[Any, ...]]:
    model: Any = {"people": Person, "units": Unit, "channels": Channel, "posts": Post}[kind]
    name = Post.title if model is Post else model.name
    question = select(literal(kind).label("kind"), model.id, name.label("name")).where(model.id.in_(ids))
    if model is Person:
        return question
    seen = scope.units | scope.shared if model is not Post else scope.units
    return question.where((model.id if model is Unit else model.unit_id).in_(seen))
