"""Pictures: a library of them, variants per channel, addresses to fetch them from, work done by hand.

Also: corrections and removals of what is out, and what a network whose showing makes a new object needs.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TABLES = (
    "assets",
    "manual_places",
    "uploads",
    "revision_pictures",
    "revision_variants",
    "assignments",
    "lendings",
    "publication_wishes",
)


def _assets() -> None:
    op.create_table(
        "assets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("source_sha256", sa.String(length=64), nullable=False),
        sa.Column("source_kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("alt_text", sa.Text(), nullable=False),
        sa.Column("decorative", sa.Boolean(), nullable=False),
        sa.Column("credit", sa.String(length=200), nullable=False),
        sa.Column("rights", sa.String(length=32), nullable=True),
        sa.Column("shown", sa.String(length=32), nullable=True),
        sa.Column("focal_x", sa.Double(), nullable=False),
        sa.Column("focal_y", sa.Double(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["people.id"], name="fk_assets_added_by_id_people"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_assets_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_assets"),
    )
    op.create_index("ix_assets_added_created", "assets", ["added_by_id", "created_at"])
    op.create_index("ix_assets_created", "assets", ["created_at"])
    op.create_index("ix_assets_sha256", "assets", ["sha256"])
    op.create_index("ix_assets_unit_created", "assets", ["unit_id", "created_at"])
    op.create_index("ix_assets_unit_source", "assets", ["unit_id", "source_sha256"])


def _manual_places() -> None:
    op.create_table(
        "manual_places",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_manual_places_channel_id_channels"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_manual_places_person_id_people"),
        sa.PrimaryKeyConstraint("channel_id", name="pk_manual_places"),
    )


def _uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name="fk_uploads_asset_id_assets"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_uploads_person_id_people"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_uploads_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_uploads"),
        sa.UniqueConstraint("key", name="uq_uploads_key"),
    )
    op.create_index("ix_uploads_person_id", "uploads", ["person_id"])


def _revision_pictures() -> None:
    op.create_table(
        "revision_pictures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("alt_text", sa.Text(), nullable=False),
        sa.Column("decorative", sa.Boolean(), nullable=False),
        sa.Column("crops", sa.JSON(), nullable=False),
        sa.Column("focal_x", sa.Double(), nullable=False),
        sa.Column("focal_y", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name="fk_revision_pictures_asset_id_assets"),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name="fk_revision_pictures_channel_id_channels"
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name="fk_revision_pictures_revision_id_revisions"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_revision_pictures"),
    )
    op.create_index("ix_revision_pictures_asset_id", "revision_pictures", ["asset_id"])
    op.create_index(
        "ix_revision_pictures_revision", "revision_pictures", ["revision_id", "channel_id", "position"]
    )


def _revision_variants() -> None:
    op.create_table(
        "revision_variants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("own_pictures", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name="fk_revision_variants_channel_id_channels"
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name="fk_revision_variants_revision_id_revisions"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_revision_variants"),
        sa.UniqueConstraint("revision_id", "channel_id", name="uq_revision_variants_revision_id_channel_id"),
    )


def _assignments() -> None:
    op.create_table(
        "assignments",
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_assignments_person_id_people"),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name="fk_assignments_publication_id_publications"
        ),
        sa.PrimaryKeyConstraint("publication_id", name="pk_assignments"),
    )
    op.create_index("ix_assignments_person_id", "assignments", ["person_id"])


def _lendings() -> None:
    op.create_table(
        "lendings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.Column("publication_id", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rendition", sa.String(length=80), nullable=False),
        sa.Column("bucket_key", sa.String(length=200), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name="fk_lendings_asset_id_assets"),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name="fk_lendings_publication_id_publications"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_lendings"),
        sa.UniqueConstraint("token_hash", name="uq_lendings_token_hash"),
    )
    op.create_index("ix_lendings_expires", "lendings", ["expires_at"])
    op.create_index("ix_lendings_publication_id", "lendings", ["publication_id"])


def _publication_wishes() -> None:
    op.create_table(
        "publication_wishes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_publication_wishes_person_id_people"),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name="fk_publication_wishes_publication_id_publications"
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name="fk_publication_wishes_revision_id_revisions"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_publication_wishes"),
    )
    op.create_index("ix_publication_wishes_publication_id", "publication_wishes", ["publication_id"])


def _added() -> list[tuple[str, sa.Column[object]]]:
    """Table and column; what stands in rows that are there already is the server's default."""
    return [
        ("channels", sa.Column("page_id", sa.String(length=64), nullable=False, server_default="")),
        ("channels", sa.Column("reach", sa.String(length=8), nullable=False, server_default="")),
        ("channels", sa.Column("reach_reason", sa.String(length=40), nullable=False, server_default="")),
        ("channels", sa.Column("reach_proof", sa.String(length=100), nullable=False, server_default="")),
        ("channels", sa.Column("reach_at", sa.DateTime(timezone=True), nullable=True)),
        ("publications", sa.Column("prepare_late", sa.Boolean(), nullable=False, server_default=sa.false())),
        ("publications", sa.Column("known", sa.JSON(), nullable=False, server_default="[]")),
        ("publications", sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True)),
        ("publications", sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True)),
        ("remote_objects", sa.Column("part", sa.String(length=80), nullable=False, server_default="")),
    ]


def upgrade() -> None:
    _assets()
    _manual_places()
    _uploads()
    _revision_pictures()
    _revision_variants()
    _assignments()
    _lendings()
    _publication_wishes()
    for table, column in _added():
        op.add_column(table, column)


def downgrade() -> None:
    for table, column in reversed(_added()):
        # Written out, because in a batch SQLite would make the table anew and lose its partial index.
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column.name}")
    for name in reversed(_TABLES):
        op.drop_table(name)
