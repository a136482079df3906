"""`kuliss backup` and `kuliss restore` as a person meets them, on SQLite."""

from pathlib import Path

import pytest

from app.cli import lock, main
from app.foundation.database import open_database
from tests.builders import unit
from tests.cli.test_commands import folder, said

__all__ = ["folder"]


@pytest.fixture
def backup(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A backup of an installation with one unit, in a folder of backups."""
    said(capsys, "migrate")
    database = open_database(f"sqlite:///{folder / 'kuliss.db'}")
    with database.writes() as session:
        unit(session, "Saarivesi")
    database.engine.dispose()
    (tmp_path / "backups").mkdir()
    code, words, _ = said(capsys, "backup", str(tmp_path / "backups"))
    assert code == 0
    assert f"Keep them in another place,\nonce: {folder / 'keys'}" in words
    return next((tmp_path / "backups").glob("kuliss-*.tar"))


def test_into_an_empty_folder(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert backup.stat().st_mode & 0o77 == 0
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "new"))
    code, words, _ = said(capsys, "restore", str(backup))
    assert code == 0
    assert "Everything is back as of" in words
    assert "a person releases them" in words
    assert said(capsys, "backup", "--quiet", "--without-pictures")[:2] == (0, "")
    assert len(list((tmp_path / "new" / "backups").iterdir())) == 1


def test_refusals_change_nothing(
    backup: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "kuliss.db").read_bytes()

    def refused(*words: str) -> str:
        code, _, error = said(capsys, *words)
        assert code == 1
        return error

    assert "is there already" in refused("backup", str(backup))
    assert "add --replace" in refused("restore", str(backup))
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    assert "The word was not given." in refused("restore", "--replace", str(backup))
    with lock.held(folder):
        assert "already running" in refused("restore", "--replace", str(backup))
    half = backup.with_name("half.tar")
    half.write_bytes(backup.read_bytes()[:5000])
    assert "can't be used: " in refused("restore", "--replace", str(half))
    assert "No such file" in refused("restore", str(half.with_name("none.tar")))
    assert (folder / "kuliss.db").read_bytes() == before


def test_the_word_replaces(
    backup: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("builtins.input", lambda _: "replace")
    code, words, _ = said(capsys, "restore", "--replace", str(backup))
    assert code == 0
    assert "kuliss.db.replaced" in words
    assert main(["backup", "--quiet", str(backup.with_name("again.tar"))]) == 0
