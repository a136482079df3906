"""Videos: what is known about one, what a network takes, and why one does not fit."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.errors import Fault

MEGA = 1_000_000
_SHAPE_SLACK = 0.02  # cameras round to even pixels


class Captions(StrEnum):
    """Whether somebody who does not hear it can follow what is said."""

    SHOWN = "shown"  # the words can be read in the picture
    SILENT = "silent"  # nothing is said in it
    LATER = "later"  # not yet: they are added at the network afterwards


@dataclass(frozen=True)
class Video:
    """One video as it is kept: an MP4 file whose index stands in front, without data of the camera.

    `sha256`, `size` (bytes): of that file. `duration_ms`: milliseconds. `width`, `height`: pixels as seen,
    turned upright. `frame_rate`: pictures a second. `codec`: "h264" or "hevc"; `audio`: "aac", or empty for
    none. `captions` None: nobody has answered yet.
    """

    sha256: str
    size: int
    duration_ms: int
    width: int
    height: int
    frame_rate: float
    codec: str
    audio: str = ""
    captions: Captions | None = None

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.duration_ms / 1000

    @property
    def ratio(self) -> float:
        """Width by height."""
        return self.width / self.height


@dataclass(frozen=True)
class VideoLimits:
    """What a network takes of videos: how many in a post, seconds, bytes, shape, pixels, pictures a second.

    `least_ratio` and `most_ratio` (width by height) None: any shape. `least_side`: of the shorter side.
    `most_rate`: bits a second.
    """

    most: int = 1
    least_seconds: float = 1
    most_seconds: float = 240 * 60
    most_bytes: int = 1000 * MEGA
    least_ratio: float | None = None
    most_ratio: float | None = None
    widest: int | None = None
    least_side: int = 1
    least_frames: float | None = None
    most_frames: float | None = None
    most_rate: int | None = None


def video_faults(video: Video, limits: VideoLimits, where: str) -> Iterator[Fault]:
    """What keeps one video from a network, each with what to change; `where`: its field."""
    seconds, megabytes = video.seconds, video.size / MEGA
    yield from _one("video_too_short", where, seconds < limits.least_seconds, least=limits.least_seconds)
    yield from _one("video_too_long", where, seconds > limits.most_seconds + 0.5, most=limits.most_seconds)
    yield from _one("video_too_big", where, video.size > limits.most_bytes, most=limits.most_bytes // MEGA,
                    size=round(megabytes))  # fmt: skip
    narrow = limits.least_ratio is not None and video.ratio < limits.least_ratio - _SHAPE_SLACK
    wide = limits.most_ratio is not None and video.ratio > limits.most_ratio + _SHAPE_SLACK
    yield from _one("video_too_narrow", where, narrow, width=video.width, height=video.height)
    yield from _one("video_too_wide", where, wide, width=video.width, height=video.height)
    side = min(video.width, video.height)
    yield from _one("video_too_small", where, side < limits.least_side, least=limits.least_side, side=side)
    many = limits.widest is not None and video.width > limits.widest
    yield from _one("video_too_many_pixels", where, many, most=limits.widest, width=video.width)
    slow = limits.least_frames is not None and video.frame_rate < limits.least_frames - 0.1
    fast = limits.most_frames is not None and video.frame_rate > limits.most_frames + 0.1
    frames = {"least": limits.least_frames, "most": limits.most_frames, "rate": round(video.frame_rate)}
    yield from _one("video_frame_rate", where, slow or fast, **frames)
    rate = video.size * 8 / max(seconds, 0.001)
    heavy = limits.most_rate is not None and rate > limits.most_rate
    yield from _one("video_too_dense", where, heavy, most=(limits.most_rate or 0) // MEGA)


def _one(code: str, where: str, wrong: bool, **params: Any) -> Iterator[Fault]:
    if wrong:
        yield Fault(code, where, params)
