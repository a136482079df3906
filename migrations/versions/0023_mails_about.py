"""Mails to people without an account know their idea, so that they don't go when it is taken back.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mails", sa.Column("about_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.execute("ALTER TABLE mails DROP COLUMN about_id")
