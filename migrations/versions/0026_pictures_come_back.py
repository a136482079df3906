"""A picture in quarantine knows the idea that it was sent with, and goes back to it when that waits again.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("idea_guest_pictures", sa.Column("came_with_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.execute("ALTER TABLE idea_guest_pictures DROP COLUMN came_with_id")
