"""Lent pictures: fetched by whoever has the address, for a while, and nothing else with it."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
import time_machine
from fastapi import FastAPI
from sqlalchemy import select, update

from app.errands import lend
from app.errands.ground import Ground
from app.foundation import clock
from app.foundation.database import Database
from app.models.assets import Lending
from tests.web.visitor import Visitor

BYTES = b"\xff\xd8 a picture, as far as this page cares \xff\xd9"
DIGEST = sha256(BYTES).hexdigest()


@pytest.fixture
def address(app: FastAPI, tmp_path: Path) -> str:
    """The path of a picture that has just been lent."""
    ground: Ground = app.state.ground
    source = tmp_path / "cut.jpg"
    source.write_bytes(BYTES)
    ground.store.put_rendition(DIGEST, "cut", source)
    whole = lend.lend(ground, None, None, DIGEST, "cut")
    assert whole.startswith(ground.settings.address)
    return whole.removeprefix(ground.settings.address)


def test_whoever_has_the_address_gets_the_picture(visitor: Visitor, address: str) -> None:
    answer = visitor.client.get(address)
    assert (answer.status_code, answer.content) == (200, BYTES)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers


def test_head_tells_the_same_without_the_picture(visitor: Visitor, address: str) -> None:
    answer = visitor.client.head(address)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(BYTES))


def test_only_the_hash_of_the_address_is_kept(visitor: Visitor, database: Database, address: str) -> None:
    with database.reads() as session:
        row = session.scalars(select(Lending)).one()
    secret = address.removeprefix("/m/").removesuffix(".jpg")
    kept = [str(value) for value in row.__dict__.values()]
    assert len(secret) >= 40
    assert not any(secret in value for value in kept)


def test_the_first_fetch_is_written_down(visitor: Visitor, database: Database, address: str) -> None:
    visitor.client.get(address)
    with database.reads() as session:
        assert session.scalars(select(Lending.fetched_at)).one() is not None


def test_it_ends_after_two_hours(
    visitor: Visitor, address: str, time_machine: time_machine.TimeMachineFixture
) -> None:
    time_machine.move_to(clock.now() + timedelta(minutes=119))
    assert visitor.client.get(address).status_code == 200
    time_machine.move_to(clock.now() + timedelta(minutes=2))
    assert visitor.client.get(address).status_code == 404


def test_what_was_taken_back_is_not_there(visitor: Visitor, database: Database, address: str) -> None:
    with database.writes() as session:
        session.execute(update(Lending).values(revoked_at=clock.now()))
    assert visitor.client.get(address).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/m/",
        "/m/.jpg",
        "/m/nothing.jpg",
        "/m/..%2f..%2fkeys.jpg",
        "/m/%C3%A4.jpg",
        f"/m/{DIGEST}.jpg",
        f"/media/{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}.cut.cut.jpg",
    ],
)
def test_nothing_else_can_be_reached(visitor: Visitor, address: str, path: str) -> None:
    assert address
    assert visitor.client.get(path).status_code == 404


def test_a_file_that_is_gone_is_not_there(visitor: Visitor, app: FastAPI, address: str) -> None:
    app.state.ground.store.drop(DIGEST)
    assert visitor.client.get(address).status_code == 404
