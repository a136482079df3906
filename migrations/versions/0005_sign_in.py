"""Sign-in: mails with a one-time link, which is made only when the mail is sent.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Mails may have a link."""
    op.add_column("mails", sa.Column("link_hours", sa.Integer(), nullable=True))


def downgrade() -> None:
    """They have none."""
    op.drop_column("mails", "link_hours")
