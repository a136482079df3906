"""A real server for an ASGI app, on a free port of this machine."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from threading import Thread
from typing import Any

import uvicorn


@contextmanager
def served(app: Any) -> Iterator[str]:
    """The address of the running app, without a slash at the end; it ends with the block."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="on", ws="none"))
        thread = Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        try:
            # The socket listens already: whoever comes early waits in line, no need to ask whether it is up.
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=10)


# Below those that systems give to whoever takes any: nobody gets one of them by chance meanwhile. Each
# process of the tests begins elsewhere.
_PORTS, _FIRST = 12_000, 20_000
_offsets = count(os.getpid() * 61)


def free_port() -> int:
    """A port that was free a moment ago, for commands that take a number. RuntimeError if all are taken."""
    for _ in range(_PORTS):
        port = _FIRST + next(_offsets) % _PORTS
        with socket.socket() as found:
            # As servers do it: one whose last calls have just ended is free.
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                found.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no port is free")
