"""The week and the month: promised rhythms and slots, calendar feeds, what the search looks through.

Revision ID: 0009
Revises: 0008
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

AT_ONCE = 1000
_LOCAL = ("local_due", "unit_id", "channel_id", "status", "post_id")


def _promises() -> None:
    op.create_table(
        "rhythms",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("at_least", sa.Integer(), nullable=False),
        sa.Column("at_most", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_rhythms_channel_id_channels"),
        sa.PrimaryKeyConstraint("channel_id", name="pk_rhythms"),
    )
    op.create_table(
        "slots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("local_time", sa.Time(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_slots_channel_id_channels"),
        sa.PrimaryKeyConstraint("id", name="pk_slots"),
        sa.UniqueConstraint(
            "channel_id", "weekday", "local_time", name="uq_slots_channel_id_weekday_local_time"
        ),
    )


def _feeds() -> None:
    op.create_table(
        "feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_feeds_person_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_feeds"),
        sa.UniqueConstraint("person_id", name="uq_feeds_person_id"),
        sa.UniqueConstraint("token_hash", name="uq_feeds_token_hash"),
    )


def _entries() -> sa.Table:
    made = op.create_table(
        "search_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_search_entries_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_search_entries"),
    )
    op.create_index("uq_search_entries_kind_thing", "search_entries", ["kind", "thing_id"], unique=True)
    op.create_index("ix_search_entries_kind_unit", "search_entries", ["kind", "unit_id"])
    return made


# What is there already is folded as the app folded words when this was written.
_KEPT = frozenset("åäöøæ")
_WORD = re.compile(r"[^\W_]+")
_POSTS = """
    SELECT p.id, p.unit_id, r.title, r.text || ' ' || r.link || ' ' || r.first_comment,
           r.id AS revision_id
    FROM posts p JOIN revisions r ON r.id = p.revision_id WHERE p.id > :after ORDER BY p.id LIMIT :most"""
_VARIANTS = """
    SELECT revision_id, coalesce(text, '') || ' ' || coalesce(first_comment, '')
    FROM revision_variants WHERE revision_id IN :ids ORDER BY id"""
_PICTURES = """
    SELECT id, unit_id, name, alt_text || ' ' || credit
    FROM assets WHERE id > :after ORDER BY id LIMIT :most"""
_COMMENTS = """
    SELECT v.id, p.unit_id, '', v.comment FROM reviews v JOIN posts p ON p.id = v.post_id
    WHERE v.comment <> '' AND v.id > :after ORDER BY v.id LIMIT :most"""


def _letter(sign: str) -> str:
    if sign.isascii() or sign in _KEPT:
        return sign
    bare = "".join(p for p in unicodedata.normalize("NFD", sign) if not unicodedata.combining(p))
    return bare or ("" if unicodedata.combining(sign) else " ")


def _fold(text: str) -> str:
    small = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    words = list(dict.fromkeys(_WORD.findall("".join(map(_letter, small)))))
    return f" {' '.join(words)} " if words else " "


def _fill(table: sa.Table, kind: str, question: str) -> None:
    bind, after = op.get_bind(), 0
    while rows := bind.execute(sa.text(question), {"after": after, "most": AT_ONCE}).all():
        more: dict[int, str] = {}
        if kind == "post":
            variants = sa.text(_VARIANTS).bindparams(sa.bindparam("ids", expanding=True))
            for revision_id, text in bind.execute(variants, {"ids": [row[4] for row in rows]}):
                more[revision_id] = f"{more.get(revision_id, '')} {text}"
        bind.execute(
            sa.insert(table),
            [
                {
                    "kind": kind, "thing_id": row[0], "unit_id": row[1], "title": _fold(row[2]),
                    "words": _fold(f"{row[2]} {row[3]} {more.get(row[4], '') if kind == 'post' else ''}"),
                }
                for row in rows
            ],
        )  # fmt: skip
        after = rows[-1][0]


def upgrade() -> None:
    _promises()
    _feeds()
    entries = _entries()
    for kind, question in (("post", _POSTS), ("picture", _PICTURES), ("comment", _COMMENTS)):
        _fill(entries, kind, question)
    op.create_index("ix_publications_local", "publications", list(_LOCAL))


def downgrade() -> None:
    op.drop_index("ix_publications_local", table_name="publications")
    for name in ("search_entries", "feeds", "slots", "rhythms"):
        op.drop_table(name)
