"""Posts found on the page with their readings, numbers per channel and day, and when each channel was asked.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WAITS = sa.text("tone IS NULL AND gone_at IS NULL AND NOT left_out")


def _posts() -> None:
    op.create_table(
        "found_posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("remote_id", sa.String(length=100), nullable=False),
        sa.Column("also_id", sa.String(length=100), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("network_made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("permalink", sa.Text(), nullable=False),
        sa.Column("format", sa.String(length=32), nullable=False),
        sa.Column("tone", sa.String(length=32), nullable=True),
        sa.Column("left_out", sa.Boolean(), nullable=False),
        sa.Column("tone_by_id", sa.Integer(), nullable=True),
        sa.Column("tone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reading_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_found_posts_channel_id_channels"),
        sa.ForeignKeyConstraint(["tone_by_id"], ["people.id"], name="fk_found_posts_tone_by_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_found_posts"),
        sa.UniqueConstraint("channel_id", "remote_id", name="uq_found_posts_channel_id_remote_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_found_posts_channel_made", "found_posts", ["channel_id", "made_at"])
    op.create_index(
        "ix_found_posts_waiting",
        "found_posts",
        ["channel_id", "made_at"],
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )
    op.create_index("ix_found_posts_reading", "found_posts", ["reading_at"])


def _readings() -> None:
    op.create_table(
        "found_readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("found_id", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("age", sa.Integer(), nullable=False),
        sa.Column("api_version", sa.String(length=16), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=True)
            for name in ("views", "reach", "clicks", "reactions", "comments", "shares", "saves")
        ),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["found_id"], ["found_posts.id"], name="fk_found_readings_found_id_found_posts"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_found_readings"),
    )
    op.create_index("ix_found_readings_found", "found_readings", ["found_id", "age"])


def _days() -> None:
    op.create_table(
        "channel_days",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=True)
            for name in ("followers", "reach", "views", "engagement", "visits")
        ),
        sa.Column("basis", sa.String(length=32), nullable=False),
        sa.Column("api_version", sa.String(length=16), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_channel_days_channel_id_channels"),
        sa.PrimaryKeyConstraint("channel_id", "day", name="pk_channel_days"),
    )


def _rounds() -> None:
    op.create_table(
        "channel_rounds",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.DateTime(timezone=True), nullable=True)
            for name in ("listed_at", "whole_at", "days_at", "wait_until")
        ),
        sa.Column("few_followers", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name="fk_channel_rounds_channel_id_channels"
        ),
        sa.PrimaryKeyConstraint("channel_id", name="pk_channel_rounds"),
    )


def upgrade() -> None:
    """Empty tables: what stood on the pages before is read in with the first round."""
    _posts()
    _readings()
    _days()
    _rounds()


def downgrade() -> None:
    """Take the tables away."""
    for table in ("channel_rounds", "channel_days", "found_readings", "found_posts"):
        op.drop_table(table)
