"""The reader's process: ended when it hangs, replaced when it dies, gone when it is not needed."""

import os
import signal
import subprocess
import threading
from array import array
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from fcntl import ioctl
from pathlib import Path
from termios import FIONREAD

import pytest

from app.foundation.images import Pictures
from tests.support.pictures import a_picture, refusal
from tests.support.waiting import comes


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Pictures]:
    """A reader of one's own, already started."""
    (tmp_path / "good").write_bytes(a_picture("jpeg"))
    found = Pictures(tmp_path / "reader", seconds=20, idle=60)
    found.take_in(tmp_path / "good", tmp_path / "into")
    yield found
    found.close()
    assert found.pid is None


def test_a_reader_that_hangs_is_ended_and_the_next_picture_gets_another(
    own: Pictures, tmp_path: Path
) -> None:
    first = own.pid
    assert first
    own._seconds = 0.2
    os.kill(first, signal.SIGSTOP)
    assert refusal(lambda: own.take_in(tmp_path / "good", tmp_path / "into")) == (
        "picture_too_slow",
        {"most": 1},
    )
    assert own.pid is None
    own._seconds = 20
    assert own.take_in(tmp_path / "good", tmp_path / "into").width == 320
    assert own.pid != first


@pytest.mark.parametrize(
    ("how", "code"), [(signal.SIGKILL, "picture_too_many_pixels"), (signal.SIGSEGV, "picture_unreadable")]
)
def test_a_reader_that_dies_over_a_picture_refuses_it(
    how: signal.Signals, code: str, own: Pictures, tmp_path: Path
) -> None:
    reader = own._reader
    assert reader
    os.kill(reader.pid, signal.SIGSTOP)

    def die() -> None:
        assert comes(lambda: _is_asked(reader))
        os.kill(reader.pid, how)
        if how != signal.SIGKILL:
            os.kill(reader.pid, signal.SIGCONT)

    with ThreadPoolExecutor(1) as pool:
        dying = pool.submit(die)
        assert refusal(lambda: own.take_in(tmp_path / "good", tmp_path / "into"))[0] == code
        dying.result()
    assert own.take_in(tmp_path / "good", tmp_path / "into").width == 320


def _is_asked(reader: subprocess.Popen[bytes]) -> bool:
    """Whether a job lies in its pipe."""
    unread = array("i", [0])
    assert reader.stdin
    ioctl(reader.stdin, FIONREAD, unread)
    return unread[0] > 0


def test_a_reader_that_is_not_needed_ends_and_comes_back(tmp_path: Path) -> None:
    (tmp_path / "good").write_bytes(a_picture("jpeg"))
    idle = Pictures(tmp_path / "reader", idle=0.05)
    assert idle.take_in(tmp_path / "good", tmp_path / "into").width == 320
    assert comes(lambda: idle.pid is None)
    assert idle.take_in(tmp_path / "good", tmp_path / "into").width == 320
    idle.close()


def test_a_reader_dies_with_its_server(own: Pictures) -> None:
    reader = own._reader
    assert reader
    assert reader.stdin
    reader.stdin.close()
    assert comes(lambda: reader.returncode == 0)


def test_many_threads_get_their_own_answers(own: Pictures, tmp_path: Path) -> None:
    own._seconds, taken = 20, {}

    def work(number: int) -> None:
        (tmp_path / f"given{number}").write_bytes(a_picture("png", (200 + number, 300)))
        taken[number] = own.take_in(tmp_path / f"given{number}", tmp_path / f"into{number}").width

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken == {number: 200 + number for number in range(16)}
