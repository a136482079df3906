"""Processes of `kuliss worker` that are there at once: split off from one that has everything imported.

To import Kuliss takes longer than most of what such a process is then watched at. It is a process of its own
all the same, with its own environment, and dies of the same signals.
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

_MOST = 65536


class Born:
    """One `kuliss` process. `pid`: its number."""

    def __init__(self, pid: int, out: int) -> None:
        self.pid = pid
        self._handle = os.pidfd_open(pid)
        self._out = os.fdopen(out)

    def line(self) -> str:
        """The next line that it prints; waits for it. Empty when there will be none."""
        return self._out.readline()

    def lives(self, patience: float = 0) -> bool:
        """Whether it is still there, after at most so many seconds of waiting for its end."""
        return not select.select([self._handle], [], [], patience)[0]

    def end(self, patience: float = 60) -> None:
        """Tell it to stop, unless it is gone. TimeoutError if it goes on."""
        if self.lives():
            signal.pidfd_send_signal(self._handle, signal.SIGTERM)
        went = not self.lives(patience)
        if not went:
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        os.close(self._handle)
        self._out.close()
        if not went:
            raise TimeoutError(f"{self.pid} does not stop")


class Nursery:
    """Where they come from."""

    def __init__(self) -> None:
        self._line, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with its:
            command = [sys.executable, "-m", "tests.support.nursery", str(its.fileno())]
            self._process = subprocess.Popen(command, pass_fds=[its.fileno()])

    def born(self, words: Sequence[str], environment: Mapping[str, str]) -> Born:
        """A new process that runs `kuliss` with these words, in this environment."""
        out, its = os.pipe()
        asked = json.dumps({"words": list(words), "environment": dict(environment)})
        socket.send_fds(self._line, [asked.encode()], [its])
        os.close(its)
        return Born(int(self._line.recv(_MOST)), out)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._line.close()
        self._process.wait(timeout=60)


def _serve(line: socket.socket) -> None:
    """Split off one process after the other, until nobody asks any more."""
    from app.cli import worker  # noqa: F401 - for those to come

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever ends is gone at once
    while True:
        asked, its, *_ = socket.recv_fds(line, _MOST, 1)
        if not asked:
            return
        pid = os.fork()
        if pid == 0:
            line.close()
            _live(json.loads(asked), its[0])
        os.close(its[0])
        line.send(str(pid).encode())


def _live(asked: Mapping[str, object], out: int) -> None:
    from app.cli import main

    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(out, 1)
        environment, words = asked["environment"], asked["words"]
        assert isinstance(environment, dict)
        assert isinstance(words, list)
        os.environ.clear()
        os.environ.update(environment)
        code = main(words)
    finally:
        os._exit(code)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
