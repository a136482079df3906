"""Videos, reels, stories, first comments, how far a long file has been sent, what a restored copy found."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _added() -> list[tuple[str, sa.Column[object]]]:
    """Table and column; what stands in rows that are there already is the server's default."""
    wishes = "publication_wishes"
    return [
        ("assets", sa.Column("video_sha256", sa.String(length=64), nullable=True)),
        ("assets", sa.Column("video_size", sa.BigInteger(), nullable=True)),
        ("assets", sa.Column("duration_ms", sa.Integer(), nullable=True)),
        ("assets", sa.Column("frame_rate", sa.Double(), nullable=True)),
        ("assets", sa.Column("video_codec", sa.String(length=16), nullable=False, server_default="")),
        ("assets", sa.Column("audio_codec", sa.String(length=16), nullable=False, server_default="")),
        ("assets", sa.Column("captions", sa.String(length=32), nullable=True)),
        ("assets", sa.Column("poster_ms", sa.Integer(), nullable=True)),
        ("revisions", sa.Column("format", sa.String(length=32), nullable=False, server_default="post")),
        ("revisions", sa.Column("first_comment", sa.Text(), nullable=False, server_default="")),
        ("revision_variants", sa.Column("format", sa.String(length=32), nullable=True)),
        ("revision_variants", sa.Column("first_comment", sa.Text(), nullable=True)),
        ("revision_pictures", sa.Column("cover_sha256", sa.String(length=64), nullable=True)),
        ("publications", sa.Column("remote_kind", sa.String(length=32), nullable=True)),
        ("publications", sa.Column("progress", sa.Integer(), nullable=True)),
        ("holds", sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True)),
        ("holds", sa.Column("found_id", sa.String(length=100), nullable=False, server_default="")),
        ("holds", sa.Column("found_link", sa.Text(), nullable=False, server_default="")),
        (wishes, sa.Column("remote_id", sa.String(length=100), nullable=False, server_default="")),
        (wishes, sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True)),
        (wishes, sa.Column("absent_at", sa.DateTime(timezone=True), nullable=True)),
    ]


def upgrade() -> None:
    for table, column in _added():
        op.add_column(table, column)
    op.create_index("ix_assets_video_sha256", "assets", ["video_sha256"])
    _widen_ids(sa.String(length=500))


def _widen_ids(width: sa.String) -> None:
    """Where a file is sent to is longer than an id."""
    with op.batch_alter_table("remote_objects") as table:
        table.alter_column("remote_id", type_=width, existing_nullable=False)


def downgrade() -> None:
    op.execute("DELETE FROM remote_objects WHERE kind = 'upload'")
    _widen_ids(sa.String(length=100))
    op.drop_index("ix_assets_video_sha256", "assets")
    for table, column in reversed(_added()):
        # Written out, because in a batch SQLite would make the table anew and lose its partial index.
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column.name}")
