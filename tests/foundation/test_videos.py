"""Videos: measured, cleaned, packed anew; what is not taken says why; nothing of it can hurt the server."""

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from app.foundation import video_reader
from app.foundation.video_kinds import outline
from app.foundation.videos import NotTaken, Stopped, TakenVideo, Videos, kind_of
from tests.support.heic import heic
from tests.support.pictures import a_picture
from tests.support.videos import PLACE, boxes, clip, names

FILES = int(os.environ.get("FUZZ", "120"))
SECONDS = 10.0
Read = Callable[[bytes], dict[str, Any]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """What the reader answers about the bytes of a file; here within this process."""

    def answer(data: bytes) -> dict[str, Any]:
        (tmp_path / "given").write_bytes(data)
        job = {"do": "take_in", "source": str(tmp_path / "given"), "into": str(tmp_path)}
        return video_reader.answer(job, lambda _share: None)

    return answer


@pytest.fixture
def videos(tmp_path: Path) -> Videos:
    return Videos(tmp_path)


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """A file with a video turned on its side, with sound, place and camera."""
    path = tmp_path / "given.mov"
    path.write_bytes(clip(kind="mov", turned=90, place=True, sound="aac"))
    return path


def test_a_video_comes_out_clean_with_its_index_in_front(videos: Videos, given: Path, tmp_path: Path) -> None:
    before, told = given.read_bytes(), list[float]()
    assert PLACE.encode() in before
    assert names(before).index(b"mdat") < names(before).index(b"moov")
    taken = videos.take_in(given, tmp_path / "into", told.append)
    film = (tmp_path / "into" / "video.mp4").read_bytes()
    assert taken == TakenVideo(
        taken.sha256, len(film), 2000, 240, 320, 12.0, "h264", "aac", taken.poster_ms, "mov"
    )
    found = names(film)
    assert found[:2] == [b"ftyp", b"moov"]
    assert found.index(b"moov") < found.index(b"mdat")
    assert not {b"udta", b"meta", b"uuid"} & set(found)
    assert PLACE.encode() not in film
    assert b"Secret camera" not in film
    assert told
    with av.open(str(tmp_path / "into" / "video.mp4")) as made:
        assert next(made.decode(video=0)).rotation == -90
        assert (len(made.streams), made.metadata.get("location")) == (2, None)
    assert videos.pid is None


def test_the_pictures_and_the_sound_are_the_very_same(read: Read, tmp_path: Path) -> None:
    data = clip(sound="aac", seconds=1)
    read(data)
    packets = []
    for path in (tmp_path / "given", tmp_path / "video.mp4"):
        with av.open(str(path)) as film:
            packets.append([bytes(packet) for packet in film.demux() if packet.size])
    assert packets[0] == packets[1]


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_the_cover_stands_upright(read: Read, tmp_path: Path, turned: int) -> None:
    read(clip(turned=turned))
    with Image.open(tmp_path / "cover.jpg") as cover:
        assert cover.size == ((320, 240) if turned % 180 == 0 else (240, 320))
        middle = [(x, y) for y in (60, 180) for x in (60, 180)]
        seen = [_strongest(cover.getpixel(at)) for at in middle]
    # red, green, blue and yellow, read like a page; of yellow red is as good as green
    order = {0: "rgby", 90: "bryg", 180: "ybgr", 270: "gyrb"}[turned]
    assert all("rgb"[found] == sign or sign == "y" for found, sign in zip(seen, order, strict=True))


def _strongest(colour: object) -> int:
    assert isinstance(colour, tuple)
    return max(range(3), key=colour.__getitem__)


def test_the_cover_is_not_black_if_there_is_light(read: Read) -> None:
    assert read(clip(seconds=4))["done"]["poster_ms"] == 1000
    assert read(clip(seconds=4, dark=1.5))["done"]["poster_ms"] == 1500
    assert read(clip(seconds=4, dark=9))["done"]["poster_ms"] == 0
    assert read(clip(seconds=0.5))["done"]["poster_ms"] == 250


def test_a_cover_of_any_moment(videos: Videos, tmp_path: Path) -> None:
    film = tmp_path / "film"
    film.write_bytes(clip(seconds=4, dark=2))
    assert videos.frame(film, tmp_path / "a.jpg", 1000, 320, 240) == 1000
    assert videos.frame(film, tmp_path / "b.jpg", 99_000, 320, 240) == 3917
    light = [Image.open(tmp_path / name).convert("L").getpixel((20, 20)) for name in ("a.jpg", "b.jpg")]
    assert light[0] < 20 < light[1]  # type: ignore[operator]


def test_hevc_is_named_as_every_player_knows_it(read: Read, tmp_path: Path) -> None:
    done = read(clip(codec="hevc", kind="mov"))["done"]
    assert (done["codec"], done["audio"], done["source_kind"]) == ("hevc", "", "mov")
    assert b"hvc1" in outline(tmp_path / "video.mp4").samples


@pytest.mark.parametrize(
    ("data", "code", "params"),
    [
        (clip(kind="webm", codec="vp9"), "video_container", {"kind": "WebM"}),
        (clip(kind="mkv"), "video_container", {"kind": "MKV"}),
        (clip(kind="avi", codec="mpeg4"), "video_container", {"kind": "AVI"}),
        (clip(kind="mov", codec="prores"), "video_codec", {"kind": "ProRes"}),
        (clip(codec="mpeg4"), "video_codec", {"kind": "MPEG-4"}),
        (clip(sound="mp3"), "video_sound_codec", {"kind": "MP3"}),
        (clip(sound="pcm_s16le", kind="mov"), "video_sound_codec", {"kind": "PCM"}),
        (clip(size=(320, 160)), "video_pixels_few", {"least": 200, "side": 160}),
        (clip()[:-200], "video_cut_off", {}),
        (clip(front=True, seconds=8)[:-4000], "video_cut_off", {}),
        (clip().replace(b"avc1", b"encv"), "video_locked", {}),
        (b"no video at all", "video_unreadable", {}),
        (b"", "video_unreadable", {}),
        (a_picture("jpeg"), "video_unreadable", {}),
    ],
)  # fmt: skip
def test_what_is_not_taken_says_why(read: Read, data: bytes, code: str, params: dict[str, Any]) -> None:
    assert read(data) == {"refused": code, "params": params}


def test_sound_alone_is_no_video(read: Read) -> None:
    data = clip(sound="aac")
    name, start, end = next(box for box in boxes(data) if box[0] == b"trak")
    assert name == b"trak"
    alone = data[: start - 4] + b"free" + data[start:end] + data[end:]
    assert read(alone) == {"refused": "video_no_picture", "params": {}}


def test_a_hole_in_the_middle_is_seen(read: Read) -> None:
    data = bytearray(clip(seconds=8, frames=24))
    _, start, end = next(box for box in boxes(bytes(data)) if box[0] == b"mdat")
    middle = (start + end) // 2
    data[middle : middle + 600] = bytes(600)
    assert read(bytes(data)) == {"refused": "video_damaged", "params": {}}


def test_longer_than_any_network_takes(read: Read) -> None:
    data = bytearray(clip(seconds=20, frames=2))
    for _, start, _ in [box for box in boxes(bytes(data)) if box[0] in (b"mdhd", b"mvhd")]:
        data[start + 12 : start + 16] = (1).to_bytes(4)  # ticks a second
    assert read(bytes(data)) == {"refused": "video_hours", "params": {"most": 4}}


def test_what_a_file_is_told_by_its_bytes() -> None:
    assert [kind_of(clip()), kind_of(clip(kind="mov")), kind_of(a_picture("jpeg")), kind_of(heic())] == [
        "mp4", "mov", "", "",
    ]  # fmt: skip
    with pytest.raises(NotTaken, match="video_container"):
        kind_of(b"G" + b"\xff" * 187 + b"G" + bytes(187) + b"G")


def test_a_reader_that_says_nothing_is_ended(tmp_path: Path, given: Path) -> None:
    with pytest.raises(NotTaken, match="video_too_slow"):
        Videos(tmp_path, silence=0.01).take_in(given, tmp_path / "into")


def test_a_reader_that_dies_or_is_stopped(
    videos: Videos, given: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = videos._start

    def dying(number: signal.Signals) -> None:
        def started() -> Any:
            reader = start()
            os.kill(reader.pid, number)
            return reader

        monkeypatch.setattr(videos, "_start", started)

    for number, code in ((signal.SIGKILL, "video_too_heavy"), (signal.SIGXCPU, "video_too_slow"),
                         (signal.SIGSEGV, "video_damaged")):  # fmt: skip
        dying(number)
        with pytest.raises(NotTaken, match=code):
            videos.take_in(given, tmp_path / "into")
    monkeypatch.setattr(videos, "_start", start)
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(videos.take_in, given, tmp_path / "into", lambda _share: videos.close())
        with pytest.raises(Stopped):
            job.result()
    with pytest.raises(Stopped):
        videos.take_in(given, tmp_path / "into")


def damaged(number: int) -> bytes:
    """The video of that number with one to eight damages, the same each time."""
    chance = random.Random(number)  # noqa: S311 - must repeat itself
    kinds: list[dict[str, Any]] = [
        {"sound": "aac", "place": True}, {"codec": "hevc", "kind": "mov"}, {"front": True, "turned": 90}
    ]  # fmt: skip
    data = bytearray(clip(seconds=1, **kinds[number % len(kinds)]))
    index = bytes(data).find(b"moov")
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        # Mostly the index: what is wrong in the pictures is concealed, what is wrong there leads astray.
        first = index if chance.random() < 0.7 else 0
        at = chance.randrange(first, len(data) - 4)
        what = chance.choice(("flip", "number", "cut", "drop"))
        if what == "flip":
            data[at] ^= 1 << chance.randrange(8)
        elif what == "number":
            data[at : at + 4] = chance.choice(
                (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\1")
            )
        elif what == "cut" and chance.random() < 0.2:
            del data[at:]
            break
        else:
            del data[at : at + chance.randrange(1, 4)]
    return bytes(data) + bytes(8)


def test_damaged_videos_hurt_nobody(tmp_path: Path) -> None:
    """Each in a process of its own would take minutes: one process reads them all, with a reader's limits."""
    folder = tmp_path / "files"
    folder.mkdir()
    for number in range(FILES):
        (folder / f"{number}").write_bytes(damaged(number))
    program = (
        "import json, resource, sys, time, pathlib\n"
        "from app.foundation import video_reader\n"
        "video_reader.bound(100_000_000)\n"
        "video_reader.av.logging.set_level(video_reader.av.logging.PANIC)\n"
        "for path in sorted(pathlib.Path(sys.argv[1]).iterdir(), key=lambda one: int(one.name)):\n"
        "    began = time.process_time()\n"
        "    job = {'do': 'take_in', 'source': str(path), 'into': sys.argv[2]}\n"
        "    answer = video_reader.answer(job, lambda share: None)\n"
        "    print(json.dumps([path.name, answer, time.process_time() - began]), flush=True)\n"
        "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder), str(tmp_path)], capture_output=True, check=False
    )
    *lines, memory = done.stdout.decode().splitlines() or [""]
    assert done.returncode == 0, (done.returncode, lines[-1:], done.stderr[-500:])
    ended = Counter[str]()
    for name, answer, seconds in map(json.loads, lines):
        assert seconds < SECONDS, name
        ended[answer.get("refused", "taken")] += 1
    assert sum(ended.values()) == FILES
    assert ended["taken"] < FILES
    assert int(memory) * 1024 < video_reader.MEMORY
