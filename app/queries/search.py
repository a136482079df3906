"""The search across everything that the asker may see; what they may not see is not even counted.

Long texts are looked through folded (see `domain.finding`), in the database; the few names of people, units
and channels are compared here. First what begins with the words in its title, then what begins with them
anywhere, then what holds them inside of a word; among equals the newest.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Select, and_, bindparam, case, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement

from app.domain.finding import INSIDE_FROM, asked, begins, fold, is_found
from app.domain.naming import in_order
from app.domain.roles import Scope
from app.foundation.database import AnyRow
from app.models.assets import Asset
from app.models.channels import Channel
from app.models.people import Person
from app.models.posts import Post, Review, Revision
from app.models.publications import Publication
from app.models.search import COMMENT, PICTURE, POST, SearchEntry
from app.models.units import Unit
from app.queries import channels, people, units

KINDS = ("posts", "publications", "pictures", "comments", "people", "units", "channels")


@dataclass(frozen=True)
class Group:
    """What was found of one kind: how many, and the rows of one page."""

    kind: str
    total: int
    rows: Sequence[Any]


class Holds(FunctionElement[bool]):
    """Whether a text holds a part, letter for letter: no pattern, no alphabet, the same on both databases."""

    inherit_cache = True
    type = Boolean()


@compiles(Holds)
def _position(element: Holds, compiler: Any, **options: Any) -> str:
    return f"(strpos({compiler.process(element.clauses, **options)}) > 0)"


@compiles(Holds, "sqlite")
def _instr(element: Holds, compiler: Any, **options: Any) -> str:
    return f"(instr({compiler.process(element.clauses, **options)}) > 0)"


def found(
    session: Session, scope: Scope, query: str, kind: str, limit: int, skip: int = 0, locale: str = "en"
) -> Group:
    """What is found of one of KINDS: `limit` rows after the first `skip`. Nothing for no words."""
    words = asked(query)
    if not words:
        return Group(kind, 0, ())
    if kind in _TEXTS:
        given: dict[str, Any] = {f"begin{n}": f" {word}" for n, word in enumerate(words)}
        given |= {f"part{n}": word for n, word in enumerate(words)}
        statement = _TEXTS[kind](tuple(len(word) >= INSIDE_FROM for word in words))
        given |= {"units": list(scope.units), "above": list(scope.shared), "most": limit, "before": skip}
        rows = session.execute(statement, given).all()
        return Group(kind, rows[0].total if rows else 0, rows)
    named = _NAMES[kind](session, scope, locale)
    fits = [row for row in named if is_found(words, row[1])]
    first = sorted(fits, key=lambda row: not begins(words, row[1]))  # sorted keeps equals in their order
    return Group(kind, len(fits), [row[0] for row in first[skip : skip + limit]])


def _conditions(inside: Sequence[bool]) -> tuple[ColumnElement[bool], ColumnElement[int]]:
    """Whether an entry holds all words, and how well: 0 best. `inside`: of each word, whether a part does."""
    entry = SearchEntry
    parts = [
        Holds(entry.words, bindparam(f"part{n}" if long else f"begin{n}")) for n, long in enumerate(inside)
    ]
    in_title = and_(*(Holds(entry.title, bindparam(f"begin{n}")) for n in range(len(inside))))
    anywhere = and_(*(Holds(entry.words, bindparam(f"begin{n}")) for n in range(len(inside))))
    return and_(*parts), case((in_title, 0), (anywhere, 1), else_=2)


def _within(column: Any, units: str = "units") -> ColumnElement[bool]:
    return column.in_(bindparam(units, expanding=True))  # type: ignore[no-any-return]


def _in_sight(column: Any) -> ColumnElement[bool]:
    return _within(column) | _within(column, "above")


@cache
def _posts(inside: tuple[bool, ...]) -> Select[*tuple[Any, ...]]:
    holds, rank = _conditions(inside)
    first = (
        select(Post.id, rank.label("rank"), Post.changed_at, func.count().over().label("total"))
        .join(SearchEntry, SearchEntry.thing_id == Post.id)
        .where(SearchEntry.kind == POST, _within(SearchEntry.unit_id), _within(Post.unit_id), holds)
        .order_by(rank, Post.changed_at.desc(), Post.id.desc())
        .limit(bindparam("most"))
        .offset(bindparam("before"))
        .subquery()
    )
    return (
        select(
            Post.id, Post.title, Post.tone, Post.status, Post.changed_at, Unit.name.label("unit"),
            Revision.text, first.c.total,
        )
        .join(first, first.c.id == Post.id)
        .join(Unit, Unit.id == Post.unit_id)
        .outerjoin(Revision, Revision.id == Post.revision_id)
        .order_by(first.c.rank, Post.changed_at.desc(), Post.id.desc())
    )  # fmt: skip


@cache
def _publications(inside: tuple[bool, ...]) -> Select[*tuple[Any, ...]]:
    """Those of the posts that are found; what is to come and what was lately out stand first."""
    holds, rank = _conditions(inside)
    first = (
        select(Publication.id, rank.label("rank"), func.count().over().label("total"))
        .join(SearchEntry, SearchEntry.thing_id == Publication.post_id)
        .where(SearchEntry.kind == POST, _within(SearchEntry.unit_id), _within(Publication.unit_id), holds)
        .order_by(rank, Publication.due_at.desc(), Publication.id.desc())
        .limit(bindparam("most"))
        .offset(bindparam("before"))
        .subquery()
    )
    return (
        select(
            Publication.id, Publication.post_id, Post.title, Post.tone, Publication.status,
            Publication.due_at, Publication.zone, Channel.name.label("channel"), Channel.network,
            Channel.realm, Unit.name.label("unit"), first.c.total,
        )
        .join(first, first.c.id == Publication.id)
        .join(Post, Post.id == Publication.post_id)
        .join(Channel, Channel.id == Publication.channel_id)
        .join(Unit, Unit.id == Publication.unit_id)
        .order_by(first.c.rank, Publication.due_at.desc(), Publication.id.desc())
    )  # fmt: skip


@cache
def _pictures(inside: tuple[bool, ...]) -> Select[*tuple[Any, ...]]:
    holds, rank = _conditions(inside)
    return (
        select(
            Asset.id, Asset.name, Asset.alt_text, Asset.sha256, Asset.created_at,
            Unit.name.label("unit"), func.count().over().label("total"),
        )
        .join(SearchEntry, SearchEntry.thing_id == Asset.id)
        .join(Unit, Unit.id == Asset.unit_id)
        .where(
            SearchEntry.kind == PICTURE, _in_sight(SearchEntry.unit_id), Asset.removed_at.is_(None), holds,
            _within(Asset.unit_id) | (_within(Asset.unit_id, "above") & Asset.shared),
        )
        .order_by(rank, Asset.created_at.desc(), Asset.id.desc())
        .limit(bindparam("most"))
        .offset(bindparam("before"))
    )  # fmt: skip


@cache
def _comments(inside: tuple[bool, ...]) -> Select[*tuple[Any, ...]]:
    holds, rank = _conditions(inside)
    return (
        select(
            Review.id, Review.post_id, Post.title, Review.comment, Person.name.label("person"), Review.at,
            func.count().over().label("total"),
        )
        .join(SearchEntry, SearchEntry.thing_id == Review.id)
        .join(Post, Post.id == Review.post_id)
        .join(Person, Person.id == Review.person_id)
        .where(SearchEntry.kind == COMMENT, _within(SearchEntry.unit_id), _within(Post.unit_id), holds)
        .order_by(rank, Review.at.desc(), Review.id.desc())
        .limit(bindparam("most"))
        .offset(bindparam("before"))
    )  # fmt: skip


Folded = Sequence[tuple[Any, str]]


def _people(session: Session, scope: Scope, locale: str) -> Folded:
    return [(row, fold(f"{row.name} {row.email}")) for row in people.people(session, scope, locale)]


def _units(session: Session, scope: Scope, locale: str) -> Folded:
    rows = [row for row in units.tree(session, scope, locale) if row.open]
    return [(row, fold(row.name)) for row in in_order(rows, lambda row: row.name, locale)]


def _channels(session: Session, scope: Scope, locale: str) -> Folded:
    rows: Sequence[AnyRow] = channels.listed(session, scope)
    return [(row, fold(f"{row.name} {row.unit}")) for row in in_order(rows, lambda row: row.name, locale)]


_TEXTS: Mapping[str, Callable[[tuple[bool, ...]], Select[*tuple[Any, ...]]]] = {
    "posts": _posts,
    "publications": _publications,
    "pictures": _pictures,
    "comments": _comments,
}
_NAMES: Mapping[str, Callable[[Session, Scope, str], Folded]] = {
    "people": _people,
    "units": _units,
    "channels": _channels,
}
