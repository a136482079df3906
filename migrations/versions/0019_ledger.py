"""The ledger: minutes with people, minutes on posts.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# What an entry is about may go; the minutes stay.
_ABOUT = {"idea_id": "ideas", "post_id": "posts", "publication_id": "publications"}


def upgrade() -> None:
    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        *(sa.Column(column, sa.Integer(), nullable=True) for column in _ABOUT),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_ledger_entries_person_id_people"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_ledger_entries_unit_id_units"),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=f"fk_ledger_entries_{column}_{table}", ondelete="SET NULL"
            )
            for column, table in _ABOUT.items()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_entries"),
    )
    op.create_index("ix_ledger_entries_unit_day", "ledger_entries", ["unit_id", "day"])
    op.create_index("ix_ledger_entries_person_day", "ledger_entries", ["person_id", "day"])
    for column in _ABOUT:
        op.create_index(f"ix_ledger_entries_{column}", "ledger_entries", [column])


def downgrade() -> None:
    op.drop_table("ledger_entries")
