"""Which videos go where: Pages (Meta, Pages API, video; Video API, reels publishing; Page stories API) and
profiles (Meta, Instagram platform, IG User media)."""

from dataclasses import dataclass

from app.practice.errors import GraphError, bad_video
from app.practice.people import Clip, Video

Trouble = tuple[int, int, str]
FEWEST_BYTES = 1_024
CODECS = ("h264", "hevc")
MINUTE = 60


@dataclass(frozen=True)
class Rules:
    """seconds, frames: from, to; most_bytes; widest: pixels; most_bits: a second; high: 9:16 and no other."""

    seconds: tuple[float, float]
    frames: tuple[float, float] = (1, 120)
    most_bytes: int = 1_000_000_000
    widest: int = 8_192
    most_bits: int = 10**12
    high: bool = False


ON_PAGES = {
    "video": Rules(seconds=(1, 240 * MINUTE)),
    "reel": Rules(seconds=(3, 90), frames=(24, 60), high=True),
    "story": Rules(seconds=(1, 60)),
}
_OF_PROFILES = Rules(
    seconds=(3, 15 * MINUTE), frames=(23, 60), most_bytes=300_000_000, widest=1_920, most_bits=25_000_000
)
ON_PROFILES = {
    "REELS": _OF_PROFILES,
    "VIDEO": _OF_PROFILES,
    "STORIES": Rules(
        seconds=(3, 60), frames=(23, 60), most_bytes=100_000_000, widest=1_920, most_bits=25_000_000
    ),
}
MOST_HERTZ = 48_000


def on_page(use: str, clip: Clip | None, size: int) -> Trouble | None:
    """What is wrong with a file for a Page; None: nothing. clip None: it is no video; size: its bytes."""
    rules = ON_PAGES[use]
    if size < FEWEST_BYTES:
        return 382, 1363022, "The video file you selected is too small."
    if clip is None or clip.codec not in CODECS:
        return 352, 1363024, "The video file you selected is in a format that we don't support."
    if size > rules.most_bytes:
        return 352, 1363023, "The video file you selected is too large."
    if clip.seconds < rules.seconds[0]:
        return 352, 1363025, f"The video is shorter than {rules.seconds[0]} seconds."
    if clip.seconds > rules.seconds[1] + 0.1:
        return 352, 1363026, f"The video is longer than {rules.seconds[1]} seconds."
    if not _in(clip.frames, rules.frames):
        return 352, 1363024, "The video has too few or too many frames in a second."
    if rules.high and not is_high(clip):
        return 352, 1363024, "A reel has the shape 9:16 and at least 540 by 960 pixels."
    return None


def is_high(clip: Clip) -> bool:
    """Whether it has the shape of a reel, 9:16, as near as two in a hundred, and enough pixels."""
    return clip.width >= 540 and clip.height >= 960 and abs(clip.width * 16 / (clip.height * 9) - 1) <= 0.02


def refusal(trouble: Trouble) -> GraphError:
    """The same as an error."""
    code, subcode, words = trouble
    return bad_video(subcode, words, code)


def set_looked_at(video: Video, clip: Clip | None, size: int) -> Trouble | None:
    """Write down what a look into its file showed. Returns what is wrong with it."""
    video.file_size = video.kept = size
    video.clip = clip
    video.poster = video.poster or (clip.poster if clip else None)
    video.trouble = on_page(video.use, clip, size)
    return video.trouble


def on_profile(kind: str, clip: Clip | None) -> str:
    """What is wrong with a file for a profile, in words; "": nothing. kind: REELS, STORIES or VIDEO."""
    rules = ON_PROFILES[kind]
    if clip is None or clip.codec not in CODECS:
        return "The video format is not supported."
    sound = clip.sound in ("", "aac") and clip.rate <= MOST_HERTZ
    checks = {
        "The moov atom must stand at the front of the file.": clip.moov_first,
        "The sound must be AAC with at most 48 kHz.": sound,
        "The video is too large.": clip.size <= rules.most_bytes,
        "The video is too short or too long.": rules.seconds[0] <= clip.seconds <= rules.seconds[1] + 0.1,
        "The video is too wide.": clip.width <= rules.widest,
        "The video has too few or too many frames in a second.": _in(clip.frames, rules.frames),
        "The video has too many bits in a second.": clip.bits <= rules.most_bits,
    }
    return next((words for words, good in checks.items() if not good), "")


def _in(value: float, span: tuple[float, float]) -> bool:
    # 23.976 is sold as 24, 29.97 as 30.
    return span[0] - 0.05 <= value <= span[1] + 0.05
