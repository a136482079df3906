"""`kuliss check --live`: an evening with a test page, here on the practice network, with a straw person."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli import live
from app.connectors.contract import Staged
from app.domain.networks import NetworkKind, Seen
from app.errands import live_check
from app.errands.ground import line_to
from app.errands.live_check import Bench
from app.foundation import clock
from tests.support.stand import Stand, add_profile


class Straw:
    """Answers as told: `yes` to what makes something public, and says the same to every question."""

    def __init__(self, yes: bool = True, sees: tuple[str, ...] = ()) -> None:
        self.yes, self.asked, self._sees = yes, list[str](), iter(sees)

    def agrees(self, question: str) -> bool:
        """The same each time, and yes to a test page."""
        self.asked.append(question)
        return self.yes or "test page" in question

    def says(self, question: str) -> str:
        """What comes next, then yes."""
        self.asked.append(question)
        return next(self._sees, "yes")


@pytest.fixture
def folder(stand: Stand) -> Iterator[Path]:
    """Where results are written; empty at the end."""
    data_dir = stand.ground.settings.data_dir
    yield data_dir
    for path in data_dir.glob("live-check-*"):
        path.unlink()


def test_an_evening_with_a_page(stand: Stand, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    straw = Straw(sees=("no", "on top"))
    assert live.go_through(stand.ground, str(stand.channel_id), straw) == 0, capsys.readouterr().out
    log = [(row["event"]) for row in stand.practice.public_log() if row["page"] == stand.page]
    assert log == ["appeared", "edited", "disappeared"], "it was shown, corrected and taken down again"
    [written] = folder.glob("live-check-*.txt")
    text = written.read_text(encoding="utf-8")
    assert written.stat().st_mode & 0o777 == 0o600
    assert "public posts with these words: 1" in text
    assert "LOOK" not in text
    assert stand.practice.page_token(stand.page) not in text
    public = [question for question in straw.asked if "PUBLIC" in question]
    assert len(public) == 1
    left = json.loads((folder / f"live-check-{stand.channel_id}.json").read_text(encoding="utf-8"))
    hidden = [post["id"] for post in stand.practice.state()["posts"] if not post["is_published"]]
    assert left["hidden"] in hidden
    left["at"] = "2026-01-01T00:00:00+00:00"
    (folder / f"live-check-{stand.channel_id}.json").write_text(json.dumps(left), encoding="utf-8")
    live.go_through(stand.ground, "Saarivesi", Straw(sees=("no", "on top")))
    assert "a day later: after" in capsys.readouterr().out
    with stand.database.reads() as session:
        line = line_to(session, stand.ground, stand.channel_id)
    assert line.network.look(line.access, Staged(left["hidden"])).seen is Seen.GONE


def test_whoever_says_no_makes_nothing_public(stand: Stand, folder: Path) -> None:
    straw = Straw(yes=False, sees=("no",))
    assert live.go_through(stand.ground, str(stand.channel_id), straw) == 0
    assert not any(row["page"] == stand.page for row in stand.practice.public_log())
    assert [post for post in stand.practice.state()["posts"] if not post["deleted_at"]] == []


def test_a_profile_has_rows_of_its_own_and_differences_are_told(stand: Stand, folder: Path) -> None:
    channel_id, profile = add_profile(stand)
    stand.practice.switches(
        page=profile, second_publish="second_post", container_seconds=0, media_lag_seconds=0
    )
    with stand.database.reads() as session:
        line = line_to(session, stand.ground, channel_id)
    bench = Bench(
        stand.ground,
        line,
        NetworkKind.INSTAGRAM,
        "Profile",
        Straw(sees=("no", "on top")),
        wait=lambda seconds: clock.pause(seconds / 50),  # a picture is fetched over a real line
    )
    told = {row.code: (result.state, result.words) for row, result in live_check.run(bench, {})}
    assert told["fetch"][0] == told["quota"][0] == told["hidden"][0] == told["show"][0] == live_check.FINE
    assert told["again"] == (live_check.LOOK, told["again"][1])
    assert told["again"][1].endswith("public posts with these words: 2")


def test_it_names_the_channels_that_there_are(stand: Stand, capsys: pytest.CaptureFixture[str]) -> None:
    assert live.go_through(stand.ground, "Nowhere", Straw()) == 2
    assert "Saarivesi (facebook, practice)" in capsys.readouterr().out
    assert live.run(stand.ground.settings, "1") == 2, "without a terminal nobody could say yes"
