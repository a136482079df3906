"""Mails: what is to be told, what people want to be told, working hours, mails to people without an account.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _tellings()
    op.create_table(
        "mail_choices",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("off", sa.JSON(), nullable=False),
        sa.Column("any_hour", sa.Boolean(), nullable=False),
        sa.Column("digest_on", sa.Date(), nullable=True),
        *_tied("mail_choices", person_id="people"),
        sa.PrimaryKeyConstraint("person_id", name="pk_mail_choices"),
    )
    op.create_table(
        "unit_hours",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("begins", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        *_tied("unit_hours", unit_id="units"),
        sa.PrimaryKeyConstraint("unit_id", name="pk_unit_hours"),
    )
    op.add_column("mails", sa.Column("kind", sa.String(length=32), nullable=False, server_default="security"))
    op.add_column("mails", sa.Column("address", sa.String(length=254), nullable=False, server_default=""))
    _may_lack_a_person(nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM mails WHERE person_id IS NULL")
    _may_lack_a_person(nullable=False)
    op.execute("ALTER TABLE mails DROP COLUMN address")
    op.execute("ALTER TABLE mails DROP COLUMN kind")
    for table in ("unit_hours", "mail_choices", "tellings"):
        op.drop_table(table)


def _tellings() -> None:
    op.create_table(
        "tellings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("verb", sa.String(length=32), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        *_tied("tellings", unit_id="units", person_id="people", by_id="people"),
        sa.PrimaryKeyConstraint("id", name="pk_tellings"),
    )
    op.create_index("ix_tellings_next", "tellings", ["next_at"])
    op.create_index("ix_tellings_verb_about", "tellings", ["verb", "about_id"])
    op.create_index("ix_tellings_person_id", "tellings", ["person_id"])


def _may_lack_a_person(nullable: bool) -> None:
    with op.batch_alter_table("mails") as table:
        table.alter_column("person_id", existing_type=sa.Integer(), nullable=nullable)


def _tied(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")
        for column, other in columns.items()
    ]
