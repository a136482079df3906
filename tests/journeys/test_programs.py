"""The same post all the way through the API alone, by two programs of two people."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from playwright.sync_api import Browser

from tests.journeys.test_browser import _begin, _wait
from tests.support.browser import open_page
from tests.support.installation import Installation


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
    channel = _connect(aino, installation, root)
    post = aino.post(
        "posts", {"unit_id": root, "title": "Ten books", "tone": "human", "text": "Sari fills one trolley."}
    )
    aino.post(f"posts/{post['id']}/submit")
    mikael.post(f"posts/{post['id']}/approve", {"revision": 1})
    due = datetime.now(UTC) + timedelta(seconds=4)
    planned = aino.post(
        f"posts/{post['id']}/publications", {"channel_id": channel, "due_at": due.isoformat()}
    )
    one = f"publications/{planned['id']}"
    _wait(lambda: aino.get(one)["status"] == "published", 20)
    seen = installation.public()
    assert [row["message"] for row in seen] == ["Sari fills one trolley."]
    assert 0 <= (datetime.fromisoformat(seen[0]["real_at"]) - due).total_seconds() < 1
    installation.practice.post("clock", json={"days": 7}).raise_for_status()
    _wait(lambda: bool(aino.get(f"{one}/readings")["items"]), 20)
    reading = aino.get(f"{one}/readings")["items"][-1]
    assert reading["reach"] is not None
    assert reading["saves"] is None
    assert [row["kind"] for row in aino.get(f"{one}/attempts")["items"]][-1] == "show"
    aino.client.close()
    mikael.client.close()


def _connect(program: Program, installation: Installation, unit_id: int) -> int:
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
    usable = [place["remote_id"] for place in done["places"] if not place["missing_tasks"]]
    program.post(f"channels/connections/{done['connection_id']}/choose", {"places": usable})
    channel: int = program.get("channels")["items"][0]["id"]
    return channel
