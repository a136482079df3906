"""Tokens move into a table of their own and back without loss, on both databases."""

from collections.abc import Iterator
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, text

from app.foundation.database import make_engine
from tests.support.databases import Databases, alembic_config

_UNIT = """INSERT INTO units (id, path, kind, name, zone, locale, country, created_at)
VALUES (1, '/1/', 'library', 'Saarivesi', 'Europe/Helsinki', 'fi', 'FI', '2026-01-01 00:00:00+00:00')"""
_PERSON = """INSERT INTO people (id, email, name, locale, active, created_at)
VALUES (1, 'a@example.org', 'Aino', 'fi', true, '2026-01-01 00:00:00+00:00')"""
_CHANNEL = """INSERT INTO channels (id, unit_id, network, realm, remote_id, name, used_by, state, app_id,
    token_sealed, token_state, token_reason, connected_by_id, connected_at, health, clock_offset, page_id,
    reach, reach_reason, reach_proof)
VALUES (:id, 1, 'facebook', 'meta', :remote, 'Page', 'subtree', 'active', '77', :sealed, :state, :reason, :by,
    '2026-02-03 04:05:06+00:00', '{}', 0, '', '', '', '')"""


@pytest.fixture
def before(databases: Databases) -> Iterator[Engine]:
    """A database of the time before, with three channels."""
    with databases.empty() as url:
        engine = make_engine(url)
        command.upgrade(config_of(engine), "0005")
        with engine.begin() as connection:
            connection.execute(text(_UNIT))
            connection.execute(text(_PERSON))
            for row in (
                {"id": 1, "remote": "r1", "sealed": "sealed-1", "state": "ok", "reason": "", "by": 1},
                {
                    "id": 2,
                    "remote": "r2",
                    "sealed": "sealed-2",
                    "state": "dead",
                    "reason": "gone",
                    "by": None,
                },
                {"id": 3, "remote": "r3", "sealed": "", "state": "ok", "reason": "", "by": 1},
            ):
                connection.execute(text(_CHANNEL), row)
        yield engine
        engine.dispose()


def config_of(engine: Engine) -> Any:
    """Alembic's settings for the engine's database."""
    return alembic_config(engine.url.render_as_string(hide_password=False))


def told(engine: Engine, query: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_tokens_move_and_come_back(before: Engine) -> None:
    command.upgrade(config_of(before), "0006")
    tokens = (
        "SELECT channel_id, person_id, app_id, sealed, state, reason, in_use FROM channel_tokens ORDER BY id"
    )
    assert [(*row[:6], bool(row[6])) for row in told(before, tokens)] == [
        (1, 1, "77", "sealed-1", "ok", "", True),
        (2, None, "77", "sealed-2", "dead", "gone", True),
    ]
    with before.begin() as connection:  # another person's came meanwhile
        connection.execute(text("UPDATE channel_tokens SET in_use = false WHERE channel_id = 1"))
        connection.execute(
            text(
                "INSERT INTO channel_tokens (channel_id, remote_person, app_id, sealed, state, reason, "
                "in_use, given_at) VALUES (1, '', '77', 'sealed-new', 'ok', '', true, "
                "'2026-03-03 00:00:00+00:00')"
            )
        )
        connection.execute(text("UPDATE channels SET used_by = 'units' WHERE id = 3"))
    command.downgrade(config_of(before), "0005")
    rows = told(before, "SELECT id, token_sealed, token_state, used_by FROM channels ORDER BY id")
    assert rows == [
        (1, "sealed-new", "ok", "subtree"),
        (2, "sealed-2", "dead", "subtree"),
        (3, "", "ok", "unit"),
    ]
    command.upgrade(config_of(before), "0006")
    assert len(told(before, tokens)) == 2
