"""Pictures for tests, and a small server from which the practice network can fetch them."""

import io
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self

from PIL import Image


def picture(width: int = 80, height: int = 80, kind: str = "JPEG", **more: Any) -> bytes:
    """A picture of one colour. more: what Pillow takes when it saves."""
    target = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(target, kind, **more)
    return target.getvalue()


def two_in_one() -> bytes:
    """An MPO: a JPEG with a second picture behind the first, as some cameras make them."""
    target = io.BytesIO()
    second = Image.new("RGB", (80, 80), "red")
    Image.new("RGB", (80, 80), "blue").save(target, "MPO", save_all=True, append_images=[second])
    return target.getvalue()


class Shelf:
    """url: where it is; asked: the paths that were fetched; a `silent` path is answered only at the end."""

    def __init__(self) -> None:
        self._files: dict[str, tuple[int, str, bytes]] = {}
        self.asked: list[str] = []
        self.silent: set[str] = set()
        self.over = Event()
        shelf = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                shelf.answer(self)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """One request."""
        self.asked.append(handler.path)
        if handler.path in self.silent:
            self.over.wait(20)
        status, kind, body = self._files.get(handler.path, (404, "text/plain", b"nothing here"))
        handler.send_response(status)
        handler.send_header("content-type", kind)
        if status in (301, 302):
            handler.send_header("location", body.decode())
        handler.end_headers()
        handler.wfile.write(body)

    def put(self, body: bytes, name: str = "", kind: str = "image/jpeg", status: int = 200) -> str:
        """Lay a file down. Returns its address."""
        path = f"/{name or len(self._files)}"
        self._files[path] = (status, kind, body)
        return self.url + path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
