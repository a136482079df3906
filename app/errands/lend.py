"""Lend: a short-lived, unguessable address from which a network may fetch one picture.

Either under our own address (only the path holds the secret, and only its hash is kept), or in a bucket.
"""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.connectors.failures import RetryLater
from app.connectors.reasons import Reason
from app.domain.publications import Status
from app.errands.ground import Ground
from app.foundation import clock
from app.foundation.bucket import Bucket, BucketFailure
from app.foundation.crypto import new_token, token_hash
from app.models.assets import Lending
from app.models.publications import Publication

# A network may fetch again while it works at a post; it asks for at least an hour (Meta, content publishing).
LIVES = timedelta(hours=2)
PATH = "/m"


def lend(
    ground: Ground, publication_id: int | None, asset_id: int | None, sha256: str, rendition: str
) -> str:
    """A new address of a cut picture, a rendition in the store.

    Raises RetryLater when a bucket fails, or when its publication does not wait to go out any more.
    """
    token, now = new_token(), clock.now()
    bucket_key = f"{token}.jpg" if ground.bucket else ""
    with ground.database.writes() as session:
        if publication_id is not None:
            _check_waits(session, publication_id)
        session.add(
            Lending(
                token_hash=token_hash(token),
                asset_id=asset_id,
                publication_id=publication_id,
                sha256=sha256,
                rendition=rendition,
                bucket_key=bucket_key,
                created_at=now,
                expires_at=now + LIVES,
            )
        )
    if ground.bucket is None:
        return f"{ground.settings.address}{PATH}/{token}.jpg"
    try:
        ground.bucket.put(bucket_key, ground.store.rendition_path(sha256, rendition), "image/jpeg")
        _check_not_taken_back(ground, ground.bucket, token, bucket_key)
        return ground.bucket.address(bucket_key, int(LIVES.total_seconds()))
    except BucketFailure:
        raise RetryLater(Reason.BUCKET_TROUBLE) from None


def _check_waits(session: Session, publication_id: int) -> None:
    """Its row stays as it is until the address is written down: a hold that comes now takes it back."""
    status = select(Publication.status).where(Publication.id == publication_id).with_for_update(read=True)
    if session.scalars(status).one() is not Status.PLANNED:
        raise RetryLater(Reason.PICTURE_NOT_FETCHED)


def _check_not_taken_back(ground: Ground, bucket: Bucket, token: str, bucket_key: str) -> None:
    """What was taken back while it was on its way into the bucket is not left lying there."""
    with ground.database.reads() as session:
        stands = select(Lending.revoked_at).where(Lending.token_hash == token_hash(token))
        taken_back = session.scalars(stands).one() is not None
    if taken_back:
        bucket.delete(bucket_key)
        raise RetryLater(Reason.PICTURE_NOT_FETCHED)


def lent(ground: Ground, token: str) -> Path | None:
    """The file that an address stands for; None when it is not ours, past its time, or taken back."""
    now = clock.now()
    with ground.database.reads() as session:
        row = session.execute(
            select(Lending.id, Lending.sha256, Lending.rendition, Lending.fetched_at).where(
                Lending.token_hash == token_hash(token),
                Lending.expires_at > now,
                Lending.revoked_at.is_(None),
                Lending.bucket_key == "",
            )
        ).one_or_none()
    if row is None:
        return None
    file = ground.store.rendition_path(row.sha256, row.rendition)
    if not file.is_file():
        return None
    if row.fetched_at is None:
        with ground.database.writes() as session:
            session.execute(update(Lending).where(Lending.id == row.id).values(fetched_at=now))
    return file


def take_back(ground: Ground) -> int:
    """Delete from the bucket what was taken back or is past its time; returns how many."""
    if ground.bucket is None:
        return 0
    now = clock.now()
    with ground.database.reads() as session:
        rows = session.execute(
            select(Lending.id, Lending.bucket_key)
            .where(Lending.bucket_key != "", (Lending.revoked_at.is_not(None)) | (Lending.expires_at <= now))
            .limit(200)
        ).all()
    gone = []
    for row in rows:
        try:
            ground.bucket.delete(row.bucket_key)
        except BucketFailure:
            continue
        gone.append(row.id)
    if gone:
        with ground.database.writes() as session:
            session.execute(update(Lending).where(Lending.id.in_(gone)).values(bucket_key="", expires_at=now))
    return len(gone)
