"""Deputies, and what somebody leaves behind: keepers of channels, stand-ins, hand-overs, erased names,
and how far history was looked through.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_TABLES = ("history_looks", "hand_overs", "stand_ins", "channel_keepers")


def upgrade() -> None:
    op.add_column("people", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    _channel_keepers()
    _stand_ins()
    _hand_overs()
    op.create_table(
        "history_looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found", sa.JSON(), nullable=True),
        sa.Column("told", sa.JSON(), nullable=True),
        sa.Column("whole_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_history_looks"),
    )


def _channel_keepers() -> None:
    op.create_table(
        "channel_keepers",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("deputy_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name="fk_channel_keepers_channel_id_channels"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name="fk_channel_keepers_owner_id_people"),
        sa.ForeignKeyConstraint(["deputy_id"], ["people.id"], name="fk_channel_keepers_deputy_id_people"),
        sa.PrimaryKeyConstraint("channel_id", name="pk_channel_keepers"),
    )
    for column in ("owner_id", "deputy_id"):
        op.create_index(f"ix_channel_keepers_{column}", "channel_keepers", [column])


def _stand_ins() -> None:
    op.create_table(
        "stand_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_stand_ins_person_id_people"),
        sa.ForeignKeyConstraint(["deputy_id"], ["people.id"], name="fk_stand_ins_deputy_id_people"),
        sa.ForeignKeyConstraint(["named_by_id"], ["people.id"], name="fk_stand_ins_named_by_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_stand_ins"),
    )
    op.create_index("ix_stand_ins_person_until", "stand_ins", ["person_id", "until_at"])
    op.create_index("ix_stand_ins_deputy_until", "stand_ins", ["deputy_id", "until_at"])


def _hand_overs() -> None:
    op.create_table(
        "hand_overs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("things", sa.JSON(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["from_id"], ["people.id"], name="fk_hand_overs_from_id_people"),
        sa.ForeignKeyConstraint(["to_id"], ["people.id"], name="fk_hand_overs_to_id_people"),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_hand_overs_by_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_hand_overs"),
    )
    op.create_index("ix_hand_overs_to_seen", "hand_overs", ["to_id", "seen_at"])


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
    op.drop_column("people", "erased_at")
