"""The address under which a stand lends its pictures, for tests in which no pages are served."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any, Self

from app.errands import lend
from app.errands.ground import Ground


class Lender:
    """url: its address; ground: whose pictures it lends; asked: how often it was asked; `closed`: 404s."""

    def __init__(self) -> None:
        self.ground: Ground | None = None
        self.asked = 0
        self.closed = False
        lender = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                lender.answer(self)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """One request, answered as the pages would."""
        self.asked += 1
        token = handler.path.removeprefix(f"{lend.PATH}/").removesuffix(".jpg")
        file = lend.lent(self.ground, token) if self.ground and not self.closed else None
        handler.send_response(200 if file else 404)
        handler.send_header("content-type", "image/jpeg" if file else "text/plain")
        handler.end_headers()
        handler.wfile.write(file.read_bytes() if file else b"nothing here")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
