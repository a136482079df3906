"""Pictures as the practice network keeps them, and where it may fetch them from."""

import random
from pathlib import Path

import pytest

from app.foundation.settings import Settings
from app.practice import app, pictures
from app.practice.people import Picture
from app.practice.pictures import Pictures
from tests.practice.instagram import Instagram
from tests.practice.shelf import Shelf, picture, two_in_one
from tests.support.practice import PracticeServer


def test_the_oldest_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "KEPT_BYTES", len(picture(80)) * 3 + 200)
    kept = Pictures(tmp_path)
    taken = [kept.take_in(picture(80 + n)) for n in range(5)]
    names = [one.name for one in taken if one]
    assert kept.read(names[0]) is None
    assert kept.read(names[4]) == picture(84)
    assert len(list(tmp_path.iterdir())) <= 3
    assert Pictures(tmp_path).read(names[4]) == picture(84)
    kept.clear()
    assert list(tmp_path.iterdir()) == []


def test_what_is_a_plain_jpeg(tmp_path: Path) -> None:
    kept = Pictures(tmp_path)
    for body, plain in (
        (picture(), True),
        (picture(progressive=True), True),
        (two_in_one(), False),
        (picture(kind="PNG"), False),
    ):
        found = kept.take_in(body)
        assert found
        assert found.plain is plain


def test_damaged_files_are_no_pictures(tmp_path: Path) -> None:
    kept, dice = Pictures(tmp_path), random.Random(1)  # noqa: S311 - the same damage each time
    found: list[Picture | None] = []
    for kind in ("JPEG", "PNG", "GIF", "BMP", "TIFF"):
        whole = picture(kind=kind)
        for _ in range(40):
            body = bytearray(whole[: dice.randrange(1, len(whole))])
            for _ in range(dice.randrange(4)):
                body[dice.randrange(len(body))] = dice.randrange(256)
            found.append(kept.take_in(bytes(body)))
    taken = [one for one in found if one]
    assert len(taken) < len(found) / 2
    assert all(kept.read(one.name) for one in taken)


def test_origins(tmp_path: Path) -> None:
    def allowed(**more: str) -> set[str]:
        return set(app.origins(Settings(data_dir=tmp_path, _env_file=None, **more)))  # type: ignore[arg-type]

    way_in = {"media_bucket": "b", "media_bucket_key_id": "k", "media_bucket_secret": "s"}
    assert allowed() == {"http://localhost:8000"}
    assert allowed(public_url="https://k.example.org") == {"https://k.example.org:443"}
    assert "https://s3.eu-north-1.amazonaws.com:443" in allowed(**way_in, media_bucket_region="eu-north-1")
    assert "https://s3.example.org:443" in allowed(**way_in, media_bucket_endpoint="https://s3.example.org")


def test_a_fetch_goes_on_after_a_restart(tmp_path: Path) -> None:
    with Shelf() as shelf:
        shelf.silent.add("/first")
        with PracticeServer(tmp_path) as before:
            before.ask("origins", {"origins": [shelf.url]})
            container = Instagram(before, shelf).container(image_url=shelf.put(picture(), "first"))
        shelf.silent.clear()
        with PracticeServer(tmp_path) as after:
            after.ask("origins", {"origins": [shelf.url]})
            assert Instagram(after, shelf).settled(container) == "FINISHED"
