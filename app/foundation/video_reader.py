"""The video reader: a process of its own for one job, so that no video can hurt the server.

Started by `app.foundation.videos` as `python -m app.foundation.video_reader`, with the job as JSON on
standard input. It says how far it is in lines of JSON on standard output; the last one is its answer. It has
no more memory, processor time and room for files than it needs.
"""

import errno
import json
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av

from app.foundation import clock, video_frames, video_remux
from app.foundation.video_kinds import Refused

MEGA = 1_000_000
MEMORY = 500 * MEGA  # bytes of data; a frame of 4K has 25, a decoder keeps up to 16
CPU_SECONDS = 240
SAYS = 0.5  # seconds between two words about how far it is
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def take_in(source: str, into: str, said: Callable[[float], None]) -> dict[str, Any]:
    """Make video.mp4 and cover.jpg of a video. Returns its facts (see `videos.TakenVideo`)."""
    seen = video_remux.examine(Path(source))
    film = Path(into) / "video.mp4"
    video_remux.remux(Path(source), film, seen, lambda share: said(share * 0.8))
    sha256 = video_remux.digest(film, lambda share: said(0.8 + share * 0.2))
    poster_ms = video_frames.cover(film, Path(into) / "cover.jpg", seen.pixels)
    return {
        "sha256": sha256, "size": film.stat().st_size, "duration_ms": seen.duration_ms,
        "width": seen.pixels[0], "height": seen.pixels[1], "frame_rate": seen.frame_rate, "codec": seen.codec,
        "audio": seen.audio, "poster_ms": poster_ms, "source_kind": seen.kind,
    }  # fmt: skip


def frame(
    source: str, to: str, at_ms: int, pixels: list[int], said: Callable[[float], None]
) -> dict[str, Any]:
    """Make a JPEG of one moment of a video. Returns which moment it is, in milliseconds."""
    said(0)
    return {"poster_ms": video_frames.moment(Path(source), Path(to), at_ms, (pixels[0], pixels[1]))}


DOES: dict[str, Callable[..., dict[str, Any]]] = {"take_in": take_in, "frame": frame}


def answer(job: dict[str, Any], said: Callable[[float], None]) -> dict[str, Any]:
    """Do one job: {"do": name, ...arguments}. Returns {"done": ...}, {"refused": ...} or {"failed": ...}."""
    try:
        return {"done": DOES[job.pop("do")](**job, said=said)}
    except Refused as refused:
        return {"refused": refused.code, "params": refused.params}
    except (MemoryError, av.MemoryError):
        return {"refused": "video_too_heavy", "params": {}}
    except OSError as error:
        if error.errno in _FULL:
            return {"failed": error.errno, "full": True}
        if isinstance(error, av.FFmpegError):
            return {"refused": "video_damaged", "params": {}}
        return {"failed": error.errno or errno.EIO, "full": False}
    except Exception:  # noqa: BLE001 - decoders raise anything for damaged files
        return {"refused": "video_damaged", "params": {}}


def bound(most_bytes: int) -> None:
    """Take away what reading videos does not need. `most_bytes`: of a file that it may write."""
    for what, most in (
        (resource.RLIMIT_DATA, MEMORY),
        (resource.RLIMIT_FSIZE, most_bytes),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def main() -> None:
    """Do the job that standard input names; libraries that print must not get into the answers."""
    out = os.dup(1)
    os.dup2(2, 1)
    job = json.loads(sys.stdin.buffer.read())
    bound(job.pop("most_bytes"))
    av.logging.set_level(av.logging.PANIC)
    last = 0.0

    def say(what: dict[str, Any]) -> None:
        os.write(out, json.dumps(what).encode() + b"\n")

    def said(share: float) -> None:
        nonlocal last
        if clock.monotonic() - last >= SAYS:
            last = clock.monotonic()
            say({"share": round(share, 3)})

    say(answer(job, said))


if __name__ == "__main__":
    main()
