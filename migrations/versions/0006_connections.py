"""Connections: several people's tokens for a channel, units that may use it, channels connected again.

The token of each channel moves from its row into a row of its own, sealed as it was.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_MOVE = """
INSERT INTO channel_tokens (
    channel_id, person_id, remote_person, app_id, sealed, state, reason, in_use,
    given_at, checked_at, data_access_until
)
SELECT id, connected_by_id, '', app_id, token_sealed, token_state, token_reason, true,
    connected_at, checked_at, data_access_until
FROM channels WHERE token_sealed <> ''
"""
_BACK = """
UPDATE channels SET token_sealed = (
    SELECT sealed FROM channel_tokens WHERE channel_tokens.channel_id = channels.id AND in_use
)
WHERE id IN (SELECT channel_id FROM channel_tokens WHERE in_use)
"""


def upgrade() -> None:
    _channel_tokens()
    _channel_units()
    # Without a foreign key of the database's: on SQLite it would make the table anew.
    op.add_column("connections", sa.Column("channel_id", sa.Integer(), nullable=True))
    op.execute(_MOVE)
    op.execute("ALTER TABLE channels DROP COLUMN token_sealed")


def _channel_tokens() -> None:
    op.create_table(
        "channel_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("remote_person", sa.String(length=64), nullable=False),
        sa.Column("app_id", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("in_use", sa.Boolean(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("data_access_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name="fk_channel_tokens_channel_id_channels"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_channel_tokens_person_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_channel_tokens"),
        sa.UniqueConstraint("channel_id", "person_id", name="uq_channel_tokens_channel_id_person_id"),
    )
    op.create_index("ix_channel_tokens_person_id", "channel_tokens", ["person_id"])
    op.create_index(
        "uq_channel_tokens_in_use",
        "channel_tokens",
        ["channel_id"],
        unique=True,
        sqlite_where=sa.text("in_use"),
        postgresql_where=sa.text("in_use"),
    )


def _channel_units() -> None:
    op.create_table(
        "channel_units",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_channel_units_channel_id_channels"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_channel_units_unit_id_units"),
        sa.PrimaryKeyConstraint("channel_id", "unit_id", name="pk_channel_units"),
    )
    op.create_index("ix_channel_units_unit_id", "channel_units", ["unit_id"])


def downgrade() -> None:
    op.add_column("channels", sa.Column("token_sealed", sa.Text(), nullable=False, server_default=""))
    op.execute(_BACK)
    # Only the units below a channel's unit could use it, so "its unit alone" takes away and gives nothing.
    op.execute("UPDATE channels SET used_by = 'unit' WHERE used_by = 'units'")
    op.execute("ALTER TABLE connections DROP COLUMN channel_id")
    op.drop_table("channel_units")
    op.drop_table("channel_tokens")
