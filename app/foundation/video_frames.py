"""Single frames of videos as pictures. Runs in the video reader's process only."""

from pathlib import Path
from typing import Any

import av
from PIL import Image

COVER_AT, COVER_UNTIL = 1.0, 3.0  # seconds: which frame is the cover
DARK = 20  # of 255: a frame that is darker in the middle of its values counts as black
_TURNS = {
    90: Image.Transpose.ROTATE_90,
    -90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    -180: Image.Transpose.ROTATE_180,
}
# One thread: each more would hold frames of its own. Files that a file names are never opened.
_OPTIONS = {"enable_drefs": "0", "use_absolute_path": "0"}


def opened(path: Path) -> av.container.InputContainer:
    """A video file to be read, as nothing but an MP4 or MOV."""
    film = av.open(str(path), format="mov", options=_OPTIONS, metadata_errors="replace")
    for stream in film.streams.video:
        if codec_of(stream):
            stream.codec_context.thread_count = 1
    return film


def codec_of(stream: av.VideoStream | av.AudioStream) -> str:
    """What a track is made of, as FFmpeg names it; empty for what it does not know."""
    context: Any = getattr(stream, "codec_context", None)  # there is none for what can't be decoded
    return str(context.codec.canonical_name) if context else ""


def upright(frame: av.VideoFrame, stream: av.VideoStream) -> tuple[int, int]:
    """Width and height as a player shows a frame: square pixels, turned."""
    wide = round(frame.width * float(stream.sample_aspect_ratio or 1))
    return (frame.height, wide) if frame.rotation % 180 else (wide, frame.height)


def cover(path: Path, to: Path, pixels: tuple[int, int]) -> int:
    """Write the frame at about a second, or the first after it that is not black, else the brightest.

    Returns when it is shown, in milliseconds.
    """
    best: tuple[int, float, Image.Image] | None = None
    with opened(path) as film:
        stream = film.streams.video[0]
        from_second = min(COVER_AT, _seconds(stream) / 2)
        for frame in film.decode(stream):
            at = _time(frame, stream)
            if at > COVER_UNTIL and best:
                break
            light = _light(frame)
            if best is None or light > best[0] + DARK or (best[1] < from_second <= at and light >= DARK):
                best = light, at, _picture(frame, pixels)
            if at >= from_second and light >= DARK:
                break
    if best is None:
        raise EOFError("no frame")
    _write(best[2], to)
    return round(best[1] * 1000)


def moment(path: Path, to: Path, at_ms: int, pixels: tuple[int, int]) -> int:
    """Write the frame that is shown at a moment, beyond the end the last one; returns its beginning in ms."""
    last: av.VideoFrame | None = None
    with opened(path) as film:
        stream = film.streams.video[0]
        film.seek(at_ms * 1000, backward=True)
        for frame in film.decode(stream):
            if last is not None and _time(frame, stream) * 1000 > at_ms:
                break
            last = frame
        if last is None:
            raise EOFError("no frame")
        _write(_picture(last, pixels), to)
        return max(0, round(_time(last, stream) * 1000))


def _seconds(stream: av.VideoStream) -> float:
    return float((stream.duration or 0) * (stream.time_base or 0))


def _time(frame: av.VideoFrame, stream: av.VideoStream) -> float:
    first = float((stream.start_time or 0) * (stream.time_base or 0))
    return (frame.time or 0.0) - first


def _light(frame: av.VideoFrame) -> int:
    """How bright the middle one of its values is, of 255."""
    small: Image.Image = frame.reformat(32, 32, "gray").to_image()  # type: ignore[no-untyped-call]
    return sorted(small.convert("L").tobytes())[32 * 32 // 2]


def _picture(frame: av.VideoFrame, pixels: tuple[int, int]) -> Image.Image:
    turn = _TURNS.get(round(frame.rotation))
    wide, high = pixels if frame.rotation % 180 == 0 else pixels[::-1]
    image: Image.Image = frame.reformat(wide, high, "rgb24").to_image()  # type: ignore[no-untyped-call]
    return image.transpose(turn) if turn is not None else image


def _write(image: Image.Image, to: Path) -> None:
    image.save(to, "JPEG", quality=95)
