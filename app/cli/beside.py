"""The practice network as a child process that ends with its parent, however the parent ends."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from app.foundation.settings import Settings


@contextmanager
def practice(settings: Settings) -> Iterator[None]:
    """Run `kuliss practice` beside the block. Its standard input is a pipe from us: it ends when we do."""
    command = [sys.executable, "-m", "app.cli", "practice", "--until-input-ends"]
    # Apart from our terminal's process group, so that Ctrl-C reaches it through us and only once.
    child = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603 - our own command
    print(f"The practice network is at {settings.practice_public_address}", flush=True)
    try:
        yield
    finally:
        assert child.stdin is not None
        child.stdin.close()
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
