"""Of posts found on the page: whether they were paid for, and their wall time. Kept answers know their shape.

Revision ID: 0014
Revises: 0013
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

AT_ONCE = 1000
_FOUND = sa.table(
    "found_posts",
    *(sa.column(name, sa.Integer()) for name in ("id", "channel_id")),
    sa.column("made_at", sa.DateTime(timezone=True)),
    sa.column("local_made", sa.DateTime()),
)
_CHANNELS = sa.table("channels", sa.column("id"), sa.column("unit_id"))
_UNITS = sa.table("units", sa.column("id"), sa.column("zone"))
# The last four are asked before every page of results: what was said or seen since the last round.
_INDEXES = (
    ("ix_found_posts_local", "found_posts", ["local_made", "channel_id", "tone"]),
    ("ix_found_posts_tone_at", "found_posts", ["tone_at"]),
    ("ix_found_posts_paid_at", "found_posts", ["paid_at"]),
    ("ix_found_posts_gone_at", "found_posts", ["gone_at"]),
    ("ix_paid_marks_at", "paid_marks", ["at"]),
)


def _added() -> list[tuple[str, sa.Column[Any]]]:
    long_ago = "1970-01-01 00:00:00.000000"  # until it is worked out below
    return [
        ("found_posts", sa.Column("local_made", sa.DateTime(), nullable=False, server_default=long_ago)),
        ("found_posts", sa.Column("paid", sa.String(length=32), nullable=False, server_default="unknown")),
        # Without a foreign key of the database's: on SQLite it would make the table anew.
        ("found_posts", sa.Column("paid_by_id", sa.Integer(), nullable=True)),
        ("found_posts", sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True)),
        ("result_summaries", sa.Column("shape", sa.Integer(), nullable=False, server_default="0")),
    ]


def upgrade() -> None:
    for table, column in _added():
        op.add_column(table, column)
    _tell_wall_times()
    for name, table, columns in _INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, table, _columns in _INDEXES:
        op.drop_index(name, table)
    for table, column in reversed(_added()):
        # Written out, because in a batch SQLite would make the table anew and lose its partial index.
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column.name}")


def _tell_wall_times() -> None:
    """On the wall of the unit whose channel it is."""
    connection = op.get_bind()
    told = (
        sa.update(_FOUND).where(_FOUND.c.id == sa.bindparam("its_id")).values(local_made=sa.bindparam("wall"))
    )
    for rows in _in_order(connection):
        connection.execute(told, [{"its_id": row.id, "wall": _wall(row.made_at, row.zone)} for row in rows])


def _wall(made: datetime, zone: str) -> datetime:
    """A zone that this machine does not know keeps nobody from the new version: then it is UTC's time."""
    instant = made if made.tzinfo else made.replace(tzinfo=UTC)
    try:
        return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return instant.astimezone(UTC).replace(tzinfo=None)


def _in_order(connection: sa.Connection) -> Iterator[list[Any]]:
    last = 0
    question = (
        sa.select(_FOUND.c.id, _FOUND.c.made_at, _UNITS.c.zone)
        .join(_CHANNELS, _CHANNELS.c.id == _FOUND.c.channel_id)
        .join(_UNITS, _UNITS.c.id == _CHANNELS.c.unit_id)
        .order_by(_FOUND.c.id)
        .limit(AT_ONCE)
    )
    while rows := list(connection.execute(question.where(_FOUND.c.id > last))):
        yield rows
        last = rows[-1].id
