"""The bucket, against a real S3 server on this machine."""

import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from app.foundation.bucket import Bucket, BucketFailure, BucketMissing, bucket_of
from app.foundation.settings import Settings
from tests.support.s3 import s3_server

SECRET = "made-up-secret-of-the-bucket"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of an S3 server with one bucket, pictures."""
    with s3_server() as address:
        yield address


def settings(server: str, **other: str) -> Settings:
    given = {
        "media_bucket": "pictures",
        "media_bucket_endpoint": server,
        "media_bucket_key_id": "made-up-key",
        "media_bucket_secret": SECRET,
        "media_bucket_prefix": "kuliss/",
    }
    return Settings.model_validate(given | other)


@pytest.fixture
def bucket(server: str) -> Bucket:
    found = bucket_of(settings(server))
    assert found
    return found


def test_what_is_put_is_fetched_by_its_address_until_it_is_deleted(bucket: Bucket, tmp_path: Path) -> None:
    picture = tmp_path / "picture"
    picture.write_bytes(b"\xff\xd8\xff made up")
    bucket.put("ab/one.jpg", picture, "image/jpeg")
    address = bucket.address("ab/one.jpg", 3600)
    assert "/pictures/kuliss/ab/one.jpg?" in address
    assert SECRET not in address
    found = httpx.get(address)
    assert (found.status_code, found.content) == (200, picture.read_bytes())
    assert found.headers["Content-Type"] == "image/jpeg"
    bucket.delete("ab/one.jpg")
    bucket.delete("ab/one.jpg")
    assert httpx.get(address).status_code == 404


def test_an_address_is_good_for_a_week_at_most(bucket: Bucket) -> None:
    assert "X-Amz-Expires=60" in bucket.address("one.jpg", 60)
    assert "X-Amz-Expires=604800" in bucket.address("one.jpg", 30 * 24 * 3600)


def test_the_check_leaves_nothing_behind(bucket: Bucket, server: str) -> None:
    bucket.check()
    assert "<Key>" not in httpx.get(f"{server}/pictures", params={"list-type": "2", "prefix": "kuliss/"}).text


def test_a_failure_says_so_without_a_secret(server: str, tmp_path: Path) -> None:
    lost = bucket_of(settings(server, media_bucket="elsewhere"))
    assert lost
    with pytest.raises(BucketFailure) as failed:
        lost.check()
    assert SECRET not in str(failed.value)
    assert "made-up-key" not in str(failed.value)
    assert failed.value.__cause__ is None
    with pytest.raises(BucketFailure):
        lost.put("one.jpg", tmp_path / "nothing", "image/jpeg")


def test_plain_http_leads_to_this_machine_alone(server: str) -> None:
    for address in ("http://bucket.example.org", "ftp://127.0.0.1", "127.0.0.1:9000"):
        with pytest.raises(ValidationError, match="https://"):
            settings(server, media_bucket_endpoint=address)
    assert settings(server, media_bucket_endpoint="https://bucket.example.org/").media_bucket_endpoint == (
        "https://bucket.example.org"
    )
    open_way = Bucket("b", endpoint="http://bucket.example.org", region="r", key_id="k", secret=SECRET)
    with pytest.raises(BucketFailure):
        open_way.check()


def test_a_bucket_needs_its_key(server: str) -> None:
    with pytest.raises(ValidationError, match="MEDIA_BUCKET_KEY_ID") as refused:
        settings(server, media_bucket_key_id="")
    assert SECRET not in repr(settings(server))
    assert SECRET not in str(refused.value)


def test_no_bucket_is_no_bucket() -> None:
    assert bucket_of(Settings(media_bucket="")) is None


def test_without_the_extra_it_is_said_which(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    with pytest.raises(BucketMissing, match=r"kuliss\[s3\]"):
        bucket_of(settings(server))
