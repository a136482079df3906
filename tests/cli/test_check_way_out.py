"""`kuliss check` and the way out to Meta: open, shut, or not needed."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from app.cli.check_way_out import findings
from app.connectors import http
from app.errands.ground import Ground
from app.foundation import outgoing
from app.foundation.crypto import keyring
from app.foundation.database import Database
from app.foundation.settings import Settings

SHUT = "http://127.0.0.1:9"


class _Refusing(BaseHTTPRequestHandler):
    """Answers as Meta does to whoever asks for nothing: with a no, which is an answer."""

    def do_GET(self) -> None:
        self.send_response(400)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing to tell."""


@pytest.fixture
def answering() -> Iterator[str]:
    """The address of something that answers."""
    server = HTTPServer(("127.0.0.1", 0), _Refusing)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def ground(database: Database, folder: Path, **values: str) -> Ground:
    """With settings that also hold for calls."""
    settings = Settings(_env_file=None, **values)  # type: ignore[arg-type]
    outgoing.set_up(settings)
    http.set_up(2)
    return Ground(settings, database, keyring(folder, ""))


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    outgoing.set_up(Settings(_env_file=None))


def test_who_only_practises_needs_no_way_out(database: Database, tmp_path: Path) -> None:
    assert list(findings(ground(database, tmp_path), SHUT)) == []


def test_any_answer_is_a_way_out(database: Database, tmp_path: Path, answering: str) -> None:
    (found,) = findings(ground(database, tmp_path, meta_app_id="1", meta_app_secret="2"), answering)
    assert (found.well, found.words) == (True, "127.0.0.1 answers.")


def test_a_proxy_that_is_shut_is_named_without_its_password(database: Database, tmp_path: Path) -> None:
    shut = ground(database, tmp_path, https_proxy="http://me:secret@127.0.0.1:9")
    (found,) = findings(shut, "https://graph.example.org")
    assert not found.well
    assert "graph.example.org could not be reached through the proxy 127.0.0.1:9." in found.words
    assert "secret" not in found.words
