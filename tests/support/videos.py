"""Videos for tests: small clips of four colours, whole or wrong in one way, made once each."""

import struct
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import av

from app.foundation import video_reader
from app.foundation.videos import Videos
from tests.support.pictures import drawing

PLACE = "+60.1699+024.9384/"  # what a camera writes of where it was, after ISO 6709
_ENCODERS = {"h264": "libx264", "hevc": "libx265", "vp9": "libvpx-vp9", "prores": "prores_ks"}
_FORMATS = {"webm": "webm", "mkv": "matroska", "avi": "avi", "mov": "mov", "mp4": "mp4"}
_TURNS = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}
_INNER = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"udta"}


class VideosHere(Videos):
    """Reads videos within this process: to start another for each takes longer than a test."""

    def _ask(self, job: dict[str, Any], said: Callable[[float], None]) -> dict[str, Any]:
        del job["most_bytes"]
        return video_reader.answer(job, said)


@cache
def clip(
    seconds: float = 2,
    size: tuple[int, int] = (320, 240),
    frames: int = 12,
    codec: str = "h264",
    sound: str = "",
    kind: str = "mp4",
    turned: int = 0,
    place: bool = False,
    front: bool = False,
    dark: float = 0,
) -> bytes:
    """A video file. `size`: pixels as stored; `frames`: a second; `sound`: "aac", "mp3", "flac" or empty.

    `codec`: h264, hevc, vp9, prores or any of the encoder's own names. `kind`: mp4, mov, webm, mkv, avi.
    `turned`: degrees clockwise that a player turns it. `place`: with the camera's name and where it was.
    `front`: the index (moov) stands in front. `dark`: it begins with so many seconds of black.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"clip.{kind}"
        options = {"movflags": "faststart"} if front else {}
        with av.open(str(path), "w", format=_FORMATS[kind], options=options) as made:
            if place:
                made.metadata.update(
                    {"location": PLACE, "make": "Secret camera", "creation_time": "2026-05-01"}
                )
            _play(made, seconds, size, frames, codec, sound, dark)
        return turn(path.read_bytes(), turned) if turned else path.read_bytes()


def turn(data: bytes, degrees: int) -> bytes:
    """The same MP4 with another turn in the head of its first track (ISO/IEC 14496-12, 8.3.2)."""
    name, start, _ = next(box for box in boxes(data) if box[0] == b"tkhd")
    assert name == b"tkhd"
    a, b, c, d = _TURNS[degrees]
    at = start + (40 if data[start] == 0 else 52)
    matrix = struct.pack(">9i", a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30)
    return data[:at] + matrix + data[at + 36 :]


def boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[bytes, int, int]]:
    """Every box of an MP4 or MOV: its name, and from where to where its content lies."""
    at, end = start, len(data) if end is None else end
    while at + 8 <= end:
        length, name = struct.unpack(">I4s", data[at : at + 8])
        head = 8
        if length == 1:
            length, head = int.from_bytes(data[at + 8 : at + 16]), 16
        length = length or end - at
        if length < head:
            return
        yield name, at + head, min(at + length, end)
        if name in _INNER:
            yield from boxes(data, at + head, min(at + length, end))
        at += length


def names(data: bytes) -> list[bytes]:
    """The names of all its boxes, in their order."""
    return [name for name, _, _ in boxes(data)]


def _play(
    made: av.container.OutputContainer,
    seconds: float,
    size: tuple[int, int],
    frames: int,
    codec: str,
    sound: str,
    dark: float,
) -> None:
    options = {"preset": "ultrafast", "g": str(frames)} if codec in ("h264", "hevc") else {}
    if codec == "hevc":
        options["x265-params"] = "log-level=none:pools=1"
    stream = made.add_stream(_ENCODERS.get(codec, codec), rate=frames, options=options)
    assert isinstance(stream, av.VideoStream)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv422p10le" if codec == "prores" else "yuvj420p" if codec == "mjpeg" else "yuv420p"
    stream.codec_context.thread_count = 1
    if codec == "hevc" and made.format.name != "matroska":
        stream.codec_context.codec_tag = "hvc1"  # as cameras write it
    heard = made.add_stream({"mp3": "libmp3lame"}.get(sound, sound), rate=44_100) if sound else None
    bright, black = (
        av.VideoFrame.from_image(picture).reformat(format=stream.pix_fmt)  # type: ignore[no-untyped-call]
        for picture in (drawing(size), drawing(size).point(lambda _: 0))
    )
    for number in range(round(seconds * frames)):
        frame = black if number < dark * frames else bright
        frame.pts, frame.time_base = number, Fraction(1, frames)
        made.mux(stream.encode(frame))
    made.mux(stream.encode(None))
    if heard:
        assert isinstance(heard, av.AudioStream)
        _silence(made, heard, seconds)


def _silence(made: av.container.OutputContainer, heard: av.AudioStream, seconds: float) -> None:
    pattern = {"flac": "s16", "mp3": "fltp", "libmp3lame": "fltp", "pcm_s16le": "s16"}
    for number in range(int(seconds * 44_100 / 1024)):
        frame = av.AudioFrame(pattern.get(heard.codec_context.name, "fltp"), "mono", 1024)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.sample_rate, frame.pts = 44_100, number * 1024
        made.mux(heard.encode(frame))
    made.mux(heard.encode(None))
