"""The register of channels: plans, silences, closings. No channel changes its state by this.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _plans()
    op.create_table(
        "channel_silences",
        sa.Column("channel_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        *_tied("channel_silences", channel_id="channels"),
        sa.PrimaryKeyConstraint("channel_id", name="pk_channel_silences"),
    )
    op.create_table(
        "channel_closings",
        sa.Column("channel_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("elsewhere", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *_tied("channel_closings", channel_id="channels", begun_by_id="people"),
        sa.PrimaryKeyConstraint("channel_id", name="pk_channel_closings"),
    )
    op.create_table(
        "closing_steps",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        *_tied("closing_steps", channel_id="channels", done_by_id="people"),
        sa.PrimaryKeyConstraint("channel_id", "step", name="pk_closing_steps"),
    )


def downgrade() -> None:
    for table in ("closing_steps", "channel_closings", "channel_silences", "channel_plans"):
        op.drop_table(table)


def _plans() -> None:
    op.create_table(
        "channel_plans",
        sa.Column("channel_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("purposes", sa.JSON(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("audiences", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("hours_a_week", sa.Double(), nullable=True),
        sa.Column("home_link", sa.Text(), nullable=False),
        sa.Column("rank", sa.String(length=32), nullable=True),
        sa.Column("risks", sa.Text(), nullable=False),
        sa.Column("service", sa.String(length=100), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("privacy_on", sa.Date(), nullable=True),
        sa.Column("privacy_decision", sa.String(length=32), nullable=True),
        sa.Column("privacy_by", sa.String(length=200), nullable=False),
        sa.Column("privacy_note", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("turned_down_on", sa.Date(), nullable=True),
        sa.Column("turned_down_why", sa.Text(), nullable=False),
        sa.Column("turned_down_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        *_tied("channel_plans", channel_id="channels", turned_down_by_id="people", changed_by_id="people"),
        sa.PrimaryKeyConstraint("channel_id", name="pk_channel_plans"),
    )


def _tied(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")
        for column, other in columns.items()
    ]
