"""Videos measured and packed anew: the same pictures and sound, the index in front, nothing else in the file.

Runs in the video reader's process only. Nothing is encoded: what a camera made is what a network gets. What a
file holds besides - where and when it was filmed, by which device, chapters, tracks of data - is left behind.
"""

import hashlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from app.foundation.video_frames import codec_of, opened, upright
from app.foundation.video_kinds import HEAD, LOCKED, Refused, outline, sniff

LEAST, LONGEST = 200, 4096  # pixels of the shorter and the longer side
MOST_HOURS = 4
CODECS = {"h264", "hevc"}
_TAGS = {"hevc": "hvc1"}  # players of one maker know no other name for it
_NAMES = {
    "vp8": "VP8", "vp9": "VP9", "av1": "AV1", "prores": "ProRes", "dnxhd": "DNxHD", "mpeg4": "MPEG-4",
    "mjpeg": "Motion JPEG", "h263": "H.263", "mpeg2video": "MPEG-2", "mpeg1video": "MPEG-1", "mp3": "MP3",
    "ac3": "AC-3", "eac3": "E-AC-3", "opus": "Opus", "vorbis": "Vorbis", "flac": "FLAC", "alac": "ALAC",
}  # fmt: skip
_PIECE = 1024 * 1024  # bytes
_SLACK = 1.0  # seconds by which sound and pictures may end apart
_LEFT_BEHIND = {b"udta", b"meta", b"uuid", b"\xa9xyz", b"loci"}


@dataclass(frozen=True)
class Seen:
    """What a look showed. `pixels`: as seen, upright. `picture`, `sound`: places of the two tracks."""

    kind: str
    pixels: tuple[int, int]
    turned: int
    duration_ms: int
    frame_rate: float
    codec: str
    audio: str
    picture: int
    sound: int | None


def examine(path: Path) -> Seen:
    """What a file holds. Raises Refused, and whatever the decoders raise for damaged files."""
    with path.open("rb") as file:
        kind = sniff(file.read(HEAD))
    found = outline(path)
    if not kind or not found.outer:
        raise Refused("video_unreadable")
    if found.cut or b"moov" not in found.outer:
        raise Refused("video_cut_off")
    if found.samples & LOCKED:
        raise Refused("video_locked")
    with opened(path) as film:
        picture = _picture(film)
        sound, audio = _sound(film)
        frame = next(film.decode(picture))
        pixels, turned = upright(frame, picture), frame.rotation
        _check_pixels(pixels)
        seconds = _seconds(film, picture)
        rate = float(picture.average_rate or picture.guessed_rate or 0)
        return Seen(
            kind, pixels, turned, round(seconds * 1000), round(rate, 3), codec_of(picture),
            audio, picture.index, sound,
        )  # fmt: skip


def _picture(film: av.container.InputContainer) -> av.VideoStream:
    """The track of moving pictures; a still one is a player's ornament."""
    moving = [one for one in film.streams.video if not one.disposition & av.stream.Disposition.attached_pic]
    known = [one for one in moving if codec_of(one) in CODECS]
    if not moving:
        raise Refused("video_no_picture")
    if not known:
        raise Refused("video_codec", kind=_named(moving[0]))
    return known[0]


def _sound(film: av.container.InputContainer) -> tuple[int | None, str]:
    """The track of sound that every network takes; beside it cameras write others, which stay behind."""
    for one in film.streams.audio:
        if codec_of(one) == "aac":
            return one.index, "aac"
    if film.streams.audio:
        raise Refused("video_sound_codec", kind=_named(film.streams.audio[0]))
    return None, ""


def _named(stream: av.VideoStream | av.AudioStream) -> str:
    name = codec_of(stream)
    return "PCM" if name.startswith("pcm_") else _NAMES.get(name, name.upper() or "?")


def _check_pixels(pixels: tuple[int, int]) -> None:
    if min(pixels) < LEAST:
        raise Refused("video_pixels_few", least=LEAST, side=min(pixels))
    if max(pixels) > LONGEST:
        raise Refused("video_pixels_many", most=LONGEST, side=max(pixels))


def _seconds(film: av.container.InputContainer, picture: av.VideoStream) -> float:
    told = picture.duration * picture.time_base if picture.duration and picture.time_base else None
    seconds = float(told or Fraction(film.duration or 0, 1_000_000))
    if not math.isfinite(seconds) or seconds <= 0:
        raise Refused("video_empty")
    if seconds > MOST_HOURS * 3600:
        raise Refused("video_hours", most=MOST_HOURS)
    return seconds


def remux(source: Path, to: Path, seen: Seen, said: Callable[[float], None]) -> None:
    """Write pictures and sound into a new MP4, and make sure that it is what it shall be. Raises Refused."""
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with opened(source) as film, av.open(str(to), "w", format="mp4", options=options) as made:
        tracks = [film.streams[place] for place in (seen.picture, seen.sound) if place is not None]
        into = {track.index: made.add_stream_from_template(track, opaque=True) for track in tracks}
        if seen.codec in _TAGS:
            into[seen.picture].codec_context.codec_tag = _TAGS[seen.codec]
        _copy(film, made, seen, into, said)
    _forget(to)
    _check(to, seen)


def _copy(
    film: av.container.InputContainer,
    made: av.container.OutputContainer,
    seen: Seen,
    into: dict[int, av.stream.Stream],
    said: Callable[[float], None],
) -> None:
    """Packet by packet. Raises Refused when one is damaged, or when the pictures end too early."""
    ended = 0.0
    for packet in film.demux(*[film.streams[place] for place in into]):
        if packet.dts is None:
            continue  # the mark at the end of a track
        place = packet.stream.index
        if place == seen.picture:
            if packet.is_corrupt or not _whole(packet):
                raise Refused("video_damaged")
            base = packet.time_base or Fraction(0)
            ended = max(ended, float(((packet.pts or packet.dts) + (packet.duration or 0)) * base))
            said(min(1.0, ended * 1000 / seen.duration_ms))
        packet.stream = into[place]
        made.mux(packet)
    if ended < seen.duration_ms / 1000 * 0.98 - _SLACK:
        raise Refused("video_cut_off")


def _whole(packet: "av.Packet[Any]") -> bool:
    """Whether the units in a packet fill it exactly: each begins with its length in four bytes.

    (ISO/IEC 14496-15, 5.3.3. Cameras and encoders write no other length.) What was overwritten, or lost on a
    broken disk, shows here without decoding.
    """
    data, at = memoryview(packet), 0
    while at + 4 <= len(data):
        length = int.from_bytes(data[at : at + 4])
        if length == 0 and at == 0:
            return False
        at += 4 + length
    return at == len(data)


def _forget(path: Path) -> None:
    """Blot out the box that the writer leaves for remarks, however empty: players skip what is free."""
    with path.open("r+b") as file:
        for name, at in outline(path).inner:
            if name in _LEFT_BEHIND:
                file.seek(at)
                file.write(b"free")


def _check(path: Path, seen: Seen) -> None:
    """Look at what was made. Raises Refused when it is not what went in, or says more than it shall."""
    found = outline(path)
    if found.cut or not found.in_front or {name for name, _ in found.inner} & _LEFT_BEHIND:
        raise Refused("video_damaged")
    with opened(path) as film:
        picture = film.streams.video[0]
        for share in (0.0, 0.25, 0.5, 0.75, 0.97):
            film.seek(round(seen.duration_ms * 1000 * share), backward=True)
            frame = next(film.decode(picture))
            same = (upright(frame, picture), frame.rotation) == (seen.pixels, seen.turned)
            if not same or frame.is_corrupt:
                raise Refused("video_damaged")


def digest(path: Path, said: Callable[[float], None]) -> str:
    """The SHA-256 of a file."""
    found, size, came = hashlib.sha256(), path.stat().st_size, 0
    for piece in _pieces(path):
        found.update(piece)
        came += len(piece)
        said(came / size)
    return found.hexdigest()


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
