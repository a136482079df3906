"""An approver's own correction: on whose right to approve a yes stands. And how many people live by a unit.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Yeses so far stand on the right of whoever said them."""
    # Without a foreign key of the database's: on SQLite it would make the table anew.
    op.add_column("reviews", sa.Column("approver_id", sa.Integer(), nullable=True))
    op.add_column("units", sa.Column("population", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Drop them. A yes of a writer then counts for no channel, as they have no right to approve."""
    op.drop_column("units", "population")
    op.drop_column("reviews", "approver_id")
