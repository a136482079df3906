"""A running practice network for tests: on a real socket, in a thread, with its own data folder.

with PracticeServer(tmp_path) as practice:
    token = practice.page_token(practice.page)
    practice.switches(latency_ms=1, list_lag_seconds=0)
    practice.script("code_2", calls="show", moment="after")
    ...
    practice.public_log()
"""

import socket
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import httpx
import uvicorn

from app.foundation import practice_keys
from app.foundation.settings import Settings
from app.practice.app import Practice, config


class PracticeServer:
    """url: its address; keys: the app's id, secret and control token; page, other_page: ids to begin with;
    http: a client without any token.

    On other_page the person lacks the task CREATE_CONTENT.
    """

    page, other_page = "100200300400501", "100200300400502"

    def __init__(self, data_dir: Path, public_base: str | None = None) -> None:
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(2048)
        self.port = int(self._listener.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.keys = practice_keys.load(data_dir)
        settings = Settings(data_dir=data_dir, practice_port=self.port, _env_file=None)
        made = config(settings, public_base or self.url)
        self.app: Practice = made.app  # type: ignore[assignment]
        self._server = uvicorn.Server(made)
        self._thread = Thread(target=self._server.run, args=([self._listener],), daemon=True)
        bearer = {"authorization": f"Bearer {self.keys.control_token}"}
        self.http = httpx.Client(timeout=60)
        self.control = httpx.Client(base_url=f"{self.url}/control/api/", headers=bearer, timeout=60)
        self._thread.start()

    def attach(self, data_dir: Path, port: int) -> None:
        """Speak to a practice network that runs in another process; waits until it answers."""
        self.port, self.url = port, f"http://127.0.0.1:{port}"
        self.keys = practice_keys.load(data_dir)
        bearer = {"authorization": f"Bearer {self.keys.control_token}"}
        wait = httpx.HTTPTransport(retries=10)
        self.http = httpx.Client(timeout=60, transport=wait)
        self.control = httpx.Client(base_url=f"{self.url}/control/api/", headers=bearer, timeout=60)
        self.http.get(f"{self.url}/healthz")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End it. What it knew stays in the data folder."""
        self.http.close()
        self.control.close()
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(timeout=10)
        self._listener.close()
        self.app.world.store.close()

    def ask(self, path: str, body: Any = None, method: str | None = None) -> Any:
        """A call of the control API; POST if there is a body. Returns JSON, raises on refusals."""
        answer = self.control.request(method or ("GET" if body is None else "POST"), path, json=body)
        if answer.is_error:
            raise AssertionError(f"{path}: {answer.status_code} {answer.text}")
        return answer.json()

    def switches(self, page: str | None = None, **values: Any) -> None:
        """Set switches for all Pages, or for one."""
        self.ask("switches", {"page": page, "switches": values})

    def script(self, fault: str, calls: str = "*", **rule: Any) -> int:
        """Plan a fault for the next matching calls (names with blanks between). Returns its id."""
        ids: list[int] = self.ask("script", {"fault": fault, "calls": calls.split(), **rule})["ids"]
        return ids[0]

    def forward(self, **span: float) -> None:
        """Move the practice clock: seconds, minutes, hours, days."""
        self.ask("clock", span)

    def add_pages(self, name: str, count: int = 1, **more: Any) -> list[str]:
        """New Pages of the first person, who has all tasks there. Returns their ids."""
        ids: list[str] = self.ask("pages", {"name": name, "count": count, **more})["pages"]
        return ids

    def page_token(self, page: str) -> str:
        """A never-expiring token of a Page, with every permission, without the dialog."""
        return str(self.ask("tokens", {"page": page})["access_token"])

    def user_token(self, page: str | None = None) -> str:
        """A long-lived token of the first person."""
        return str(self.ask("tokens", {"page": page or self.page})["user_access_token"])

    def say_yes(self, dialog: str, answer: str = "continue", person: str = "") -> dict[str, str]:
        """What a person (the first, or one by id) does in the dialog at an address: answer. Returns what the
        callback brings."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(dialog).query).items()}
        form = {
            "person": person or self.state()["people"][0]["id"],
            "answer": answer,
            "scope": asked["scope"].split(","),
        }
        reply = self.http.post(f"{self.url}/v25.0/dialog/oauth", params=asked, data=form)
        assert reply.status_code == 303, reply.text
        back = urlsplit(reply.headers["location"]).query
        return {name: values[0] for name, values in parse_qs(back).items()}

    def public_log(self, after: int = 0) -> list[dict[str, Any]]:
        """What the public saw: rows of n, event (appeared, edited, disappeared), page, object, seq, message,
        at (practice time), real_at."""
        rows: list[dict[str, Any]] = self.ask(f"public-log?after={after}")["log"]
        return rows

    def transcript(self, **query: str | int) -> list[dict[str, Any]]:
        """Calls so far; query: after, limit, call, page."""
        answer = self.control.get("transcript", params=query)
        rows: list[dict[str, Any]] = answer.raise_for_status().json()["calls"]
        return rows

    def state(self) -> dict[str, Any]:
        """Everything but tokens."""
        state: dict[str, Any] = self.ask("state")
        return state

    def reset(self, what: str = "behaviour") -> None:
        """behaviour: switches and script as at first; world: no posts, no tokens either."""
        self.ask("reset", {"what": what})
