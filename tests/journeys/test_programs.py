"""A human post of two pictures, for a page and its profile, through the API alone, by two people."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from PIL import Image
from playwright.sync_api import Browser

from tests.journeys.test_browser import _begin, _wait
from tests.support.browser import open_page
from tests.support.installation import Installation

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
            timeout=20,
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
    due = datetime.now(UTC) + timedelta(seconds=15)
    planned = {
        network: f"publications/{_plan(aino, post['id'], channel, due)}"
        for network, channel in channels.items()
    }
    _wait(lambda: all(aino.get(one)["permalink"] for one in planned.values()), 60)
    check_seen(installation, due)
    _read_its_numbers(aino, installation, planned)
    kinds = [row["kind"] for row in aino.get(f"{planned['instagram']}/attempts")["items"]]
    assert kinds.count("show") == 1
    _taken_down(aino, installation, planned["facebook"])
    aino.client.close()
    mikael.client.close()


def check_seen(installation: Installation, due: datetime) -> None:
    """The public saw it once on the page and once on the profile, whole, within a second of its time."""
    seen = installation.public()
    assert sorted(row["network"] for row in seen) == ["facebook", "instagram"]
    for row in seen:
        assert row["message"] == TEXT
        assert [picture["alt_text"] for picture in row["pictures"]] == [alt for _, alt in SHOWN]
        assert 0 <= (datetime.fromisoformat(row["real_at"]) - due).total_seconds() < 1


def _read_its_numbers(program: Program, installation: Installation, planned: dict[str, str]) -> None:
    installation.practice.post("clock", json={"days": 7}).raise_for_status()
    _wait(lambda: all(program.get(f"{one}/readings")["items"] for one in planned.values()), 30)
    readings = {network: program.get(f"{one}/readings")["items"][-1] for network, one in planned.items()}
    assert readings["facebook"]["reach"] is not None
    assert (readings["facebook"]["saves"], readings["instagram"]["saves"] is None) == (None, False)


def _plan(program: Program, post_id: int, channel_id: int, due: datetime) -> int:
    body = {"channel_id": channel_id, "due_at": due.isoformat()}
    planned: int = program.post(f"posts/{post_id}/publications", body)["id"]
    return planned


def _taken_down(program: Program, installation: Installation, one: str) -> None:
    program.post(f"{one}/remove", {"note": "the wrong trolley"})
    _wait(lambda: program.get(one)["status"] == "removed", 20)
    log = installation.practice.get("public-log").json()["log"]
    assert [row["network"] for row in log if row["event"] == "disappeared"] == ["facebook"]


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
    _wait(lambda: program.get(f"channels/{found['instagram']}")["reach"] == "ok", 30)
    return found
