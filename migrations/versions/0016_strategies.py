"""Strategies in versions per unit, the talk about drafts; posts name a pillar and a goal.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_DRAFT = "from_on IS NULL"


def upgrade() -> None:
    _strategies()
    _points()
    op.create_table(
        "strategy_comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("strategy_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_tied("strategy_comments", strategy_id="strategies", person_id="people"),
        sa.PrimaryKeyConstraint("id", name="pk_strategy_comments"),
    )
    op.create_index("ix_strategy_comments_strategy_id", "strategy_comments", ["strategy_id"])
    # Without foreign keys: SQLite could only get them by making the table of all posts anew.
    op.add_column("posts", sa.Column("pillar_id", sa.Integer(), nullable=True))
    op.add_column("posts", sa.Column("goal_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("posts", "goal_id")
    op.drop_column("posts", "pillar_id")
    for table in ("strategy_comments", "strategy_lines", "strategy_points", "strategies"):
        op.drop_table(table)


def _strategies() -> None:
    op.create_table(
        "strategies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("mix_low", sa.Integer(), nullable=True),
        sa.Column("mix_high", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("interaction_percent", sa.Integer(), nullable=True),
        sa.Column("minutes_per_week", sa.Integer(), nullable=True),
        sa.Column("house_rules", sa.Text(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("own_goals", sa.Boolean(), nullable=False),
        sa.Column("own_audiences", sa.Boolean(), nullable=False),
        sa.Column("own_pillars", sa.Boolean(), nullable=False),
        sa.Column("open_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("adopted_by_id", sa.Integer(), nullable=True),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=True),
        *_tied("strategies", unit_id="units", created_by_id="people", adopted_by_id="people"),
        sa.PrimaryKeyConstraint("id", name="pk_strategies"),
        sa.UniqueConstraint("unit_id", "number", name="uq_strategies_unit_id_number"),
    )
    op.create_index(
        "uq_strategies_draft",
        "strategies",
        ["unit_id"],
        unique=True,
        sqlite_where=sa.text(_DRAFT),
        postgresql_where=sa.text(_DRAFT),
    )


def _points() -> None:
    op.create_table(
        "strategy_points",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        *_tied("strategy_points", unit_id="units"),
        sa.PrimaryKeyConstraint("id", name="pk_strategy_points"),
    )
    op.create_index("ix_strategy_points_unit_id", "strategy_points", ["unit_id"])
    op.create_table(
        "strategy_lines",
        sa.Column("strategy_id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        *_tied("strategy_lines", strategy_id="strategies", point_id="strategy_points"),
        sa.PrimaryKeyConstraint("strategy_id", "point_id", name="pk_strategy_lines"),
    )
    op.create_index("ix_strategy_lines_point_id", "strategy_lines", ["point_id"])


def _tied(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")
        for column, other in columns.items()
    ]
