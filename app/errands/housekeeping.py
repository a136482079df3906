"""Housekeeping: what has served its time is deleted. History, attempts and readings never are."""

import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.orm import Session

from app.actions.assets import KEPT
from app.actions.unsaved import KEPT as TYPED_LIVES
from app.actions.uploads import LIFE
from app.errands import open_ideas
from app.errands.ground import Ground
from app.errands.pictures import FOLDER
from app.foundation import clock
from app.models.assets import Asset, Lending, Upload
from app.models.connections import Connection
from app.models.ideas import IdeaPicture
from app.models.identities import ProviderRun
from app.models.kept_forms import KeptForm
from app.models.people import Failure, OneTimeLink, SignIn
from app.models.posts import RevisionPicture
from app.models.repeats import Repeat
from app.models.second_factors import HalfSignIn
from app.models.unsaved import UnsavedForm

KEYS_LIVE = timedelta(hours=48)
LENDINGS_LIVE = timedelta(days=30)
CUTS_LIVE = timedelta(days=30)
LEFT_OVER = timedelta(days=1)  # a file so old that nothing under way can belong to it
SHA256 = 64  # signs of a name in the store
FOLDERS = 256  # of the store, by the first two signs of what lies in them
_AT_ONCE = 500  # assets in one go


def clean(ground: Ground) -> None:
    """Delete old request keys, idle sign-ins, dead links, kept forms, counters; blot out tokens nobody chose.

    Delete also what pictures leave behind: uploads that broke off, addresses that were lent, pictures removed
    long ago and used nowhere, cuts and covers that nobody needs. For those one folder is looked through each
    time: with one every ten minutes it takes two days to come around. And forget who sent ideas through a
    door, when they have long been told what became of them.
    """
    now = clock.now()
    idle = now - timedelta(minutes=ground.settings.session_idle_minutes)
    with ground.database.writes() as session:
        session.execute(
            update(Connection)
            .where(Connection.sealed.is_not(None), Connection.returned_at < now - timedelta(minutes=15))
            .values(sealed=None)
        )
        session.execute(delete(Repeat).where(Repeat.created_at < now - KEYS_LIVE))
        session.execute(delete(Failure).where(Failure.window_at < now - timedelta(days=1)))
        session.execute(delete(SignIn).where(SignIn.seen_at < idle))
        session.execute(
            delete(OneTimeLink).where(
                or_(OneTimeLink.expires_at < now, OneTimeLink.spent_at.is_not(None)),
                OneTimeLink.expires_at < now - timedelta(days=30),
            )
        )
        for model in (HalfSignIn, ProviderRun, KeptForm):
            session.execute(delete(model).where(model.expires_at <= now))
        session.execute(delete(UnsavedForm).where(UnsavedForm.changed_at <= now - TYPED_LIVES))
        over = session.scalars(delete(Upload).where(Upload.expires_at < now).returning(Upload.key)).all()
        # What lies in a bucket is known until it is deleted there.
        past = Lending.expires_at < now - LENDINGS_LIVE
        session.execute(delete(Lending).where(past, Lending.bucket_key == ""))
    for key in over:
        ground.store.forget(key)
    _clean_left_over(ground, now)
    open_ideas.clean(ground, now)
    clean_removed(ground, now)
    folder = f"{int(now.timestamp() // 600) % FOLDERS:02x}"
    clean_cuts(ground, folder, now)
    clean_unknown(ground, folder, now)


def clean_removed(ground: Ground, now: datetime) -> None:
    """Delete pictures and videos that can't be restored any more and no revision uses; first their files.

    Files stay while another asset has the same bytes, or when they were touched since yesterday: then
    somebody may just be sending the picture again.
    """
    with ground.database.reads() as session:
        files = {row.id: {row.sha256, row.video_sha256} - {None} for row in session.execute(_unneeded(now))}
        shas = set().union(*files.values())
        kept = _needed(session, shas, besides=files)
    fresh = {sha256 for sha256 in shas - kept if not _all_older(_files_of(ground, sha256), now - LEFT_OVER)}
    files = {asset_id: its for asset_id, its in files.items() if not its & fresh}
    for sha256 in set().union(*files.values()) - kept:
        ground.store.drop(sha256)
    if files:
        with ground.database.writes() as session:
            gone = Asset.id.in_(files) & (Asset.removed_at < now - KEPT)
            # An idea shows it no more, and keeps nothing that somebody may have had to delete.
            session.execute(delete(IdeaPicture).where(IdeaPicture.asset_id.in_(select(Asset.id).where(gone))))
            session.execute(delete(Asset).where(gone))


def _needed(session: Session, shas: Iterable[str], besides: Iterable[int] = ()) -> set[str]:
    """Those of some files that assets (others than `besides`), revisions or lent addresses still need."""
    wanted, others = list(shas), Asset.id.not_in(list(besides))
    if not wanted:
        return set()
    found = set(session.scalars(select(Asset.sha256).where(Asset.sha256.in_(wanted), others)))
    found |= set(session.scalars(select(Asset.video_sha256).where(Asset.video_sha256.in_(wanted), others)))
    left = [sha256 for sha256 in wanted if sha256 not in found]
    for column in (RevisionPicture.cover_sha256, Lending.sha256):
        found |= set(session.scalars(select(column).where(column.in_(left)).distinct())) if left else set()
    return {sha256 for sha256 in found if sha256}


def _files_of(ground: Ground, sha256: str) -> Iterable[Path]:
    return ground.store.path("master", sha256).parent.glob(f"{sha256}.*")


def clean_unknown(ground: Ground, folder: str, now: datetime) -> None:
    """Delete from one folder of the store ("00" to "ff") what nothing names any more: covers of old.

    They stay as long as what was removed, for a page that was opened before may still show them.
    """
    places = (ground.store.folder / folder).glob("*/*")
    old = {path.name.partition(".")[0] for path in places if _older(path, now - KEPT)}
    old = {name for name in old if len(name) == SHA256}
    with ground.database.reads() as session:
        unknown = old - _needed(session, old)
    for sha256 in unknown:
        if _all_older(_files_of(ground, sha256), now - KEPT):
            ground.store.drop(sha256)


def _unneeded(now: datetime) -> Select[int, str, str | None]:
    pointing = (RevisionPicture, Lending, Upload)
    return (
        select(Asset.id, Asset.sha256, Asset.video_sha256)
        .where(
            Asset.removed_at < now - KEPT,
            *(~select(model.id).where(model.asset_id == Asset.id).exists() for model in pointing),
        )
        .limit(_AT_ONCE)
    )


def clean_cuts(ground: Ground, folder: str, now: datetime) -> None:
    """Delete from one folder of the store ("00" to "ff") what was cut for a network and is long unused."""
    for cut in (ground.store.folder / folder).glob("*/*.cut.*.jpg"):
        if _older(cut, now - CUTS_LIVE):
            cut.unlink(missing_ok=True)


def _clean_left_over(ground: Ground, now: datetime) -> None:
    """Delete what a process left behind that ended amid its work."""
    for part in (ground.store.folder / "incoming").glob("*"):
        if not _older(part, now - LIFE - LEFT_OVER):
            continue
        if part.is_dir():
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink(missing_ok=True)
    for folder in ground.store.folder.glob(f"{FOLDER}*"):
        if _older(folder, now - LEFT_OVER):
            shutil.rmtree(folder, ignore_errors=True)


def _older(path: Path, limit: datetime) -> bool:
    try:
        return path.stat().st_mtime < limit.timestamp()
    except FileNotFoundError:
        return False


def _all_older(paths: Iterable[Path], limit: datetime) -> bool:
    return all(_older(path, limit) for path in paths)
