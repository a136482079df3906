"""Fills a library of pictures into a filled database: rows without files, over two years like posts.

A quarter belongs to the editor's branch, every tenth of the units above it is shared with all below.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import func, insert, select, text

from app.domain.pictures import Rights, Shown
from app.domain.roles import Role
from app.foundation import clock
from app.foundation.database import Base, Database, table_of
from app.models.assets import Asset
from app.models.posts import Post, Revision, RevisionPicture
from tests.benchmarks.filling import BRANCHES, HOME
from tests.benchmarks.lives import SPAN

UNITS = HOME - 1 + BRANCHES
CARRIED = 10  # pictures of the post that is measured
RARE = "zeppelin"  # a word of one picture, the oldest
_THINGS = (
    "Reading dogs",
    "The novel circle",
    "A cart full of books",
    "Night library",
    "Äiti ja lapsi",
    "Returns",
)
_PLACES = ("in the children's room", "at the loan desk", "on the red carpet", "under the stairs")
_MADE_BY = ("", "Liisa Virta", "City archive", "")


@dataclass(frozen=True)
class Shelved:
    """How many; a picture of the editor's branch; a post of CARRIED pictures in the composer."""

    pictures: int
    picture: int
    post: int


def shelve(database: Database, pictures: int) -> Shelved:
    """Put in so many. Every second post that was there carries one or two of its unit's."""
    now = clock.now().replace(microsecond=0)
    rows = list(_assets(pictures, now))
    _insert(database, Asset, rows)
    own: dict[int, list[int]] = {}
    for row in rows:
        own.setdefault(row["unit_id"], []).append(row["id"])
    post = _post_with_many(database, now)
    _insert(database, RevisionPicture, list(_carried(database, own, post)))
    _tidy(database)
    return Shelved(pictures, own[HOME][-5], post)


def _assets(pictures: int, now: datetime) -> Iterator[dict[str, Any]]:
    shown, rights = list(Shown), list(Rights)
    for number in range(1, pictures + 1):
        unit_id = HOME if number % 4 == 0 else number % UNITS + 1
        digest = sha256(str(number).encode()).hexdigest()
        words = RARE if number == 4 else f"{_THINGS[number % 6]} {_PLACES[number // 6 % 4]}"
        described = number % 9 != 1
        yield {
            "id": number, "unit_id": unit_id, "sha256": digest, "source_sha256": digest,
            "source_kind": "jpeg", "name": f"IMG_{number:05}.JPG", "width": 4000, "height": 3000,
            "size": 3_400_000, "alt_text": f"{words}, {number}" if described else "", "decorative": False,
            "credit": _MADE_BY[number % 4], "rights": rights[number % 5] if described else None,
            "shown": shown[number // 4 % 4] if described else None, "focal_x": 0.5, "focal_y": 0.4,
            "shared": unit_id < HOME and number % 10 == 0,
            "added_by_id": (unit_id - 1) * len(Role) + list(Role).index(Role.EDITOR) + 1,
            "created_at": now - SPAN + SPAN * (number / pictures), "changed_at": now, "removed_at": None,
        }  # fmt: skip


def _post_with_many(database: Database, now: datetime) -> int:
    """A draft of the editor's branch that can be written on; without pictures so far."""
    with database.writes() as session:
        found = session.scalars(
            select(Post).where(Post.unit_id == HOME, Post.status == "draft").order_by(Post.id.desc()).limit(1)
        ).one()
        found.changed_at = now
        return found.id


def _carried(database: Database, own: dict[int, list[int]], post_id: int) -> Iterator[dict[str, Any]]:
    with database.reads() as session:
        rows = session.execute(
            select(func.max(Revision.id), Post.id, Post.unit_id)
            .join(Post, Post.id == Revision.post_id)
            .group_by(Post.id, Post.unit_id)
        ).all()
    for revision_id, number, unit_id in rows:
        many = CARRIED if number == post_id else (number % 4 in (0, 1)) + (number % 8 == 0)
        there = own.get(unit_id, [])
        for position in range(min(many, len(there))):
            yield {
                "revision_id": revision_id, "channel_id": None, "position": position,
                "asset_id": there[(number * 7 + position) % len(there)], "alt_text": "Three dogs on a carpet",
                "decorative": False, "crops": {}, "focal_x": 0.5, "focal_y": 0.4,
            }  # fmt: skip


def _insert(database: Database, model: type[Base], rows: list[dict[str, Any]]) -> None:
    for begin in range(0, len(rows), 5000):
        with database.writes() as session:
            session.execute(insert(table_of(model)), rows[begin : begin + 5000])


def _tidy(database: Database) -> None:
    """What a PostgreSQL does by itself within a minute, and a counter that knows of the rows."""
    if database.is_sqlite:
        return
    with database.writes() as session:
        session.execute(text("SELECT setval('assets_id_seq', (SELECT max(id) + 1 FROM assets))"))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
