"""Small videos for tests, made once each."""

from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import av
from PIL import Image

HIGH = (540, 960)


@cache
def film(
    seconds: float = 4,
    size: tuple[int, int] = HIGH,
    frames: int = 24,
    codec: str = "libx264",
    kind: str = "mp4",
    rate: int = 0,
    moov_first: bool = True,
    colour: str = "teal",
) -> bytes:
    """A video of one colour. rate: of its sound in hertz, 0 for none; colour: tells one from another."""
    options = {"movflags": "faststart"} if moov_first else {}
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"film.{kind}"
        with av.open(str(path), "w", format=kind, options=options) as made:
            _play(made, seconds, size, frames, codec, rate, colour)
        return path.read_bytes()


def _play(
    made: av.container.OutputContainer,
    seconds: float,
    size: tuple[int, int],
    frames: int,
    codec: str,
    rate: int,
    colour: str,
) -> None:
    stream = made.add_stream(codec, rate=frames, options={"preset": "ultrafast", "g": "12"})
    assert isinstance(stream, av.VideoStream)
    stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
    stream.codec_context.thread_count = 1
    sound = made.add_stream("aac", rate=rate) if rate else None
    still = Image.new("RGB", size, colour)
    frame = av.VideoFrame.from_image(still).reformat(format="yuv420p")  # type: ignore[no-untyped-call]
    for n in range(round(seconds * frames)):
        frame.pts, frame.time_base = n, Fraction(1, frames)
        made.mux(stream.encode(frame))
    made.mux(stream.encode(None))
    if isinstance(sound, av.AudioStream):
        _silence(made, sound, seconds, rate)


def _silence(made: av.container.OutputContainer, sound: av.AudioStream, seconds: float, rate: int) -> None:
    for n in range(int(seconds * rate / 1024)):
        frame = av.AudioFrame("fltp", "mono", 1024)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.sample_rate, frame.pts = rate, n * 1024
        made.mux(sound.encode(frame))
    made.mux(sound.encode(None))
