"""Two posts, of pictures and of a video, for a page and its profile, through the API alone, by two people."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.journeys import clip_post
from tests.journeys.clip_post import LATE
from tests.journeys.test_browser import _begin
from tests.support.browser import open_page
from tests.support.installation import Installation
from tests.support.waiting import comes

TEXT = "Sari fills one trolley. #library"
SHOWN = (("teal", "Sari at the shelf"), ("maroon", "A trolley with ten books"))


def jpeg(colour: str) -> bytes:
    """A picture of one colour, as a camera would write it."""
    target = io.BytesIO()
    Image.new("RGB", (1600, 1200), colour).save(target, "JPEG")
    return target.getvalue()


class Program:
    """Speaks to the API with a person's token."""

    def __init__(self, installation: Installation, email: str) -> None:
        token = installation.command(
            "token", "create", "--email", email, "--name", "a program", "--scope", "write"
        )
        self.client = httpx.Client(
            base_url=f"{installation.address}/api/v1/",
            headers={"authorization": f"Bearer {token}"},
            timeout=60,
        )

    def get(self, path: str) -> Any:
        return self.client.get(path).raise_for_status().json()

    def upload(self, unit_id: int, colour: str, alt_text: str) -> int:
        """A picture of one colour, described; its id."""
        about = {"unit_id": str(unit_id), "alt_text": alt_text, "rights": "own", "shown": "staff"}
        answer = self.client.post("assets", data=about, files={"file": ("a.jpg", jpeg(colour), "image/jpeg")})
        assert answer.is_success, answer.text
        made: int = answer.json()["id"]
        return made

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = self.client.post(path, json=body or {})
        assert answer.is_success, answer.text
        return answer.json()


@pytest.mark.timeout(240)  # two posts, real seconds; on a busy machine that adds up
def test_one_post_all_the_way(installation: Installation, browser: Browser) -> None:
    with open_page(browser) as page:
        _begin(page, installation)
    aino = Program(installation, "aino@saarivesi.example")
    root = aino.get("units")["items"][0]["id"]
    aino.post("units", {"name": "Koivuranta", "kind": "branch", "parent_id": root})
    aino.post(
        "people",
        {"name": "Mikael", "email": "mikael@saarivesi.example", "unit_id": root, "roles": ["approver"]},
    )
    mikael = Program(installation, "mikael@saarivesi.example")
    channels = _connect(aino, installation, root)
    pictures = [aino.upload(root, colour, alt) for colour, alt in SHOWN]
    post = aino.post(
        "posts",
        {"unit_id": root, "title": "Ten books", "tone": "human", "text": TEXT, "asset_ids": pictures},
    )
    aino.post(f"posts/{post['id']}/submit")
    mikael.post(f"posts/{post['id']}/approve", {"revision": 1})
    moving = _write_moving(aino, root, channels["facebook"])
    mikael.post(f"posts/{moving}/approve", {"revision": 1})
    due = datetime.now(UTC) + timedelta(seconds=15)
    planned = _planned(aino, post["id"], channels, due)
    later = _planned(aino, moving, channels, due)
    assert comes(lambda: all(aino.get(one)["permalink"] for one in planned.values()), 60, every=0.1)
    check_seen(installation, due)
    _check_moving(aino, installation, later, due)
    _read_its_numbers(aino, installation, planned)
    kinds = [row["kind"] for row in aino.get(f"{planned['instagram']}/attempts")["items"]]
    assert kinds.count("show") == 1
    _taken_down(aino, installation, planned["facebook"])
    aino.client.close()
    mikael.client.close()


def check_seen(installation: Installation, due: datetime) -> None:
    """The public saw it once on the page and once on the profile, whole, at its time."""
    seen = [row for row in installation.public() if row["pictures"]]
    assert sorted(row["network"] for row in seen) == ["facebook", "instagram"]
    for row in seen:
        assert row["message"] == TEXT
        assert [picture["alt_text"] for picture in row["pictures"]] == [alt for _, alt in SHOWN]
        assert 0 <= (datetime.fromisoformat(row["real_at"]) - due).total_seconds() < LATE


def _write_moving(program: Program, unit_id: int, story_on: int) -> int:
    """A video, refused until somebody says whether it can be followed without hearing; the post's id."""
    video = clip_post.send(program.client, unit_id)
    written = program.post("posts", {"unit_id": unit_id, **clip_post.content(video, story_on)})
    path = f"posts/{written['id']}"
    assert {one["code"] for one in program.get(f"{path}/checks")["errors"]} == {"captions_missing"}
    pictures = [{"asset_id": video, "captions": "silent"}]
    answer = program.client.patch(path, json={"revision": 1, "pictures": pictures})
    assert answer.json()["pictures"][0]["captions"] == "silent", answer.text
    program.post(f"{path}/submit")
    post_id: int = written["id"]
    return post_id


def _check_moving(
    program: Program, installation: Installation, planned: dict[str, str], due: datetime
) -> None:
    """A story on the page, on the profile a reel with what is said below it; as the API tells it too."""
    assert comes(lambda: clip_post.is_whole(installation), 60, every=0.1)
    assert comes(lambda: all(_is_settled(program.get(one)) for one in planned.values()), 60, every=0.1)
    clip_post.check_seen(installation, due, {"facebook": "video_story", "instagram": "ig_reel"})
    kinds = [row["kind"] for row in program.get(f"{planned['instagram']}/attempts")["items"]]
    assert (kinds.count("show"), kinds.count("comment")) == (1, 1)


def _is_settled(told: Any) -> bool:
    return told["status"] == "published" and bool(told["permalink"]) and told["first_comment"] is None


def _read_its_numbers(program: Program, installation: Installation, planned: dict[str, str]) -> None:
    installation.practice.post("clock", json={"days": 7}).raise_for_status()
    assert comes(
        lambda: all(program.get(f"{one}/readings")["items"] for one in planned.values()), 60, every=0.1
    )
    readings = {network: program.get(f"{one}/readings")["items"][-1] for network, one in planned.items()}
    assert readings["facebook"]["reach"] is not None
    assert (readings["facebook"]["saves"], readings["instagram"]["saves"] is None) == (None, False)


def _planned(program: Program, post_id: int, channels: dict[str, int], due: datetime) -> dict[str, str]:
    """Planned on each channel; by network where the API tells of it."""
    return {
        network: f"publications/{_plan(program, post_id, channel, due)}"
        for network, channel in channels.items()
    }


def _plan(program: Program, post_id: int, channel_id: int, due: datetime) -> int:
    body = {"channel_id": channel_id, "due_at": due.isoformat()}
    planned: int = program.post(f"posts/{post_id}/publications", body)["id"]
    return planned


def _taken_down(program: Program, installation: Installation, one: str) -> None:
    program.post(f"{one}/remove", {"note": "the wrong trolley"})
    assert comes(lambda: program.get(one)["status"] == "removed", 60, every=0.1)
    log = installation.practice.get("public-log").json()["log"]
    gone = [row["kind"] for row in log if row["event"] == "disappeared"]
    assert gone == ["video_story", "post"]  # a story is gone after a day, by itself


def _connect(program: Program, installation: Installation, unit_id: int) -> dict[str, int]:
    """One page and its profile; by network the channel's id. Waits until the profile has fetched from us."""
    begun = program.post(
        "channels/connections", {"unit_id": unit_id, "network": "facebook", "realm": "practice"}
    )
    asked = {name: values[0] for name, values in parse_qs(urlsplit(begun["url"]).query).items()}
    person = installation.practice.get("state").json()["people"][0]["id"]
    form = {"person": person, "answer": "continue", "scope": asked["scope"].split(",")}
    server = str(installation.practice.base_url).split("/control")[0]
    answer = httpx.post(f"{server}/v25.0/dialog/oauth", params=asked, data=form)
    back = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}
    done = program.post("channels/connections/finish", {"state": back["state"], "code": back["code"]})
    profile = next(
        place for place in done["places"] if place["network"] == "instagram" and not place["missing_tasks"]
    )
    places = [profile["page_id"], profile["remote_id"]]
    program.post(f"channels/connections/{done['connection_id']}/choose", {"places": places})
    found = {row["network"]: row["id"] for row in program.get("channels")["items"]}
    assert comes(lambda: program.get(f"channels/{found['instagram']}")["reach"] == "ok", 60, every=0.1)
    return found
