"""Second factor and signing in elsewhere: authenticator apps, recovery codes, identities at a provider,
forms kept while a browser is locked.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TABLES = ("kept_forms", "provider_runs", "identities", "half_sign_ins", "recovery_codes", "second_factors")


def upgrade() -> None:
    """Nobody has a second factor yet, and nobody must have one."""
    op.add_column(
        "units", sa.Column("second_factor", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "sign_ins", sa.Column("how", sa.String(length=16), nullable=False, server_default="password")
    )
    _second_factors()
    _identities()
    _kept_forms()


def _second_factors() -> None:
    op.create_table(
        "second_factors",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_second_factors_person_id_people"),
        sa.PrimaryKeyConstraint("person_id", name="pk_second_factors"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_recovery_codes_person_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_codes"),
    )
    op.create_index("ix_recovery_codes_person_id", "recovery_codes", ["person_id"])
    op.create_table(
        "half_sign_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_half_sign_ins_person_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_half_sign_ins"),
        sa.UniqueConstraint("token_hash", name="uq_half_sign_ins_token_hash"),
    )
    op.create_index("ix_half_sign_ins_person_id", "half_sign_ins", ["person_id"])


def _identities() -> None:
    op.create_table(
        "identities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=400), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_identities_person_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_identities"),
        sa.UniqueConstraint("issuer", "subject", name="uq_identities_issuer_subject"),
        sa.UniqueConstraint("person_id", "issuer", name="uq_identities_person_id_issuer"),
    )
    op.create_table(
        "provider_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_provider_runs_person_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_provider_runs"),
        sa.UniqueConstraint("state_hash", name="uq_provider_runs_state_hash"),
    )


def _kept_forms() -> None:
    op.create_table(
        "kept_forms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_kept_forms_person_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_kept_forms"),
        sa.UniqueConstraint("key", name="uq_kept_forms_key"),
    )
    op.create_index("ix_kept_forms_person_id", "kept_forms", ["person_id"])


def downgrade() -> None:
    """Second factors, links to a provider and kept forms are gone; passwords let in as before."""
    for table in _TABLES:
        op.drop_table(table)
    op.execute("ALTER TABLE sign_ins DROP COLUMN how")
    op.execute("ALTER TABLE units DROP COLUMN second_factor")
