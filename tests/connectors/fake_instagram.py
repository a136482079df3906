"""A profile of Instagram in memory: containers, what becomes public, and all that is in doubt, on demand."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from app.connectors.contract import Access, Look, Outgoing, Staged
from app.connectors.failures import Unsure
from app.connectors.instagram.network import Instagram
from tests.connectors.fake_graph import TOKEN, FakeGraph, Memory, Params, app, error, lost, ok, picture

PROFILE_ID = "17841400000000001"
TEXT = "Behind the desk: Aino repairs books #library"


def access() -> Access:
    """The profile's access: its page's token."""
    return Access(app(), PROFILE_ID, TOKEN)


@dataclass
class FakeInstagram(FakeGraph):
    """The server.

    `script`: the states of coming containers, used up first; "FINISHED" after that. `second`: what a second
    media_publish does: "error", "same" or "again" (another public post). `status_lag`, `list_lag`: how many
    readings after a publishing still tell the old. `unseen`: ids that are answered as if they were not there.
    """

    containers: dict[str, dict[str, Any]] = field(default_factory=dict)
    media: dict[str, dict[str, Any]] = field(default_factory=dict)
    script: list[str] = field(default_factory=list)
    words: str = ""
    second: str = "error"
    status_lag: int = 0
    list_lag: int = 0
    quota: tuple[int, int] = (0, 50)
    removable: bool = True
    unseen: set[str] = field(default_factory=set)
    cuts: list[int] = field(default_factory=list)
    said: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def instagram(self) -> Instagram:
        """The connector, wired to this server."""
        return Instagram(self.wire())

    def cut(self, *lengths: int) -> None:
        """Break coming file calls off after so many bytes."""
        self.cuts[:] = lengths

    def post(self, caption: str, made: timedelta = timedelta(0), product: str = "FEED") -> str:
        """Somebody's public post; returns its id."""
        remote_id = f"1801{len(self.media) + 1:04}"
        stamp = (self.now + made).strftime("%Y-%m-%dT%H:%M:%S+0000")
        permalink = f"http://ig.test/p/{remote_id}"
        self.media[remote_id] = {
            "id": remote_id,
            "caption": caption,
            "timestamp": stamp,
            "comments_count": 0,
            "permalink": permalink,
            "media_product_type": product,
        }
        return remote_id

    def _carry_out(self, method: str, path: str, params: Params) -> httpx.Response:
        if path == PROFILE_ID and path not in self.others:
            return ok({"id": PROFILE_ID, "username": "library"})
        if path == f"{PROFILE_ID}/media":
            return self._create(params) if method == "POST" else self._list(False)
        if path == f"{PROFILE_ID}/stories":
            return self._list(True)
        if path == f"{PROFILE_ID}/media_publish":
            return self._publish(self.containers.get(params["creation_id"]))
        if path == f"{PROFILE_ID}/content_publishing_limit":
            return ok({"data": [{"quota_usage": self.quota[0], "config": {"quota_total": self.quota[1]}}]})
        if path in self.unseen:
            return error(100, 33)
        return self._one(method, path, params) or super()._carry_out(method, path, params)

    def _one(self, method: str, path: str, params: Params) -> httpx.Response | None:
        if path in self.containers:
            return ok(self._told(self.containers[path], params))
        if path.startswith("ig-api-upload/"):
            return self._rupload(self.containers[path.rsplit("/", 1)[1]])
        if path.endswith("/comments"):
            return self._comments(method, path.removesuffix("/comments"), params)
        return self._medium(method, path) if path in self.media else None

    def _create(self, params: Params) -> httpx.Response:
        remote_id = f"1790{len(self.containers) + 1:04}"
        state = self.script.pop(0) if self.script else "FINISHED"
        self.containers[remote_id] = {"id": remote_id, "state": state, "form": params, "words": self.words}
        if params.get("upload_type") != "resumable":
            return ok({"id": remote_id})
        self.containers[remote_id] |= {"state": "IN_PROGRESS", "held": b"", "size": -1, "then": state}
        return ok({"id": remote_id, "uri": f"http://graph.test/ig-api-upload/v25.0/{remote_id}"})

    def _rupload(self, container: dict[str, Any]) -> httpx.Response:
        offset, size = (int(self.calls[-1].headers[name]) for name in ("offset", "file_size"))
        file, cut = self.calls[-1].file, self.cuts.pop(0) if self.cuts else None
        container["held"], container["size"] = container["held"][:offset] + file[:cut], size
        if cut is not None and cut < len(file):
            raise httpx.ReadError("the line broke")
        container["state"] = container["then"]
        return ok({"success": True})

    def _told(self, container: dict[str, Any], params: Params) -> dict[str, Any]:
        if "video_status" not in params.get("fields", ""):
            return self._status(container)
        held = len(container["held"])
        sent = {
            "status": "complete" if held == container["size"] else "in_progress",
            "bytes_transferred": held,
        }
        return {"id": container["id"], "video_status": {"uploading_phase": sent}}

    def _comments(self, method: str, path: str, params: Params) -> httpx.Response:
        there = self.said.setdefault(path, [])
        if method == "POST":
            there.append(
                {"id": f"{path}9{len(there)}", "text": params["message"], "user": {"id": PROFILE_ID}}
            )
            self.media[path]["comments_count"] = len(there)
            return ok({"id": there[-1]["id"]})
        return ok({"data": there})

    def _status(self, container: dict[str, Any]) -> dict[str, Any]:
        state = container["state"]
        if state == "PUBLISHED" and self.status_lag > 0:
            self.status_lag -= 1
            state = "FINISHED"
        return {"id": container["id"], "status_code": state, "status": container["words"]}

    def _list(self, stories: bool) -> httpx.Response:
        rows = [row for row in self.media.values() if stories == (row["media_product_type"] == "STORY")]
        ours = [one["medium"] for one in self.containers.values() if "medium" in one]
        if ours and self.list_lag > 0:
            self.list_lag -= 1
            rows = [row for row in rows if row["id"] not in ours]
        return ok({"data": rows[::-1]})

    def _publish(self, container: dict[str, Any] | None) -> httpx.Response:
        if container is None:
            return error(24, 2207008)
        if container["state"] == "PUBLISHED" and self.second != "again":
            return ok({"id": container["medium"]}) if self.second == "same" else error(-1, 2207085)
        if container["state"] not in ("FINISHED", "PUBLISHED"):
            return error(9007, 2207027)
        container["state"] = "PUBLISHED"
        form = container["form"]
        product = {"REELS": "REELS", "STORIES": "STORY"}.get(form.get("media_type", ""), "FEED")
        container["medium"] = self.post(form.get("caption", ""), product=product)
        return ok({"id": container["medium"]})

    def _medium(self, method: str, path: str) -> httpx.Response:
        if method == "DELETE":
            if not self.removable:
                return error(100, 33)
            del self.media[path]
            return ok({"success": True})
        return ok(self.media[path])

    def _item(self, relative_url: str) -> dict[str, Any] | None:
        path = urlsplit(relative_url).path.removeprefix("v25.0/")
        if path in self.unseen:
            return {"code": 400, "body": error(100, 33).text}
        if path not in self.containers:
            return super()._item(relative_url)
        return {"code": 200, "body": ok(self._status(self.containers[path])).text}


def laid_ready(server: FakeInstagram, text: str = TEXT) -> Staged:
    """A container that is ready, as it is before its time."""
    what = Outgoing(text, "", (picture(),))
    return server.instagram().stage(access(), what, (), Memory())


def shown(staged: Staged, before: timedelta = timedelta(0)) -> Staged:
    """The same when it has been shown, a while before now by our clock."""
    return replace(staged, since=datetime.now(UTC) - before)


def look(server: FakeInstagram, staged: Staged) -> Look:
    """One look."""
    return server.instagram().look(access(), staged)


def publish_and_lose(server: FakeInstagram, staged: Staged) -> None:
    """Published, and the answer lost."""
    server.faults = [lost(True)]
    with pytest.raises(Unsure):
        server.instagram().show(access(), staged)
