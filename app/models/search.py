"""What the search looks through: the words of long texts, folded, kept in step by every insert and update."""

from typing import Any

from sqlalchemy import (
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
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.finding import fold, fold_once
from app.foundation.database import Base, table_of
from app.models.assets import Asset
from app.models.posts import Post, Review, Revision, RevisionVariant

POST, PICTURE, COMMENT = "post", "picture", "comment"


class SearchEntry(Base):
    """One thing's words, folded by `domain.finding`. `kind`: post (its newest revision), picture or comment.

    `words` holds each word once, those of `title` too. `unit_id`: of the post or picture, to look at few.
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


def put(connection: Connection, kind: str, thing_id: int, unit_id: int, title: str, text: str) -> None:
    """Lay a thing's words in, in place of what was there."""
    table = table_of(SearchEntry)
    connection.execute(delete(table).where(table.c.kind == kind, table.c.thing_id == thing_id))
    values = {"kind": kind, "thing_id": thing_id, "unit_id": unit_id, "title": fold(title)}
    connection.execute(insert(table).values(**values, words=fold_once(f"{title} {text}")))


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
