"""Pictures: read, cleaned and cut by a process of its own, so that none can crash, hang or bloat this one.

One reader per server, started at the first picture, ended when it has been idle. One job at a time; the
others wait in the order in which they came.
"""

import hashlib
import json
import os
import select
import signal
import struct
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.foundation import clock, logs
from app.foundation.files import StoreFull

log = logs.get("kuliss.images")

MEGA = 1_000_000
MOST_BYTES = 30 * MEGA
START_SECONDS = 20.0
LONGEST = 12  # times the seconds of a job: so long it may take where the machine is busy with others
_COMMAND = [sys.executable, "-I", "-m", "app.foundation.image_reader"]
# One heap, and large blocks given back when they are freed: the reader's memory is what it holds.
_MEMORY = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "131072"}
_KEPT = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")
# What a reader died of when it died over a picture. All else is a decoder's crash: the picture is damaged.
_DIED = {-signal.SIGKILL: "picture_too_many_pixels", -signal.SIGXCPU: "picture_too_slow"}
_DEFAULTS: dict[str, dict[str, int | str]] = {
    "picture_too_many_pixels": {"most": 10},
    "picture_too_slow": {"most": 5},
}


class Unreadable(Exception):
    """A picture that is not taken.

    `code` is one of picture_unreadable, picture_kind, picture_animated, picture_too_big,
    picture_too_many_pixels, picture_too_small, picture_too_slow. `params` has what the sentence needs:
    `most` (megabytes, million pixels or seconds), `least` (pixels), `kind` (the name of a kind, "GIF").
    """

    def __init__(self, code: str, params: dict[str, int | str] | None = None) -> None:
        super().__init__(code)
        self.code, self.params = code, params or {}


@dataclass(frozen=True)
class Taken:
    """A picture that was taken in: of the master its SHA-256, pixels and bytes; what it was made from."""

    sha256: str
    width: int
    height: int
    bytes: int
    source_kind: str  # jpeg, png, webp, avif or heic


class _Died(Exception):
    """The reader went away before it answered; `status` as in subprocess."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Turns:
    """A lock handed on in the order in which it was asked for; who is in a hurry comes before the rest."""

    def __init__(self) -> None:
        self._lock, self._taken = threading.Lock(), False
        self._hurried: deque[threading.Lock] = deque()
        self._patient: deque[threading.Lock] = deque()

    @property
    def waiting(self) -> int:
        """How many wait for a turn."""
        return len(self._hurried) + len(self._patient)

    @contextmanager
    def turn(self, *, hurried: bool) -> Iterator[None]:
        """Wait for a turn, and hand it on after the block."""
        self._take(self._hurried if hurried else self._patient)
        try:
            yield
        finally:
            self._hand_on()

    def _take(self, waiting: deque[threading.Lock]) -> None:
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            mine = threading.Lock()
            mine.acquire()
            waiting.append(mine)
        mine.acquire()  # released by the one before

    def _hand_on(self) -> None:
        with self._lock:
            waiting = self._hurried or self._patient
            if waiting:
                waiting.popleft().release()
            else:
                self._taken = False


class Pictures:
    """The way to the reader. Thread-safe; every method waits for its turn, which no limit counts.

    Cuts come before pictures that are taken in: a post has its second, and an upload can wait a little.
    """

    def __init__(self, folder: Path, seconds: float = 5.0, idle: float = 60.0) -> None:
        """Give the reader's working folder (made if missing), seconds for one job, seconds until it ends."""
        self._folder, self._seconds, self._idle = folder, seconds, idle
        self._turns = Turns()
        self._reader: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The reader's process id, or None when none runs."""
        return self._reader.pid if self._reader and self._reader.returncode is None else None

    def take_in(self, source: Path, into: Path) -> Taken:
        """Read a picture of any allowed kind and write three files into the folder `into`.

        master.jpg: upright, sRGB, on white, no metadata, at most 4096 pixels long, baseline.
        view.jpg: 1024 pixels long. thumb.webp: within 240 x 240 pixels and 6,000 bytes.
        Raises Unreadable, StoreFull when the disk is full, OSError when a file can't be read or written.
        """
        size = source.stat().st_size
        if size > MOST_BYTES:
            raise Unreadable("picture_too_big", {"most": MOST_BYTES // MEGA})
        into.mkdir(parents=True, exist_ok=True)
        done = self._do(
            {"do": "take_in", "source": str(source.absolute()), "into": str(into.absolute())}, into
        )
        master = into / "master.jpg"
        with master.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Taken(digest, done["width"], done["height"], master.stat().st_size, done["source_kind"])

    def render(
        self,
        master: Path,
        to: Path,
        *,
        box: tuple[float, float, float, float],
        width: int,
        height: int,
        most_bytes: int,
    ) -> int:
        """Cut a master and write a JPEG of exactly width x height pixels; returns its bytes.

        `box` is x, y, width, height as shares (0 to 1) of the upright master. Quality 90, less until the
        file has at most `most_bytes`. Raises Unreadable, StoreFull, OSError as `take_in`, and ValueError for
        a box or a size that can't be.
        """
        x, y, across, down = box
        if not (0 <= x < 1 and 0 <= y < 1 and 0 < across <= 1.0001 - x and 0 < down <= 1.0001 - y):
            raise ValueError(f"no box within the picture: {box}")
        if not (1 <= width <= 4096 and 1 <= height <= 4096):
            raise ValueError(f"no size for a picture: {width} x {height}")
        paths = {"master": str(master.absolute()), "to": str(to.absolute())}
        job = {
            "do": "render",
            **paths,
            "box": box,
            "width": width,
            "height": height,
            "most_bytes": most_bytes,
        }
        return int(self._do(job, to.parent)["bytes"])

    def close(self) -> None:
        """End the reader once its job is done. A later picture would start another."""
        with self._turns.turn(hurried=False):
            self._end()

    def _do(self, job: dict[str, Any], into: Path) -> dict[str, Any]:
        with self._turns.turn(hurried=job["do"] == "render"):
            try:
                reply = self._ask(job)
            except Unreadable:
                for part in into.glob(".*.part"):  # what an ended reader was about to write
                    part.unlink(missing_ok=True)
                raise
        if "done" in reply:
            return dict(reply["done"])
        if "refused" in reply:
            raise Unreadable(reply["refused"], reply["params"])
        if reply["full"]:
            raise StoreFull(os.strerror(reply["failed"]))
        raise OSError(reply["failed"], os.strerror(reply["failed"]), job.get("source") or job.get("master"))

    def _ask(self, job: dict[str, Any]) -> dict[str, Any]:
        """Send a job, once more if the reader was just ending itself for being idle."""
        for again in (True, False):
            try:
                return self._exchange(job)
            except _Died as died:
                if died.status == 0 and again:
                    continue
                log.warning("picture_reader_died", status=died.status)
                code = _DIED.get(died.status, "picture_unreadable")
                raise Unreadable(code, _DEFAULTS.get(code)) from None
            except TimeoutError:
                self._end(at_once=True)
                raise Unreadable("picture_too_slow", {"most": max(1, round(self._seconds))}) from None
        raise AssertionError("unreachable")  # pragma: no cover

    def _exchange(self, job: dict[str, Any]) -> dict[str, Any]:
        reader = self._reader if self._reader and self._reader.poll() is None else self._start()
        data = json.dumps(job).encode()
        assert reader.stdin is not None
        try:
            reader.stdin.write(struct.pack(">I", len(data)) + data)
            reader.stdin.flush()
        except BrokenPipeError:
            raise _Died(reader.wait()) from None
        return _receive(reader, self._seconds, LONGEST * self._seconds)

    def _start(self) -> subprocess.Popen[bytes]:
        """Start a reader and wait until it listens. Raises RuntimeError when it can't be started."""
        self._end(at_once=True)
        self._folder.mkdir(parents=True, exist_ok=True)
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        self._reader = reader = subprocess.Popen(  # noqa: S603 - our own program, no argument from outside
            [*_COMMAND, str(self._idle)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            env=kept | _MEMORY,
            process_group=0,  # Ctrl-C is for the server, which ends the reader after its last job
        )
        try:
            _receive(reader, START_SECONDS)
        except (TimeoutError, _Died) as error:
            self._end(at_once=True)
            raise RuntimeError("the image reader does not start") from error
        threading.Thread(target=reader.wait, name="image-reader", daemon=True).start()  # no zombie stays
        return reader

    def _end(self, *, at_once: bool = False) -> None:
        reader, self._reader = self._reader, None
        if reader is None:
            return
        if at_once:
            reader.kill()
        assert reader.stdin is not None
        assert reader.stdout is not None
        with suppress(BrokenPipeError):  # what could not be sent to a dead reader
            reader.stdin.close()
        reader.wait()
        reader.stdout.close()


def _worked(pid: int) -> float | None:
    """Seconds of processor time that a process has used; None where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _receive(reader: subprocess.Popen[bytes], seconds: float, most: float = 0) -> dict[str, Any]:
    """One answer of the reader. Raises TimeoutError after `seconds`, _Died when it went away.

    With `most` the seconds are those in which it worked: what others took from it on a busy machine does not
    count, up to so many seconds in all.
    """
    assert reader.stdout is not None
    pipe, began, found = reader.stdout.fileno(), clock.monotonic(), b""
    until, ends, worked = began + seconds, began + max(most, seconds), _worked(reader.pid)
    waiting = select.poll()
    waiting.register(pipe, select.POLLIN)
    while len(found) < 4 or len(found) < 4 + struct.unpack(">I", found[:4])[0]:
        left = until - clock.monotonic()
        if left <= 0 or not waiting.poll(left * 1000):
            now = _worked(reader.pid)
            spare = 0.0 if worked is None or now is None else seconds - (now - worked)
            if spare < seconds / 50 or until >= ends:
                raise TimeoutError
            until = min(clock.monotonic() + spare, ends)
            continue
        more = os.read(pipe, 65536)
        if not more:
            raise _Died(reader.wait())
        found += more
    answer: dict[str, Any] = json.loads(found[4:])
    return answer
