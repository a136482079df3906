"""Results: figures per published post, the answers summed up at night, and what people say about paid posts.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STALE = sa.text("stale")


def _results() -> None:
    op.create_table(
        "results",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=True),
        sa.Column("found_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("realm", sa.String(length=32), nullable=False),
        sa.Column("format", sa.String(length=32), nullable=False),
        sa.Column("paid", sa.String(length=32), nullable=False),
        sa.Column("tone", sa.String(length=32), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("day", "quarter")),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("removed", "counts")),
        *(
            sa.Column(name, sa.Integer(), nullable=True)
            for name in ("age", "views", "reach", "clicks", "comments", "engagement")
        ),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("reach_basis", "engagement_basis")),
        *(sa.Column(f"usual_{name}", sa.Double(), nullable=True) for name in ("reach", "engagement", "rate")),
        *(
            sa.Column(f"usual_{name}_n", sa.Integer(), nullable=False)
            for name in ("reach", "engagement", "rate")
        ),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name="fk_results_publication_id_publications"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_results_unit_id_units"),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_results_channel_id_channels"),
        sa.PrimaryKeyConstraint("id", name="pk_results"),
        sa.UniqueConstraint("publication_id", name="uq_results_publication_id"),
        sa.UniqueConstraint("found_id", name="uq_results_found_id"),
    )


def _indexes() -> None:
    op.create_index("ix_results_unit_day", "results", ["unit_id", "day"])
    op.create_index("ix_results_day", "results", ["day"])
    op.create_index("ix_results_unit_published", "results", ["unit_id", "published_at"])
    op.create_index("ix_results_published", "results", ["published_at"])
    op.create_index("ix_results_channel_published", "results", ["channel_id", "published_at"])
    op.create_index("ix_results_stale", "results", ["id"], sqlite_where=STALE, postgresql_where=STALE)


def _runs() -> None:
    op.create_table(
        "result_runs",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("readings_to", "found_readings_to", "found_to")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_result_runs"),
    )


def _summaries() -> None:
    op.create_table(
        "result_summaries",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("realm", sa.String(length=32), nullable=False),
        sa.Column("units", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_result_summaries_unit_id_units"),
        sa.PrimaryKeyConstraint("unit_id", "from_on", "to_on", name="pk_result_summaries"),
    )


def _marks() -> None:
    op.create_table(
        "paid_marks",
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("paid", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name="fk_paid_marks_publication_id_publications"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_paid_marks_person_id_people"),
        sa.PrimaryKeyConstraint("publication_id", name="pk_paid_marks"),
    )


def upgrade() -> None:
    _results()
    _indexes()
    _runs()
    _summaries()
    _marks()


def downgrade() -> None:
    for name in ("paid_marks", "result_summaries", "result_runs", "results"):
        op.drop_table(name)
