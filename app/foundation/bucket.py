"""An S3-compatible bucket: where networks fetch pictures when they can't fetch them from us."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from app.foundation import outgoing
from app.foundation.crypto import new_token
from app.foundation.settings import LOOPBACK, Settings

if TYPE_CHECKING:
    from obstore.store import S3Store

LONGEST = 7 * 24 * 3600  # seconds: no signature of AWS's version 4 is good for longer
_CLIENT: dict[str, Any] = {"timeout": timedelta(seconds=30), "connect_timeout": timedelta(seconds=5)}
_RETRY: dict[str, Any] = {"max_retries": 2, "retry_timeout": timedelta(seconds=20)}


class BucketMissing(Exception):
    """A bucket is set, but the library that speaks to it is not installed."""


class BucketFailure(Exception):
    """The bucket could not be reached or said no. The words never hold a secret."""


class Bucket:
    """One bucket and one way in. Thread-safe."""

    def __init__(
        self, name: str, *, endpoint: str = "", region: str, key_id: str, secret: str, prefix: str = ""
    ) -> None:
        """Give what the settings MEDIA_BUCKET... say. Nothing is asked of the network yet.

        Raises BucketMissing when the extra `s3` is not installed.
        """
        self._hidden, self._prefix = (secret, key_id), prefix
        local = urlsplit(endpoint).hostname in LOOPBACK
        with self._said():
            self._store = _store(
                name,
                region=region,
                access_key_id=key_id,
                secret_access_key=secret,
                virtual_hosted_style_request=False,
                client_options={**_CLIENT, **_proxy(endpoint, region), "allow_http": local},
                retry_config=_RETRY,
                **({"endpoint": endpoint} if endpoint else {}),
            )

    def put(self, key: str, path: Path, content_type: str) -> None:
        """Store a file under a key, in place of what was there. Raises BucketFailure."""
        import obstore  # noqa: PLC0415 - an extra

        with self._said():
            obstore.put(
                self._store,
                self._prefix + key,
                path,
                attributes={"Content-Type": content_type},
                use_multipart=False,
            )

    def address(self, key: str, seconds: int) -> str:
        """An address from which anybody may GET that key for so many seconds, a week at most.

        It is made here, without asking the bucket, whether the key is there or not. Raises BucketFailure.
        """
        import obstore  # noqa: PLC0415

        with self._said():
            lasting = timedelta(seconds=min(seconds, LONGEST))
            return obstore.sign(self._store, "GET", self._prefix + key, lasting)

    def delete(self, key: str) -> None:
        """Remove a key; none there is no error. Raises BucketFailure."""
        import obstore  # noqa: PLC0415

        with self._said():
            obstore.delete(self._store, self._prefix + key)

    def check(self) -> None:
        """Write a small object and remove it. Raises BucketFailure when either is refused."""
        import obstore  # noqa: PLC0415

        key = f"{self._prefix}check-{new_token(8)}.txt"
        with self._said():
            obstore.put(self._store, key, b"Kuliss may write here.", use_multipart=False)
            obstore.delete(self._store, key)

    @contextmanager
    def _said(self) -> Iterator[None]:
        """Turn what the library raises into one error without secrets, nor its cause, which may have them."""
        try:
            yield
        except BucketMissing:
            raise
        except Exception as error:  # noqa: BLE001 - the library raises its own and several built-in ones
            words = f"{type(error).__name__}: {error}".split("\n", 1)[0]
            for hidden in self._hidden:
                words = words.replace(hidden, "***") if hidden else words
            raise BucketFailure(words[:500]) from None


def _proxy(endpoint: str, region: str) -> dict[str, str]:
    """The proxy that the library shall go through to the bucket's service, if there is one."""
    parts = urlsplit(endpoint)
    if parts.scheme == "http":
        return {}
    address = outgoing.proxy_for(parts.hostname or f"s3.{region}.amazonaws.com")
    return {"proxy_url": address} if address else {}


def _store(name: str, **how: Any) -> "S3Store":
    try:
        from obstore.store import S3Store  # noqa: PLC0415
    except ImportError:
        raise BucketMissing("MEDIA_BUCKET needs the extra s3: pip install 'kuliss[s3]'") from None
    return S3Store(name, **how)


def bucket_of(settings: Settings) -> Bucket | None:
    """The bucket that the settings name, or None. Raises BucketMissing when its library is not installed."""
    if not settings.media_bucket:
        return None
    return Bucket(
        settings.media_bucket,
        endpoint=settings.media_bucket_endpoint,
        region=settings.media_bucket_region,
        key_id=settings.media_bucket_key_id,
        secret=settings.media_bucket_secret,
        prefix=settings.media_bucket_prefix,
    )
