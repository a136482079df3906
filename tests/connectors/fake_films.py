"""What a page of the fake Graph API does with long files: videos, reels, stories, and comments below them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx

from app.connectors.contract import Picture, VideoFile
from tests.connectors.fake_graph import PAGE, FakeGraph, Params, error, ok, picture

FILM = bytes(range(256)) * 40


def film(part: str = "0-film", data: bytes = FILM, poster_ms: int | None = 500) -> Picture:
    """A video whose pieces are its bytes; its cover is a picture."""

    def piece(offset: int, most: int) -> bytes:
        return data[offset : offset + min(most, 1000)]

    still = picture(part)
    video = VideoFile(len(data), 5000, 540, 960, piece, poster_ms)
    return Picture(part, "", still.read, still.lend, video)


def stored(held: bytes, offset: int, file: bytes, cut: int | None) -> tuple[bytes, bool]:
    """What a server holds after a piece, and whether the line broke in it; None as offset: refused."""
    arrived = file if cut is None else file[:cut]
    return held[:offset] + arrived, cut is not None and cut < len(file)


@dataclass
class FakeFilms(FakeGraph):
    """The server. `cuts`: after how many bytes coming file calls break off. `second`: what a second finish or
    a used photo gets, "error" or "same". `lag`: how many looks after a finish still tell that it goes out.
    `list_lag`: how many lists still lack a story. `works`: how many readings a new file is worked at.
    `tells`: what every status holds in the place of the truth. `archived`: stories of two months ago.
    """

    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    clips: dict[str, dict[str, Any]] = field(default_factory=dict)
    tales: dict[str, dict[str, Any]] = field(default_factory=dict)
    said: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    cuts: list[int] = field(default_factory=list)
    second: str = "error"
    lag: int = 1
    list_lag: int = 1
    works: int = 1
    tells: dict[str, Any] = field(default_factory=dict)
    archived: int = 0

    def cut(self, *lengths: int) -> None:
        """Break coming file calls off after so many bytes."""
        self.cuts[:] = lengths

    def out(self) -> list[dict[str, Any]]:
        """Videos, reels and stories that the public sees."""
        videos = [one for one in self.clips.values() if one["out"] and one["edge"] != "video_stories"]
        return videos + list(self.tales.values())

    def _carry_out(self, method: str, path: str, params: Params) -> httpx.Response:
        edge = path.removeprefix(f"{PAGE}/")
        edges: dict[str, Callable[[], httpx.Response]] = {
            "77/uploads": lambda: self._upload(params),
            "videos": lambda: self._video(params),
            "video_reels": lambda: self._phase(edge, params) if method == "POST" else self._reels(),
            "video_stories": lambda: self._phase(edge, params),
            "photo_stories": lambda: self._tale(params["photo_id"], params["photo_id"] in self.photos),
            "stories": lambda: self._tales(params),
        }
        if edge in edges:
            return edges[edge]()
        return self._one(method, path, params) or super()._carry_out(method, path, params)

    def _one(self, method: str, path: str, params: Params) -> httpx.Response | None:
        if path in self.files:
            return self._file(method, self.files[path])
        if path.startswith("video-upload/"):
            return self._rupload(self.clips[path.rsplit("/", 1)[1]])
        if path.endswith("/comments"):
            return self._comments(method, path.removesuffix("/comments"), params)
        if path in self.clips:
            return self._clip(method, path, params)
        if path in self.photos:
            return ok({"id": path}) if params["fields"] == "id" else error(100)
        return None

    def _upload(self, params: Params) -> httpx.Response:
        upload_id = f"upload:{len(self.files) + 1}"
        self.files[upload_id] = {"size": int(params["file_length"]), "held": b""}
        return ok({"id": f"{upload_id}?sig=a-seal"})

    def _file(self, method: str, file: dict[str, Any]) -> httpx.Response:
        if method == "GET":
            return ok({"file_offset": len(file["held"])})
        self._take(file, int(self.calls[-1].headers["file_offset"]))
        return ok({"h": "a-handle"} if len(file["held"]) == file["size"] else {})

    def _rupload(self, clip: dict[str, Any]) -> httpx.Response:
        offset, size = (int(self.calls[-1].headers[name]) for name in ("offset", "file_size"))
        if offset != len(clip["held"]):
            told = {"retriable": True, "type": "OffsetInvalidError", "message": "offset"}
            return httpx.Response(400, json={"debug_info": told})
        clip["size"] = size
        self._take(clip, offset)
        return ok({"success": True})

    def _take(self, file: dict[str, Any], offset: int) -> None:
        cut = self.cuts.pop(0) if self.cuts else None
        file["held"], broken = stored(file["held"], offset, self.calls[-1].file, cut)
        if broken:
            raise httpx.ReadError("the line broke")

    def _begun(self, edge: str, **more: Any) -> str:
        remote_id = f"77{len(self.clips) + 1:04}"
        empty = {"id": remote_id, "edge": edge, "held": b"", "size": -1, "works": self.works, "lag": self.lag}
        self.clips[remote_id] = {**empty, "out": False, "going": False, "text": "", **more}
        return remote_id

    def _video(self, params: Params) -> httpx.Response:
        assert params["fbuploader_video_file_chunk"] == "a-handle"
        (file, *_) = [one for one in self.files.values() if len(one["held"]) == one["size"]]
        shown, text = params.get("published") != "false", params.get("description", "")
        return ok({"id": self._begun("videos", held=file["held"], size=file["size"], out=shown, text=text)})

    def _phase(self, edge: str, params: Params) -> httpx.Response:
        if params["upload_phase"] == "start":
            remote_id = self._begun(edge)
            url = f"http://graph.test/video-upload/v25.0/{remote_id}"
            return ok({"video_id": remote_id, "upload_url": url})
        clip = self.clips[params["video_id"]]
        if clip["going"] and self.second == "error":
            return error(100)
        if len(clip["held"]) != clip["size"]:
            return error(6000, 1363033)
        if edge == "video_stories":
            return self._tale(clip["id"], True) if not clip["going"] else ok({"success": True})
        clip |= {"going": True, "text": params.get("description", "")}
        return ok({"success": True})

    def _tale(self, media_id: str, known: bool) -> httpx.Response:
        if not known or (media_id in self.tales and self.second == "error"):
            return error(100)
        self.tales.setdefault(
            media_id, {"media_id": media_id, "text": "", "url": f"http://fb.test/s/{media_id}"}
        )
        if media_id in self.clips:
            self.clips[media_id]["going"] = True
        return ok({"success": True, "post_id": f"5{media_id}"})

    def _tales(self, params: Params) -> httpx.Response:
        old = self.now - timedelta(days=60)
        if self.archived and float(params.get("since", 0)) < old.timestamp():
            before = int(params.get("after", 0))
            made = {"creation_time": str(int(old.timestamp()))}
            ids = range(before, min(before + 100, self.archived))
            paging = {"cursors": {"after": str(before + 100)}, "next": "http://fb.test/more"}
            rest = before + 100 < self.archived
            rows = [{"media_id": f"old-{number}", **made} for number in ids]
            return ok({"data": rows, **({"paging": paging} if rest else {})})
        if self.tales and self.list_lag > 0:
            self.list_lag -= 1
            return ok({"data": []})
        made = {"creation_time": str(int(self.now.timestamp()))}
        rows = [{"media_id": one["media_id"], "url": one["url"], **made} for one in self.tales.values()]
        return ok({"data": rows})

    def _reels(self) -> httpx.Response:
        made = {"created_time": self.now.strftime("%Y-%m-%dT%H:%M:%S+0000")}
        out = [one for one in self.clips.values() if one["edge"] == "video_reels" and one["out"]]
        return ok({"data": [{"id": one["id"], "description": one["text"], **made} for one in out]})

    def _clip(self, method: str, path: str, params: Params) -> httpx.Response:
        clip = self.clips[path]
        if method == "DELETE":
            del self.clips[path]
            return ok({"success": True})
        if method == "POST":
            clip["out"] |= params.get("published") == "true"
            clip["text"] = params.get("description", clip["text"])
            return ok({"success": True})
        return ok(self._status(clip))

    def _status(self, clip: dict[str, Any]) -> dict[str, Any]:
        whole = len(clip["held"]) == clip["size"]
        working = whole and clip["works"] > 0
        clip["works"] -= whole
        if clip["going"] and not clip["out"]:
            clip["lag"] -= 1
            clip["out"] = clip["lag"] < 0
        going = "in_progress" if clip["going"] else "not_started"
        word = "ready" if whole and not working else "processing" if working else "uploading"
        sent = {"status": "complete" if whole else "in_progress", "bytes_transfered": len(clip["held"])}
        work = {"status": "in_progress" if working else "complete" if whole else "not_started"}
        shown = {"status": "complete" if clip["out"] else going, "publish_status": "published"}
        status: dict[str, Any] = {"video_status": word, "uploading_phase": sent}
        status |= {"processing_phase": work, "publishing_phase": shown, **self.tells}
        told = {"published": clip["out"]} if clip["edge"] == "videos" else {}
        return {"id": clip["id"], "status": status, "permalink_url": f"/reel/{clip['id']}/", **told}

    def _comments(self, method: str, path: str, params: Params) -> httpx.Response:
        there = self.said.setdefault(path, [])
        if method == "POST":
            there.append(
                {"id": f"{path}_{len(there) + 1}", "message": params["message"], "from": {"id": PAGE}}
            )
            return ok({"id": there[-1]["id"]})
        return ok({"data": there[::-1], "summary": {"total_count": len(there)}})
