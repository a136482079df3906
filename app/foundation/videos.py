"""Videos: measured, cleaned and packed anew by a process of its own for each, so that none can crash, hang or
bloat this one. One at a time; who needs a single frame comes before the rest.
"""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.foundation import clock, logs
from app.foundation.files import StoreFull
from app.foundation.images import Turns
from app.foundation.video_kinds import HEAD, Refused, sniff

log = logs.get("kuliss.videos")

SILENCE = 120.0  # seconds without a word after which the reader counts as hanging
LONGEST = 30 * 60.0  # seconds of one job, on the slowest disk
_ROOM = 64 * 1024 * 1024  # bytes that the new file may have beyond the old one
_COMMAND = [sys.executable, "-I", "-m", "app.foundation.video_reader"]
_KEPT = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")
_MEMORY = {"MALLOC_ARENA_MAX": "1"}
_DIED = {-signal.SIGKILL: "video_too_heavy", -signal.SIGXCPU: "video_too_slow"}


class NotTaken(Exception):
    """A video that is not taken.

    `code`: video_container, video_codec, video_sound_codec (with `kind`, a name like "WebM"), video_locked,
    video_no_picture, video_empty, video_hours (`most`), video_pixels_few (`least`, `side`),
    video_pixels_many (`most`, `side`), video_cut_off, video_damaged, video_unreadable, video_too_heavy,
    video_too_slow.
    """

    def __init__(self, code: str, params: dict[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code, self.params = code, params or {}


class Stopped(Exception):
    """The server is ending; the video is as good as before."""


@dataclass(frozen=True)
class TakenVideo:
    """A video that was taken in: of the MP4 its SHA-256 and bytes; what it shows and is made of.

    `width`, `height`: pixels as seen. `codec`: "h264" or "hevc"; `audio`: "aac" or empty. `poster_ms`: which
    moment the cover shows. `source_kind`: "mp4" or "mov".
    """

    sha256: str
    size: int
    duration_ms: int
    width: int
    height: int
    frame_rate: float
    codec: str
    audio: str
    poster_ms: int
    source_kind: str


def kind_of(head: bytes) -> str:
    """What a file's first bytes (best 4,096) are of: "mp4", "mov", or empty for what is no video.

    Raises NotTaken ("video_container") for a video in another container.
    """
    try:
        return sniff(head[:HEAD])
    except Refused as refused:
        raise NotTaken(refused.code, refused.params) from None


def kind_of_file(path: Path) -> str:
    """The same for a file."""
    with path.open("rb") as file:
        return kind_of(file.read(HEAD))


def _to_nobody(_share: float) -> None:
    """Where nobody wants to know how far it is."""


class Videos:
    """The way to the readers. Thread-safe; every method waits for its turn, which no limit counts."""

    def __init__(self, folder: Path, silence: float = SILENCE, longest: float = LONGEST) -> None:
        """Give the readers' working folder (made if missing) and seconds, see SILENCE and LONGEST."""
        self._folder, self._silence, self._longest = folder, silence, longest
        self._turns = Turns()
        self._reader: subprocess.Popen[bytes] | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The process id of the reader that is at work, if any."""
        return self._reader.pid if self._reader else None

    def take_in(self, source: Path, into: Path, said: Callable[[float], None] = _to_nobody) -> TakenVideo:
        """Read a video and write two files into the folder `into`; `said` is told how far it is, as a share.

        video.mp4: the same pictures and sound, the index in front, nothing else. cover.jpg: one frame of it.
        Raises NotTaken, StoreFull, Stopped, and OSError when a file can't be read or written.
        """
        into.mkdir(parents=True, exist_ok=True)
        job = {"do": "take_in", "source": str(source.absolute()), "into": str(into.absolute())}
        return TakenVideo(**self._do(job, source.stat().st_size + _ROOM, said))

    def frame(self, video: Path, to: Path, at_ms: int, width: int, height: int) -> int:
        """Write what a video of ours shows at a moment (milliseconds) as a JPEG of width x height pixels.

        Returns when that frame begins. Raises as `take_in`.
        """
        job = {"do": "frame", "source": str(video.absolute()), "to": str(to.absolute()), "at_ms": at_ms}
        done = self._do({**job, "pixels": [width, height]}, _ROOM, _to_nobody)
        return int(done["poster_ms"])

    def close(self) -> None:
        """End the reader at once: what it read can be read again."""
        self._closed = True
        if reader := self._reader:
            reader.kill()

    def _do(self, job: dict[str, Any], most_bytes: int, said: Callable[[float], None]) -> dict[str, Any]:
        with self._turns.turn(hurried=job["do"] == "frame"):
            reply = self._ask({**job, "most_bytes": most_bytes}, said)
        if "done" in reply:
            return dict(reply["done"])
        if "refused" in reply:
            raise NotTaken(reply["refused"], reply["params"])
        if reply["full"]:
            raise StoreFull(os.strerror(reply["failed"]))
        raise OSError(reply["failed"], os.strerror(reply["failed"]), job["source"])

    def _ask(self, job: dict[str, Any], said: Callable[[float], None]) -> dict[str, Any]:
        if self._closed:
            raise Stopped
        with self._start() as reader:
            self._reader = reader
            try:
                assert reader.stdin is not None
                with suppress(BrokenPipeError):  # it died at once; listening tells of what
                    reader.stdin.write(json.dumps(job).encode())
                    reader.stdin.close()
                return self._listen(reader, said)
            except TimeoutError:
                raise NotTaken("video_too_slow") from None
            finally:
                self._reader = None
                reader.kill()

    def _listen(self, reader: subprocess.Popen[bytes], said: Callable[[float], None]) -> dict[str, Any]:
        """The answer of a reader. Raises TimeoutError, Stopped, and NotTaken when it went away before."""
        assert reader.stdout is not None
        pipe, came, ends = reader.stdout.fileno(), b"", clock.monotonic() + self._longest
        waiting = select.poll()
        waiting.register(pipe, select.POLLIN)
        while waiting.poll(max(0.0, min(self._silence, ends - clock.monotonic())) * 1000):
            more = os.read(pipe, 65536)
            if not more:
                raise self._died(reader.wait())
            *lines, came = (came + more).split(b"\n")
            for line in map(json.loads, lines):
                if "share" not in line:
                    return dict(line)
                said(line["share"])
        raise TimeoutError

    def _died(self, status: int) -> Exception:
        if self._closed:
            return Stopped()
        log.warning("video_reader_died", status=status)
        return NotTaken(_DIED.get(status, "video_damaged"))

    def _start(self) -> subprocess.Popen[bytes]:
        self._folder.mkdir(parents=True, exist_ok=True)
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        return subprocess.Popen(  # noqa: S603 - our own program, no argument from outside
            _COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            env=kept | _MEMORY,
            process_group=0,  # Ctrl-C is for the server, which ends the reader
        )
