"""Audit: each entry of history is sealed with the seal of the one before; indexes to look things up by.

The entries that are there are sealed here, in order of their ids. Seals can only be added, as history itself.

Revision ID: 0010
Revises: 0009
"""

import json
from collections.abc import Iterator
from datetime import UTC
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

AT_ONCE = 1000
BEGIN = "0" * 64
_HISTORY = sa.table(
    "history",
    sa.column("id", sa.Integer()),
    sa.column("at", sa.DateTime(timezone=True)),
    *(sa.column(name) for name in ("person_id", "via", "thing", "thing_id")),
    *(sa.column(name) for name in ("unit_id", "verb", "old_state", "new_state")),
    sa.column("facts", sa.JSON()),
)
_SEALS = sa.table("history_seals", *(sa.column(name) for name in ("place", "history_id", "hash")))
_BY_PERSON_AND_UNIT = (("person", "person_id"), ("unit", "unit_id"))


def upgrade() -> None:
    op.create_table(
        "history_seals",
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("history_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["history_id"], ["history.id"], name="fk_history_seals_history_id_history"),
        sa.PrimaryKeyConstraint("place", name="pk_history_seals"),
        sa.UniqueConstraint("history_id", name="uq_history_seals_history_id"),
    )
    for name, column in _BY_PERSON_AND_UNIT:
        op.drop_index(f"ix_history_{column}", "history")
        op.create_index(f"ix_history_{name}_at", "history", [column, "at", "id"])
    op.create_index("ix_history_at", "history", ["at", "id"])
    _seal_all()
    _only_added()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER history_seals_only_added ON history_seals")
    op.drop_table("history_seals")
    op.drop_index("ix_history_at", "history")
    for name, column in _BY_PERSON_AND_UNIT:
        op.drop_index(f"ix_history_{name}_at", "history")
        op.create_index(f"ix_history_{column}", "history", [column], unique=False)


def _seal_all() -> None:
    connection, before, place = op.get_bind(), BEGIN, 0
    for rows in _in_order(connection):
        seals = []
        for row in rows:
            before, place = _seal(before, row), place + 1
            seals.append({"place": place, "history_id": row.id, "hash": before})
        connection.execute(sa.insert(_SEALS), seals)


def _in_order(connection: sa.Connection) -> Iterator[list[Any]]:
    last = 0
    question = sa.select(_HISTORY).order_by(_HISTORY.c.id).limit(AT_ONCE)
    while rows := list(connection.execute(question.where(_HISTORY.c.id > last))):
        yield rows
        last = rows[-1].id


def _seal(before: str, row: Any) -> str:
    # As `app.domain.seals` does it, written out: what is sealed once is never sealed differently.
    at = row.at.astimezone(UTC) if row.at.tzinfo else row.at
    values = [row.id, at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), *row[2:]]
    text = json.dumps([before, *values], ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode("ascii")).hexdigest()


def _only_added() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER history_seals_only_added BEFORE UPDATE OR DELETE ON history_seals "
            "FOR EACH ROW EXECUTE FUNCTION history_only_added()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER history_seals_no_{verb.lower()} BEFORE {verb} ON history_seals "
            "BEGIN SELECT RAISE(ABORT, 'history can only be added to'); END"
        )
