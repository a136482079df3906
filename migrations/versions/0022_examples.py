"""Examples: the example library, and the one way in which entries of history may go again.

History can still only be added to. The exception: an entry that was never sealed, that is the example's, and
only while the example is being removed. Entries of the example are never sealed, all others within seconds.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_ITS_OWN = """
    NOT EXISTS (SELECT 1 FROM history_seals WHERE history_id = OLD.id)
    AND EXISTS (SELECT 1 FROM examples WHERE state = 'going')
    AND (
        EXISTS (SELECT 1 FROM example_people WHERE person_id = OLD.person_id)
        OR EXISTS (
            SELECT 1 FROM examples JOIN units AS top ON top.id = examples.unit_id
            JOIN units AS its ON its.path LIKE top.path || '%'
            WHERE its.id = OLD.unit_id
        )
    )
"""


def upgrade() -> None:
    op.create_table(
        "examples",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("part", sa.String(20), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(8), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_examples_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_examples"),
    )
    op.create_table(
        "example_people",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_example_people_person_id_people"),
        sa.PrimaryKeyConstraint("person_id", name="pk_example_people"),
    )
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite(f"WHEN NOT ({_ITS_OWN})")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER history_only_added ON history")
        op.execute("DROP FUNCTION history_goes_with_example()")
        op.execute(
            "CREATE TRIGGER history_only_added BEFORE UPDATE OR DELETE ON history "
            "FOR EACH ROW EXECUTE FUNCTION history_only_added()"
        )
    else:
        _guard_sqlite()
    op.drop_table("example_people")
    op.drop_table("examples")


def _guard_sqlite(unless: str = "") -> None:
    op.execute("DROP TRIGGER history_no_delete")
    op.execute(
        f"CREATE TRIGGER history_no_delete BEFORE DELETE ON history {unless} "
        "BEGIN SELECT RAISE(ABORT, 'history can only be added to'); END"
    )


def _guard_postgresql() -> None:
    op.execute("DROP TRIGGER history_only_added ON history")
    op.execute(
        sa.text(
            "CREATE FUNCTION history_goes_with_example() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF TG_OP = 'DELETE' AND {_ITS_OWN} THEN RETURN OLD; END IF; "
            "RAISE EXCEPTION 'history can only be added to'; END $$"
        )
    )
    op.execute(
        "CREATE TRIGGER history_only_added BEFORE UPDATE OR DELETE ON history "
        "FOR EACH ROW EXECUTE FUNCTION history_goes_with_example()"
    )
