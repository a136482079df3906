"""People who send pictures as our script does: announced, in parts of 512 kB, taken in, looked at."""

import re
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from tests.benchmarks.serving import Served

UPLOADS = "/pictures/uploads"
PART, AT_ONCE = 512 * 1024, 2  # as in pictures.js
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


class Refused(Exception):
    """A file that was not taken, with the server's answer."""


class Sender:
    """One signed-in person in one browser; may be used by several threads."""

    def __init__(self, served: Served, token: str, unit_id: int) -> None:
        self.http: httpx.Client = served.client(token)
        self._unit_id = unit_id
        found = _CSRF.search(self.http.get("/pictures/new").raise_for_status().text)
        assert found
        self._headers = {"X-CSRF-Token": found[1], "Accept": "application/json"}

    def send(self, name: str, data: bytes) -> float:
        """Send a file and get its small picture. Returns the seconds in all; raises Refused."""
        began = time.monotonic()
        form = {"unit_id": self._unit_id, "name": name, "size": len(data)}
        key = self._answer("POST", UPLOADS, data=form)["key"]
        for offset in range(0, len(data), PART):
            headers = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
            self._answer("PATCH", f"{UPLOADS}/{key}", content=data[offset : offset + PART], headers=headers)
        made = self._answer("POST", f"{UPLOADS}/{key}/finish")
        self.http.get(made["thumb"]).raise_for_status()
        return time.monotonic() - began

    def _answer(self, method: str, path: str, headers: dict[str, str] | None = None, **what: Any) -> Any:
        answer = self.http.request(method, path, headers={**self._headers, **(headers or {})}, **what)
        if answer.status_code != 200:
            raise Refused(path, answer.status_code, answer.text)
        return answer.json()


def send_all(senders: Iterable[Sender], files: Iterable[Callable[[], bytes]]) -> list[float]:
    """The files, shared out among people of whom each sends two at a time. Returns the seconds of each."""
    many, waiting = list(senders), list(files)
    shares = [waiting[place :: len(many)] for place in range(len(many))]
    with ThreadPoolExecutor(len(many) * AT_ONCE) as pool:
        under_way = [
            pool.submit(_send_some, sender, share[place::AT_ONCE])
            for sender, share in zip(many, shares, strict=True)
            for place in range(AT_ONCE)
        ]
        return [seconds for one in under_way for seconds in one.result()]


def _send_some(sender: Sender, files: Iterable[Callable[[], bytes]]) -> list[float]:
    return [sender.send(f"IMG_{number:04}.JPG", file()) for number, file in enumerate(files)]
