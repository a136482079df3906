"""What is typed in the composer and not saved yet.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unsaved_forms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_unsaved_forms_person_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_unsaved_forms"),
        sa.UniqueConstraint("person_id", "key", name="uq_unsaved_forms_person_id_key"),
    )
    op.create_index("ix_unsaved_forms_form", "unsaved_forms", ["form"])
    op.create_index("ix_unsaved_forms_changed_at", "unsaved_forms", ["changed_at"])


def downgrade() -> None:
    """What nobody has saved yet is gone from the server; browsers keep what they have."""
    op.drop_table("unsaved_forms")
