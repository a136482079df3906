"""Ideas from staff: sent, talked about, answered, become posts.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _ideas()
    _beside()
    op.create_table(
        "idea_comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_tied("idea_comments", idea_id="ideas", person_id="people"),
        sa.PrimaryKeyConstraint("id", name="pk_idea_comments"),
    )
    op.create_index("ix_idea_comments_idea_id", "idea_comments", ["idea_id"])


def downgrade() -> None:
    for table in ("idea_comments", "idea_posts", "idea_votes", "idea_pictures", "ideas"):
        op.drop_table(table)


def _ideas() -> None:
    op.create_table(
        "ideas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("parked_until", sa.Date(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("assigned_id", sa.Integer(), nullable=True),
        *_tied("ideas", unit_id="units", sender_id="people", answered_by_id="people"),
        *_tied("ideas", merged_into_id="ideas", assigned_id="people"),
        sa.PrimaryKeyConstraint("id", name="pk_ideas"),
    )
    op.create_index("ix_ideas_unit_state", "ideas", ["unit_id", "state", "since_at"])
    op.create_index("ix_ideas_sender_sent", "ideas", ["sender_id", "sent_at"])


def _beside() -> None:
    op.create_table(
        "idea_pictures",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *_tied("idea_pictures", idea_id="ideas", asset_id="assets"),
        sa.PrimaryKeyConstraint("idea_id", "asset_id", name="pk_idea_pictures"),
    )
    op.create_index("ix_idea_pictures_asset_id", "idea_pictures", ["asset_id"])
    op.create_table(
        "idea_votes",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_tied("idea_votes", idea_id="ideas", person_id="people"),
        sa.PrimaryKeyConstraint("idea_id", "person_id", name="pk_idea_votes"),
    )
    op.create_table(
        "idea_posts",
        sa.Column("post_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        *_tied("idea_posts", post_id="posts", idea_id="ideas"),
        sa.PrimaryKeyConstraint("post_id", name="pk_idea_posts"),
    )
    op.create_index("ix_idea_posts_idea_id", "idea_posts", ["idea_id"])


def _tied(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")
        for column, other in columns.items()
    ]
