"""Ideas of many units are listed in the order in which they were sent, without looking at all of them.

Revision ID: 0024
Revises: 0023
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_ideas_sent", "ideas", ["sent_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_ideas_sent", "ideas")
