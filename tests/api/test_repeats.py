"""What is sent twice is done once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from typing import Any

import pytest
from sqlalchemy import select, update

from app.foundation.database import Database
from app.models.people import ApiToken
from app.models.posts import Post
from app.models.repeats import Repeat
from tests.api.program import Program
from tests.cast import Cast


def body(cast: Cast, title: str = "Once") -> dict[str, Any]:
    return {"unit_id": cast.koivuranta.id, "title": title}


def titles(database: Database) -> list[str]:
    with database.reads() as session:
        return list(session.scalars(select(Post.title).order_by(Post.id)))


def test_the_second_time_gets_the_first_answer(editor: Program, cast: Cast, database: Database) -> None:
    first = editor.ask("POST", "posts", body(cast), "a-key")
    again = editor.ask("POST", "posts", body(cast), "a-key")
    assert (first.status_code, first.content) == (again.status_code, again.content) == (201, first.content)
    assert "idempotent-replay" not in first.headers
    assert again.headers["idempotent-replay"] == "true"
    assert titles(database) == ["Once"]


def test_another_body_is_refused(editor: Program, cast: Cast, database: Database) -> None:
    editor.post("posts", body(cast), "a-key")
    told = editor.refused("POST", "posts", body(cast, "Twice"), key="a-key")
    assert told == (422, [("Idempotency-Key", "key_reused")])
    assert titles(database) == ["Once"]


def test_a_route_may_be_written_at_any_length(editor: Program, draft: int) -> None:
    path = f"posts/{'0' * 300}{draft}/withdraw"
    first = editor.post(path, key="a-key")
    assert (first["status"], editor.post(path, key="a-key")) == ("withdrawn", first)


def test_a_key_belongs_to_a_token_and_a_route(
    editor: Program, program: Callable[..., Program], cast: Cast, draft: int
) -> None:
    made = editor.post("posts", body(cast), "a-key")["id"]
    assert program(cast.editor).post("posts", body(cast), "a-key")["id"] != made
    assert editor.ask("POST", f"posts/{made}/withdraw", key="a-key").status_code == 200
    assert editor.ask("POST", f"posts/{draft}/withdraw", key="a-key").json()["id"] == draft


def test_without_a_key_twice_is_twice(editor: Program, cast: Cast, database: Database) -> None:
    editor.post("posts", body(cast))
    editor.post("posts", body(cast))
    assert len(titles(database)) == 2


def test_a_refusal_does_not_use_the_key(editor: Program, cast: Cast) -> None:
    assert editor.ask("POST", "posts", body(cast, " "), "a-key").status_code == 422
    assert editor.ask("POST", "posts", body(cast), "a-key").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_keys_that_are_none(editor: Program, cast: Cast, key: str) -> None:
    assert editor.refused("POST", "posts", body(cast), key=key) == (422, [("Idempotency-Key", "key_length")])


def test_a_key_is_kept_for_48_hours(editor: Program, cast: Cast, database: Database) -> None:
    first = editor.post("posts", body(cast), "a-key")["id"]
    _age(database, timedelta(hours=47, minutes=59))
    assert editor.post("posts", body(cast), "a-key")["id"] == first
    _age(database, timedelta(minutes=2))
    assert editor.post("posts", body(cast), "a-key")["id"] != first


def _age(database: Database, by: timedelta) -> None:
    with database.writes() as session:
        for row in session.scalars(select(Repeat)):
            row.created_at -= by


def test_what_is_shown_once_is_not_kept_readable(editor: Program, database: Database) -> None:
    first = editor.post("tokens", {"name": "Shown"}, "a-key")["token"]
    assert editor.post("tokens", {"name": "Shown"}, "a-key")["token"] == first
    with database.reads() as session:
        kept = session.scalars(select(Repeat.answer)).one()
        assert len(session.scalars(select(ApiToken.id).where(ApiToken.name == "Shown")).all()) == 1
    assert kept is not None
    assert first not in kept


def test_an_answer_that_other_keys_sealed(editor: Program, cast: Cast, database: Database) -> None:
    editor.post("posts", body(cast), "a-key")
    with database.writes() as session:
        session.execute(update(Repeat).values(key="b-key"))
    assert editor.refused("POST", "posts", body(cast), key="b-key") == (409, [(None, "key_answer_lost")])


def test_two_at_the_same_moment_do_it_once(editor: Program, cast: Cast, database: Database) -> None:
    together = Barrier(4)

    def send(_: int) -> tuple[int, bytes, str | None]:
        together.wait(timeout=20)
        answer = editor.ask("POST", "posts", body(cast), "a-key")
        return answer.status_code, answer.content, answer.headers.get("idempotent-replay")

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert {(status, text) for status, text, _ in answers} == {(201, answers[0][1])}
    assert sorted(str(replay) for *_, replay in answers) == ["None", "true", "true", "true"]
    assert titles(database) == ["Once"]


def test_work_in_steps_is_told_to_be_running(
    program: Callable[..., Program], cast: Cast, channels: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, coordinator = Event(), Event(), program(cast.coordinator)

    def slow(*_: object) -> None:
        begun.set()
        assert go_on.wait(timeout=20)

    monkeypatch.setattr("app.errands.connect.check_as", slow)
    path = f"channels/{channels.own}/check"
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(coordinator.ask, "POST", path, None, "a-key")
        assert begun.wait(timeout=20)
        assert coordinator.refused("POST", path, key="a-key") == (409, [(None, "key_running")])
        go_on.set()
        assert first.result().json()["answered"] is False
    again = coordinator.ask("POST", path, key="a-key")
    assert again.content == first.result().content
    assert again.headers["idempotent-replay"] == "true"


def test_steps_that_were_refused_do_not_use_the_key(editor: Program, cast: Cast) -> None:
    wrong = {"state": "x", "code": "y"}
    for _ in range(2):
        told = editor.refused("POST", "channels/connections/finish", wrong, key="a-key")
        assert told == (422, [("state", "callback_unknown")])
