"""The search finds ideas: the words of those that are there are laid in, folded as 0009 folds them.

Revision ID: 0025
Revises: 0024
"""

from importlib import import_module

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_IDEAS = """
    SELECT id, unit_id, title, why FROM ideas WHERE id > :after ORDER BY id LIMIT :most"""
_ENTRIES = sa.table(
    "search_entries",
    *(sa.column(name) for name in ("kind", "thing_id", "unit_id", "title", "words")),
)


def upgrade() -> None:
    import_module("migrations.versions.0009_calendar")._fill(_ENTRIES, "idea", _IDEAS)  # noqa: SLF001 - landed, it stays


def downgrade() -> None:
    op.execute(sa.delete(_ENTRIES).where(_ENTRIES.c.kind == "idea"))
