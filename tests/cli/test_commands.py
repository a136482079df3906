"""The commands, on SQLite: from an empty folder to a first link and tokens; plain words for trouble."""

from pathlib import Path

import pytest

from app.actions import first_visit
from app.cli import main
from app.foundation.database import open_database
from tests.actions.test_sign_ins import beginning

EMAIL = "aino@library.example"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder that the settings name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DATABASE_URL", "")
    return tmp_path / "data"


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    code = main(list(words))
    out = capsys.readouterr()
    return code, out.out.strip(), out.err.strip()


def test_from_nothing_to_a_token(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "migrate")[0] == 0
    code, link, _ = said(capsys, "create-admin")
    assert code == 0
    assert link.startswith("http://localhost:8000/first/")
    database = open_database(f"sqlite:///{folder / 'kuliss.db'}")
    with database.writes() as session:
        first_visit.begin(session, link.rsplit("/", 1)[1], beginning(email=EMAIL), "hash")
    database.engine.dispose()
    assert said(capsys, "create-admin")[0] == 1
    assert said(capsys, "create-admin", "--email", EMAIL.upper())[1].startswith("http://localhost:8000/link/")
    code, token, _ = said(capsys, "token", "create", "--email", EMAIL, "--name", "Script", "--scope", "write")
    assert code == 0
    assert token.startswith("kuliss_")
    _, listed, _ = said(capsys, "token", "list", "--email", EMAIL)
    assert listed.split()[1] == "write"
    assert said(capsys, "token", "revoke", listed.split()[0])[0] == 0
    assert said(capsys, "token", "list", "--email", EMAIL)[1] == f"{EMAIL} has no tokens."


def test_what_is_wrong_is_said_plainly(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit, match="First run: kuliss migrate"):
        main(["create-admin"])
    said(capsys, "migrate")
    code, _, error = said(capsys, "token", "list", "--email", "nobody@library.example")
    assert (code, error) == (1, "--email: Nobody with this e-mail address has an open account.")
    assert said(capsys, "token", "revoke", "77")[0] == 1
    monkeypatch.setenv("PORT", "many")
    code, _, error = said(capsys, "migrate")
    assert code == 2
    assert error.startswith("Setting PORT:")
    monkeypatch.setenv("PORT", "8000")
    monkeypatch.setenv("PUBLIC_URL", "kuliss.example.org")
    assert said(capsys, "check")[2].strip() == (
        "Setting PUBLIC_URL: it must be an address that begins with https://"
    )


def test_a_database_that_is_not_there(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{folder}/no/such/folder.db")
    code, _, error = said(capsys, "migrate")
    assert code == 1
    assert "Look at DATABASE_URL" in error
