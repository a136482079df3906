"""What a program is told when nothing was done."""

from collections.abc import Callable
from gettext import NullTranslations
from http import HTTPStatus
from unittest.mock import Mock

import pytest
from fastapi import FastAPI
from sqlalchemy import delete, update

from app.actions import units
from app.foundation import clock
from app.foundation.database import Database
from app.models.identities import Identity
from app.models.people import Person
from app.models.second_factors import SecondFactor
from tests.api.program import API, Program
from tests.cast import Cast


def test_a_problem_has_what_rfc_9457_asks_and_a_fault_per_field(editor: Program, cast: Cast) -> None:
    answer = editor.ask("POST", "posts", {"unit_id": cast.koivuranta.id, "title": " ", "link": "nowhere"})
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["status"], told["title"], told["type"]) == (422, HTTPStatus(422).phrase, "about:blank")
    assert [(each["code"], each["field"]) for each in told["errors"]] == [
        ("title_missing", "title"),
        ("bad_link", "link"),
    ]
    assert told["code"] == "title_missing"
    assert told["detail"] == told["errors"][0]["detail"]


def test_sentences_are_in_the_owners_language(
    editor: Program, cast: Cast, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.words.sentences.translations", Tagged)
    with database.writes() as session:
        session.get_one(Person, cast.editor.person_id).locale = "fi"
    answer = editor.ask("POST", "posts", {"unit_id": cast.elsewhere.id, "title": "x"}).json()
    assert answer["detail"].startswith("[fi] ")
    assert answer["errors"][0]["detail"] == answer["detail"]
    assert editor.ask("GET", "nowhere", language="sv").json()["detail"].startswith("[sv] ")


class Tagged(NullTranslations):
    """A catalogue that says which one it is."""

    def __init__(self, locale: str) -> None:
        super().__init__()
        self._locale = locale

    def gettext(self, message: str) -> str:
        """The message with its language before it."""
        return f"[{self._locale}] {message}"


def test_somebody_unknown_is_told_to_bring_a_token(app: FastAPI) -> None:
    stranger = Program(app, None)
    answer = stranger.ask("GET", "posts")
    assert (answer.status_code, answer.json()["code"]) == (401, "token_needed")
    assert answer.headers["www-authenticate"] == "Bearer"
    stranger.client.headers["authorization"] = "Bearer kuliss_no"
    assert stranger.refused("GET", "posts") == (401, ["token_wrong"])


def test_a_token_that_reads_changes_nothing(program: Callable[..., Program], cast: Cast, draft: int) -> None:
    reader = program(cast.editor, "read")
    body = {"unit_id": cast.koivuranta.id, "title": "x"}
    for method, path, sent in (
        ("POST", "posts", body),
        ("PATCH", f"posts/{draft}", {"revision": 1, "title": "x"}),
        ("POST", f"posts/{draft}/submit", None),
        ("DELETE", "tokens/1", None),
        ("POST", "posts/999/submit", None),
    ):
        assert reader.refused(method, path, sent) == (403, [(None, "token_reads_only")])
    assert [post["title"] for post in reader.items("posts")] == ["Quiet hours"]


def test_a_token_is_no_way_around_the_second_factor_that_a_library_wants(
    app: FastAPI, program: Callable[..., Program], cast: Cast, database: Database
) -> None:
    editor, contributor = program(cast.editor, "read"), program(cast.contributor)
    with database.writes() as session:
        rule = units.SecondFactorRule(wanted=True)
        units.want_second_factor(session, cast.administrator, cast.network.id, rule)
    assert editor.refused("GET", "units") == (403, [(None, "token_second_factor")])
    assert contributor.items("units"), "nobody wants it of who may not publish"
    now, mine = clock.now(), cast.editor.person_id
    with database.writes() as session:
        session.add(SecondFactor(person_id=mine, sealed="", salt="x", created_at=now))
    assert editor.refused("GET", "units")[0] == 403, "begun is not set up"
    with database.writes() as session:
        session.execute(update(SecondFactor).values(confirmed_at=now))
    assert editor.items("units")
    with database.writes() as session:
        session.execute(delete(SecondFactor))
        session.add(
            Identity(person_id=mine, issuer="https://login.example", subject="1", linked_at=now, used_at=now)
        )
    assert editor.refused("GET", "units")[0] == 403, "no provider is set"
    app.state.settings = app.state.settings.model_copy(update={"oidc_issuer": "https://login.example"})
    assert editor.items("units"), "it has its own"


def test_addresses_and_methods_that_are_none(editor: Program) -> None:
    assert editor.refused("GET", "nowhere") == (404, ["not_found"])
    answer = editor.ask("DELETE", "posts")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize(
    "body",
    [b"{", b"{'a': 1}", b"\xff\xfe", b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}"],
    ids=["cut", "quotes", "bytes", "deep", "long"],
)
def test_what_is_no_json(editor: Program, body: bytes) -> None:
    answer = editor.client.post(f"{API}/posts", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] in ("malformed_json", "bad_request")


@pytest.mark.parametrize("body", [b"[]", b"null", b'"text"', b"1", b""])
def test_json_that_is_no_object(editor: Program, body: bytes) -> None:
    answer = editor.client.post(f"{API}/posts", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["code"] in ("not_json", "missing")


def test_a_form_is_no_json(editor: Program) -> None:
    answer = editor.client.post(f"{API}/posts", data={"title": "x"})
    assert (answer.status_code, answer.json()["code"]) == (422, "not_json")


def test_more_than_can_be_taken(editor: Program, cast: Cast, database: Database) -> None:
    body = {"unit_id": cast.koivuranta.id, "title": "x", "text": "x" * 1_100_000}
    assert editor.refused("POST", "posts", body) == (413, ["body_too_large"])
    untold = editor.client.post(f"{API}/posts", content=iter([b"x" * 600_000, b"x" * 600_000]))
    assert (untold.status_code, untold.json()["code"]) == (413, "body_too_large")
    assert editor.items("posts") == []


def test_a_fault_of_ours_tells_nothing_but_a_number_for_the_log(
    editor: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError("a secret")

    log = Mock()
    monkeypatch.setattr("app.main._log", log)
    monkeypatch.setattr("app.queries.tokens.tokens", break_down)
    answer = editor.ask("GET", "tokens")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "broken"
    assert answer.json()["reference"] == log.error.call_args.kwargs["reference"]
    assert "secret" not in answer.text
