"""Doors for ideas without an account; an idea that was kept wakes at its unit's midnight.

Revision ID: 0018
Revises: 0017
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_IDEAS = sa.table(
    "ideas",
    *(sa.column(name, sa.Integer()) for name in ("id", "unit_id", "sender_id", "merged_into_id")),
    sa.column("parked_until", sa.Date()),
    sa.column("wakes_at", sa.DateTime(timezone=True)),
)
_UNITS = sa.table("units", sa.column("id"), sa.column("zone"))
_BESIDE = ("idea_pictures", "idea_votes", "idea_comments", "idea_posts")


def upgrade() -> None:
    _doors()
    with op.batch_alter_table("ideas") as table:
        table.alter_column("sender_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("door_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("wakes_at", sa.DateTime(timezone=True), nullable=True))
        table.create_foreign_key("fk_ideas_door_id_idea_doors", "idea_doors", ["door_id"], ["id"])
    op.create_index("ix_ideas_unit_sent", "ideas", ["unit_id", "sent_at"])
    op.create_index("ix_ideas_door_state", "ideas", ["door_id", "state"])
    _tell_when_they_wake()
    _guests()


def downgrade() -> None:
    """What came through a door has no place in the version before: it knows no idea without a sender."""
    op.drop_table("idea_guest_pictures")
    op.drop_table("idea_guests")
    _without_those_of_doors()
    op.drop_index("ix_ideas_door_state", "ideas")
    op.drop_index("ix_ideas_unit_sent", "ideas")
    with op.batch_alter_table("ideas") as table:
        table.drop_constraint("fk_ideas_door_id_idea_doors", type_="foreignkey")
        table.drop_column("wakes_at")
        table.drop_column("door_id")
        table.alter_column("sender_id", existing_type=sa.Integer(), nullable=False)
    op.drop_table("idea_doors")


def _doors() -> None:
    op.create_table(
        "idea_doors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("token_sealed", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("renewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("day_on", sa.Date(), nullable=True),
        sa.Column("day_count", sa.Integer(), nullable=False),
        sa.Column("came", sa.Integer(), nullable=False),
        sa.Column("spam", sa.Integer(), nullable=False),
        *_tied("idea_doors", unit_id="units", made_by_id="people"),
        sa.PrimaryKeyConstraint("id", name="pk_idea_doors"),
        sa.UniqueConstraint("token_hash", name="uq_idea_doors_token_hash"),
    )
    op.create_index("ix_idea_doors_unit_id", "idea_doors", ["unit_id"])


def _guests() -> None:
    op.create_table(
        "idea_guests",
        sa.Column("idea_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("follow_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=False),
        *_tied("idea_guests", idea_id="ideas"),
        sa.PrimaryKeyConstraint("idea_id", name="pk_idea_guests"),
        sa.UniqueConstraint("follow_hash", name="uq_idea_guests_follow_hash"),
    )
    op.create_table(
        "idea_guest_pictures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("source_sha256", sa.String(length=64), nullable=False),
        sa.Column("source_kind", sa.String(length=8), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        *_tied("idea_guest_pictures", idea_id="ideas"),
        sa.PrimaryKeyConstraint("id", name="pk_idea_guest_pictures"),
        sa.UniqueConstraint("key", name="uq_idea_guest_pictures_key"),
    )
    op.create_index("ix_idea_guest_pictures_idea_id", "idea_guest_pictures", ["idea_id"])


def _tell_when_they_wake() -> None:
    connection = op.get_bind()
    kept = sa.select(_IDEAS.c.id, _IDEAS.c.parked_until, _UNITS.c.zone).join(
        _UNITS, _UNITS.c.id == _IDEAS.c.unit_id
    )
    told = [
        {"its_id": row.id, "wakes": _midnight(row.parked_until, row.zone)}
        for row in connection.execute(kept.where(_IDEAS.c.parked_until.is_not(None)))
    ]
    if told:
        by_id = sa.update(_IDEAS).where(_IDEAS.c.id == sa.bindparam("its_id"))
        connection.execute(by_id.values(wakes_at=sa.bindparam("wakes")), told)


def _midnight(day: date, zone: str) -> datetime:
    """A zone that this machine does not know keeps nobody from the new version: then it is UTC's midnight."""
    try:
        return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    except (ZoneInfoNotFoundError, ValueError, OverflowError):
        return datetime.combine(day, time(), UTC)


def _without_those_of_doors() -> None:
    connection = op.get_bind()
    theirs = sa.select(_IDEAS.c.id).where(_IDEAS.c.sender_id.is_(None))
    for name in _BESIDE:
        table = sa.table(name, sa.column("idea_id"))
        connection.execute(sa.delete(table).where(table.c.idea_id.in_(theirs)))
    connection.execute(
        sa.update(_IDEAS).where(_IDEAS.c.merged_into_id.in_(theirs)).values(merged_into_id=None)
    )
    connection.execute(sa.delete(_IDEAS).where(_IDEAS.c.sender_id.is_(None)))


def _tied(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")
        for column, other in columns.items()
    ]
