"""A post of one upright video: written in a browser or by a program, judged by what the public saw."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page, expect

from tests.support.installation import Installation
from tests.support.videos import clip

TITLE, TEXT = "Sari walks along the shelves", "All along the shelves, and then one book. Sari found it."
COMMENT = "Where to find it: https://saarivesi.example/shelves"
ASKED = "Can somebody who does not hear it follow?"
SIZE = (720, 1280)
PART = 256 * 1024
# Seconds that a busy machine may take from a post that waits for its second. How late it is where nobody
# takes any is shown by faults/test_on_time, and measured by the bench.
LATE = 15.0


def video() -> bytes:
    """Four seconds, upright, with sound, as a phone films them."""
    return clip(4, SIZE, frames=30, sound="aac")


def write(page: Page, installation: Installation, folder: Path) -> None:
    """Fill in the composer: a reel with a first comment, on the profile a story."""
    file = folder / "shelves.mp4"
    file.write_bytes(video())
    page.goto(f"{installation.address}/posts/new")
    page.get_by_label("Human").check()
    page.get_by_label("Working title").fill(TITLE)
    page.get_by_label("Text", exact=True).fill(TEXT)
    page.locator("main input[type=file]").set_input_files(file)
    page.get_by_label(ASKED).select_option(label="Nothing is said in it", timeout=60_000)
    page.get_by_label("Form", exact=True).select_option("reel")
    page.locator("summary", has_text="First comment").first.click()
    page.get_by_label("What does it say?").fill(COMMENT)
    profile = page.locator("details[id^='variant.']", has_text="@saarivesi.library")
    profile.locator("summary").first.click()
    profile.get_by_label("Form on").select_option("story")
    expect(page.get_by_label(ASKED).first).to_have_value("silent")


def send(client: httpx.Client, unit_id: int) -> int:
    """Send the video in parts as a program on a weak line would; its id."""
    data, about = video(), {"unit_id": unit_id, "name": "shelves.mp4"}
    key = client.post("uploads", json={**about, "size": len(data)}).raise_for_status().json()["key"]
    for offset in range(0, len(data), PART):
        part = data[offset : offset + PART]
        client.patch(
            f"uploads/{key}", content=part, headers={"upload-offset": str(offset)}
        ).raise_for_status()
    answer = client.post(f"uploads/{key}/finish")
    while answer.status_code == 409:
        assert answer.json()["code"] == "upload_being_read", answer.text
        answer = client.post(f"uploads/{key}/finish")
    made: int = answer.raise_for_status().json()["id"]
    return made


def content(asset_id: int, story_on: int) -> dict[str, Any]:
    """What a program writes: a reel with a first comment, on one channel a story."""
    story = {"channel_id": story_on, "format": "story", "first_comment": ""}
    about = {"title": TITLE, "tone": "human", "text": TEXT, "format": "reel", "first_comment": COMMENT}
    return {**about, "asset_ids": [asset_id], "variants": [story]}


def rows(installation: Installation) -> list[dict[str, Any]]:
    """What the public saw appear that moves."""
    return [row for row in installation.public() if row["videos"]]


def is_whole(installation: Installation) -> bool:
    """Whether everything is there: on both channels, and what is said below the reel."""
    return len(rows(installation)) == 2 and bool(_comments(installation))


def check_seen(installation: Installation, due: datetime, kinds: Mapping[str, str]) -> None:
    """Once on each network in its form, at its time; below the reel alone the first comment, once.

    `kinds`: network -> kind as the public log names it.
    """
    seen = rows(installation)
    assert sorted((row["network"], row["kind"]) for row in seen) == sorted(kinds.items())
    for row in seen:
        assert [(one["width"], one["height"]) for one in row["videos"]] == [SIZE]
        assert 0 <= (datetime.fromisoformat(row["real_at"]) - due).total_seconds() < LATE
    reel = next(row for row in seen if row["kind"].endswith("reel"))
    assert reel["message"] == TEXT
    assert [(row["message"], row["on"] in reel["ids"]) for row in _comments(installation)] == [
        (COMMENT, True)
    ]


def _comments(installation: Installation) -> list[dict[str, Any]]:
    return [row for row in installation.public() if row["kind"] == "comment"]
