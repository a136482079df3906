"""The practice network in this process, without sockets, in time that is moved by hand.

Whatever it makes bears a hidden mark: for which publication the call was that made it. No text, no id and no
row of ours has a part in that.
"""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest import mock

import httpx

from app.errands import lend
from app.errands.ground import Ground
from app.foundation import practice_keys
from app.foundation.settings import Settings
from app.practice import fetching
from app.practice.app import create_practice
from tests.faults.passage import Passage
from tests.support.practice import PracticeServer

LENDER = "http://127.0.0.1:9"
_MARK: ContextVar[int | None] = ContextVar("mark", default=None)


class Line(httpx.BaseTransport):
    """Requests go straight into the practice network. `moment` is told of each: sending, in flight, answered.

    `away`: no connection can be made. `afterwards` is called after each, however it ended.
    `abandoned`: marks of calls that were still on their way when nobody waited for them any more.
    """

    def __init__(self, practice: "PracticeInside", moment: Callable[[str], None] = lambda _: None) -> None:
        self._practice, self.moment = practice, moment
        self.away = False
        self.abandoned: set[int] = set()
        self.afterwards: Callable[[], None] = lambda: None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One exchange, as long as the caller waits for it."""
        if self.away:
            raise httpx.ConnectError("away")
        self.moment("sending")
        try:
            response = self._exchange(request)
        finally:
            self.afterwards()
        self.moment("answered")
        return response

    def _exchange(self, request: httpx.Request) -> httpx.Response:
        loop = self._practice.passage.loop
        call = loop.create_task(self._practice.answer(request, self._practice.mark))
        call.add_done_callback(_seen)
        mark = self._practice.mark
        try:
            self.moment("in flight")
        except BaseException:
            self._give_up(mark)
            raise
        patience = request.extensions.get("timeout", {}).get("read")
        loop.run_until_complete(asyncio.wait([call], timeout=patience))
        if not call.done():
            self._give_up(mark)
            raise httpx.ReadTimeout("no answer")
        return call.result()

    def _give_up(self, mark: int | None) -> None:
        if mark is not None:
            self.abandoned.add(mark)


def _seen(call: "asyncio.Task[httpx.Response]") -> None:
    if not call.cancelled():
        call.exception()  # nobody waits for it any more; that is no fault of the test


class PracticeInside(PracticeServer):
    """The practice network with all that `PracticeServer` offers. `line`: how the connectors reach it.

    `mark`: the publication for which calls are made now; `marks`: id of an object -> the mark it was made by.
    """

    def __init__(self, data_dir: Path, passage: Passage) -> None:
        self.passage = passage
        self.port, self.url = 1, "http://127.0.0.1:1"
        self.keys = practice_keys.load(data_dir)
        settings = Settings(data_dir=data_dir, practice_port=1, _env_file=None)
        self.app = create_practice(settings, self.url)
        self.mark: int | None = None
        self.marks: dict[str, int] = {}
        self.ground: Ground | None = None
        self.line = Line(self)
        bearer = {"authorization": f"Bearer {self.keys.control_token}"}
        self.http = httpx.Client(transport=Line(self), timeout=3600)
        self.control = httpx.Client(
            base_url=f"{self.url}/control/api/", headers=bearer, transport=Line(self), timeout=3600
        )
        self._patches = ExitStack()
        self._patches.enter_context(mock.patch.object(fetching, "in_thread", self._at_once))
        self._patches.enter_context(mock.patch.object(fetching, "_get", self._lent))
        self._save = self.app.world.save
        self._patches.enter_context(mock.patch.object(self.app.world, "save", self._marked))
        self.app.world.origins |= {LENDER}

    def stop(self) -> None:
        """End it."""
        self.http.close()
        self.control.close()
        self._patches.close()
        self.app.world.store.close()

    def begin_anew(self) -> None:
        """Nothing is in it, and nobody misbehaves."""
        self.reset("world")
        self.reset("behaviour")
        self.app.world.offset -= self.app.world.offset
        self.marks.clear()
        self.line.away, self.line.afterwards = False, lambda: None
        self.line.abandoned.clear()

    def jump(self, seconds: float) -> None:
        """The machine's clock jumps; the network's does not."""
        self.app.world.offset -= type(self.app.world.offset)(seconds=seconds)
        self.passage.jump(seconds)

    def now(self) -> datetime:
        """The network's own time."""
        return self.app.world.now()

    async def answer(self, request: httpx.Request, mark: int | None) -> httpx.Response:
        """What comes back for a request under a mark. Raises RemoteProtocolError where the line is cut."""
        _MARK.set(mark)
        body = request.read()
        begun: dict[str, Any] = {}
        pieces: list[bytes] = []
        whole = False

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            nonlocal whole
            if message["type"] == "http.response.start":
                begun.update(message)
            else:
                pieces.append(message.get("body", b""))
                whole = not message.get("more_body", False)

        await self.app(_scope(request), receive, send)
        if not whole:
            raise httpx.RemoteProtocolError("cut")
        return httpx.Response(begun["status"], headers=begun["headers"], content=b"".join(pieces))

    def appeared(self, comments: bool = False) -> list[tuple[int | None, dict[str, Any]]]:
        """All posts, or all comments, that the public has seen appear, in order, each with its mark.

        None: made by somebody else.
        """
        rows = [row for row in self.app.world.public_log if row["event"] == "appeared"]
        return [(self._mark_of(row), row) for row in rows if (row["kind"] == "comment") == comments]

    def _mark_of(self, row: dict[str, Any]) -> int | None:
        # What a video or a photo becomes appears by itself, whatever is worked on then: its file tells.
        return next((self.marks[one] for one in reversed(row["ids"]) if one in self.marks), None)

    def disappeared(self) -> set[str]:
        """Ids of what the public saw disappear."""
        return {row["object"] for row in self.app.world.public_log if row["event"] == "disappeared"}

    def _marked(self, thing: Any) -> None:
        mark, its_id = _MARK.get(), getattr(thing, "id", None)
        if mark is not None and its_id is not None:
            self.marks.setdefault(its_id, mark)
        self._save(thing)

    def _at_once(self, work: Callable[[], Any]) -> "asyncio.Future[Any]":
        future: asyncio.Future[Any] = self.passage.loop.create_future()
        try:
            future.set_result(work())
        except Exception as error:  # noqa: BLE001 - handed on to whoever waits
            future.set_exception(error)
        return future

    def _lent(self, address: str, most: int, _until: float, keep: Callable[[bytes], object]) -> str:
        assert self.ground is not None
        token = address.rpartition("/")[2].partition(".")[0]
        file = lend.lent(self.ground, token)
        if file is None:
            raise fetching.Unreachable
        keep(file.read_bytes()[: most + 1])
        return "video/mp4" if file.suffix == ".mp4" else "image/jpeg"


def _scope(request: httpx.Request) -> dict[str, Any]:
    host = (request.url.host, request.url.port or 80)
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": request.method,
        "scheme": "http", "path": request.url.path, "raw_path": request.url.raw_path.partition(b"?")[0],
        "query_string": request.url.query, "root_path": "", "server": host, "client": ("127.0.0.1", 1),
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
    }  # fmt: skip
