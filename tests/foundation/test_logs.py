"""No secret reaches the log, wherever it stood."""

import json
import logging

import pytest

from app.foundation import logs
from tests.support import plain_logs

SECRET = "EAAsecret"
SECRETS = [
    "GET /x?access_token=EAAsecret&fields=id",
    "client_secret=EAAsecret",
    "Authorization: Bearer EAAsecret",
    "OAuth EAAsecret",
    "/channels/callback?code=EAAsecret&state=EAAsecret",
    "GET /link/EAAsecret",
    "http://localhost/first/EAAsecret",
    "GET /i/EAAsecret",
    "/i/follow/EAAsecret/delete",
]


@pytest.mark.parametrize("text", SECRETS, ids=range(len(SECRETS)))
def test_texts_are_blotted(text: str) -> None:
    assert "EAAsecret" not in logs.without_secrets(text)


@pytest.mark.parametrize("form", ["text", "json"])
def test_lines_of_ours_and_of_libraries(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        logs.set_up("info", form)
        logs.get("ours").info("called", url=SECRETS[0], token=SECRET, password=SECRET, status=200)
        logging.getLogger("theirs").warning("failed: %s", SECRETS[2])
        try:
            _break(SECRET)
        except ValueError:
            logs.get("ours").exception("broken")
    finally:
        root.handlers, root.level = before, level
        plain_logs.set_up()
    said = capsys.readouterr().err
    assert SECRET not in said
    assert "called" in said
    assert "broken" in said
    if form == "json":
        assert json.loads(said.splitlines()[0])["status"] == 200


def _break(token: str) -> None:
    """Fails with a secret among its local variables, which a log must not show."""
    kept = token
    raise ValueError(len(kept))
