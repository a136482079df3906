"""What the search looks through: the words of long texts, folded, kept in step by every insert and update."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    String,
    Text,
    delete,
    event,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.functions import FunctionElement

from app.domain.finding import fold, fold_once, part_of
from app.foundation.database import Base, table_of
from app.models.assets import Asset
from app.models.ideas import Idea
from app.models.posts import Post, Review, Revision, RevisionVariant

POST, PICTURE, COMMENT, IDEA = "post", "picture", "comment", "idea"


class SearchEntry(Base):
    """One thing's words, folded by `domain.finding`. `kind`: post (its newest revision), picture, comment or
    idea.

    `words` holds each word once, those of `title` too. `unit_id`: of the thing, to look at few.
    """

    __tablename__ = "search_entries"
    __table_args__ = (
        Index("uq_search_entries_kind_thing", "kind", "thing_id", unique=True),
        Index("ix_search_entries_kind_unit", "kind", "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    thing_id: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    title: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)


def entry(kind: str, thing_id: int, unit_id: int, title: str, text: str) -> dict[str, Any]:
    """The row of a thing, for whoever lays in many at once."""
    found = {"kind": kind, "thing_id": thing_id, "unit_id": unit_id, "title": fold(title)}
    return {**found, "words": fold_once(f"{title} {text}")}


def put(connection: Connection, kind: str, thing_id: int, unit_id: int, title: str, text: str) -> None:
    """Lay a thing's words in, in place of what was there."""
    _take_out(connection, kind, thing_id)
    connection.execute(insert(table_of(SearchEntry)).values(**entry(kind, thing_id, unit_id, title, text)))


def _take_out(connection: Connection, kind: str, thing_id: int) -> None:
    table = table_of(SearchEntry)
    connection.execute(delete(table).where(table.c.kind == kind, table.c.thing_id == thing_id))


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


def holds(kind: str, thing_id: Any, words: Sequence[str]) -> ColumnElement[bool]:
    """Whether the thing of a row holds all of some folded words, for lists that have an order already."""
    entry = SearchEntry
    return (
        select(entry.id)
        .where(entry.kind == kind, entry.thing_id == thing_id)
        .where(*(Holds(entry.words, part_of(word)) for word in words))
        .exists()
    )


@event.listens_for(Revision, "after_insert")
def _revised(_mapper: Any, connection: Connection, made: Revision) -> None:
    posts = table_of(Post)
    unit_id = connection.scalar(select(posts.c.unit_id).where(posts.c.id == made.post_id))
    if unit_id is not None:
        text = " ".join(part for part in (made.text, made.link, made.first_comment) if part)
        put(connection, POST, made.post_id, unit_id, made.title, text)


@event.listens_for(RevisionVariant, "after_insert")
def _varied(_mapper: Any, connection: Connection, made: RevisionVariant) -> None:
    """What one channel is told differently is found too."""
    more = " ".join(part for part in (made.text, made.first_comment) if part)
    if not more:
        return
    table, revisions = table_of(SearchEntry), table_of(Revision)
    of = select(revisions.c.post_id).where(revisions.c.id == made.revision_id).scalar_subquery()
    connection.execute(
        update(table)
        .where(table.c.kind == POST, table.c.thing_id == of)
        .values(words=table.c.words + fold_once(more).lstrip())
    )


@event.listens_for(Post, "after_update")
def _rehoused(_mapper: Any, connection: Connection, post: Post) -> None:
    """A post may change its unit; its words are those of its newest revision, which came by itself."""
    if not _changed(post, "unit_id"):
        return
    table = table_of(SearchEntry)
    connection.execute(
        update(table).where(table.c.kind == POST, table.c.thing_id == post.id).values(unit_id=post.unit_id)
    )


def _changed(row: Base, *names: str) -> bool:
    return any(inspect(row).attrs[name].history.has_changes() for name in names)


@event.listens_for(Asset, "after_update")
def _described(mapper: Any, connection: Connection, asset: Asset) -> None:
    if _changed(asset, "unit_id", "name", "alt_text", "credit"):
        _pictured(mapper, connection, asset)


@event.listens_for(Asset, "after_insert")
def _pictured(_mapper: Any, connection: Connection, asset: Asset) -> None:
    put(connection, PICTURE, asset.id, asset.unit_id, asset.name, f"{asset.alt_text} {asset.credit}")


@event.listens_for(Review, "after_insert")
def _said(_mapper: Any, connection: Connection, review: Review) -> None:
    if review.comment:
        posts = table_of(Post)
        unit_id = connection.scalar(select(posts.c.unit_id).where(posts.c.id == review.post_id))
        if unit_id is not None:
            put(connection, COMMENT, review.id, unit_id, "", review.comment)


@event.listens_for(Idea, "after_insert")
def _suggested(_mapper: Any, connection: Connection, idea: Idea) -> None:
    put(connection, IDEA, idea.id, idea.unit_id, idea.title, idea.why)


@event.listens_for(Idea, "after_delete")
def _forgotten(_mapper: Any, connection: Connection, idea: Idea) -> None:
    _take_out(connection, IDEA, idea.id)
