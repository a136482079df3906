"""Questions about pictures and videos: which somebody sees, which a unit may use, where one is used."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from unicodedata import normalize

from sqlalchemy import ColumnElement, Select, bindparam, case, false, func, select, true
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.pictures import Shown
from app.domain.roles import Scope
from app.domain.units import ancestors
from app.foundation.database import AnyRow, Aside, is_id
from app.models.assets import Asset
from app.models.posts import Post, Revision, RevisionPicture
from app.models.units import Unit
from app.queries.contents import VIDEO
from app.queries.scopes import are_few, within

MOST_WORDS = 5


@dataclass(frozen=True)
class AssetFilter:
    """What a list of pictures is narrowed to; None and False mean no narrowing.

    `words` must all be in name, alt text or credit. `mine`: the id of the person who added them. `moving`:
    only videos, or only pictures. `undescribed`: nobody said what those miss who don't see or hear it.
    """

    words: str = ""
    unit_id: int | None = None
    shown: Shown | None = None
    undescribed: bool = False
    mine: int | None = None
    unused: bool = False
    moving: bool | None = None


def asset(session: Session, scope: Scope, asset_id: int) -> Asset:
    """A picture in sight: of a unit in scope, or shared by a unit above. Raises NotFound.

    One that was removed is found too, so that it can be brought back: look at `removed_at`.
    """
    found = session.get(Asset, asset_id) if is_id(asset_id) else None
    if found is None or not _sees(scope, found.unit_id, found.shared):
        raise NotFound
    return found


def line(session: Session, scope: Scope, asset_id: int) -> AnyRow:
    """The same picture as a row of `listed`, with the name of its unit. Raises NotFound."""
    found = session.execute(_line(), {"asset_id": asset_id}).one_or_none() if is_id(asset_id) else None
    if found is None or not _sees(scope, found.unit_id, found.shared):
        raise NotFound
    return found


def viewable(session: Session, scope: Scope, asset_id: int) -> str:
    """The SHA-256 of a picture that the asker may look at. Raises NotFound.

    Besides what is in sight these are the pictures in posts of units in scope, whosever they are.
    """
    return str(_viewed(session, scope, asset_id).sha256)


def viewable_video(session: Session, scope: Scope, asset_id: int) -> str:
    """The same of a video's own file. Raises NotFound, also for a picture."""
    sha256 = _viewed(session, scope, asset_id).video_sha256
    if not sha256:
        raise NotFound
    return str(sha256)


def viewable_cover(session: Session, scope: Scope, asset_id: int, version: str) -> str:
    """The SHA-256 of a picture, or of the cover that a revision keeps, when it begins with `version`.

    Raises NotFound. What nothing keeps any more is the cover of today.
    """
    now = viewable(session, scope, asset_id)
    if not version or now.startswith(version):
        return now
    kept = session.scalars(_kept_covers(), {"asset_id": asset_id})
    return next((sha256 for sha256 in kept if sha256 and sha256.startswith(version)), now)


def _viewed(session: Session, scope: Scope, asset_id: int) -> AnyRow:
    row = session.execute(_viewable(), {"asset_id": asset_id}).one_or_none() if is_id(asset_id) else None
    if row is None or not (_sees(scope, row.unit_id, row.shared) or _carries(session, scope, asset_id)):
        raise NotFound
    return row


@cache
def _kept_covers() -> Select[str | None]:
    covers = select(RevisionPicture.cover_sha256).where(RevisionPicture.asset_id == bindparam("asset_id"))
    return covers.where(RevisionPicture.cover_sha256.is_not(None)).distinct()


def _sees(scope: Scope, unit_id: int, shared: bool) -> bool:
    return unit_id in scope.units or (shared and unit_id in scope.shared)


@cache  # a page of the library asks it for each of its pictures
def _viewable() -> Select[str, int, bool, str | None]:
    row = select(Asset.sha256, Asset.unit_id, Asset.shared, Asset.video_sha256)
    return row.where(Asset.id == bindparam("asset_id"))


def _carries(session: Session, scope: Scope, asset_id: int) -> bool:
    """Whether any revision of a post in scope carries the picture."""
    return bool(session.scalar(_carried(), {"asset_id": asset_id, "units": list(scope.units)}))


@cache
def _carried() -> Select[int]:
    return (
        select(Post.id)
        .join(Revision, Revision.post_id == Post.id)
        .join(RevisionPicture, RevisionPicture.revision_id == Revision.id)
        .where(RevisionPicture.asset_id == bindparam("asset_id"), within(Post.unit_id, few=False))
        .limit(1)
    )


def listed(
    session: Session,
    scope: Scope,
    wanted: AssetFilter,
    after: tuple[datetime, int] | None = None,
    limit: int = 48,
) -> Sequence[AnyRow]:
    """Pictures in sight that were not removed, the newest first.

    `after` is the (created_at, id) of the last row of the page before.
    """
    few = wanted.unit_id is not None or are_few(scope.units | scope.shared)
    rows = _narrowed(_listed(few), wanted).limit(limit)
    if after:
        rows = rows.where(
            (Asset.created_at < after[0]) | ((Asset.created_at == after[0]) & (Asset.id < after[1]))
        )
    return session.execute(rows, _asked(scope)).all()


def count(session: Session, scope: Scope, wanted: AssetFilter) -> int:
    """How many pictures a list has as a whole."""
    few = wanted.unit_id is not None or are_few(scope.units | scope.shared)
    found: int = session.execute(_narrowed(_count(few), wanted), _asked(scope)).scalar_one()
    return found


def _asked(scope: Scope) -> dict[str, list[int]]:
    return {"units": list(scope.units | scope.shared), "own": list(scope.units)}


@cache  # to build a question takes longer than to answer it
def _listed(few: bool) -> Select[*tuple[Any, ...]]:
    return _rows().where(*_in_sight(few)).order_by(Asset.created_at.desc(), Asset.id.desc())


@cache
def _line() -> Select[*tuple[Any, ...]]:
    return _rows().where(Asset.id == bindparam("asset_id"))


def _rows() -> Select[*tuple[Any, ...]]:
    return select(
        Asset.id,
        Asset.sha256,
        Asset.name,
        Asset.alt_text,
        Asset.decorative,
        Asset.credit,
        Asset.rights,
        Asset.shown,
        Asset.focal_x,
        Asset.focal_y,
        Asset.width,
        Asset.height,
        Asset.size,
        Asset.source_kind,
        Asset.unit_id,
        Unit.name.label("unit"),
        Asset.shared,
        Asset.added_by_id,
        Asset.created_at,
        Asset.changed_at,
        Asset.removed_at,
        *VIDEO,
        Asset.poster_ms,
    ).join(Unit, Unit.id == Asset.unit_id)


@cache
def _count(few: bool) -> Select[*tuple[Any, ...]]:
    return select(func.count(Asset.id)).where(*_in_sight(few))


def _in_sight(few: bool) -> tuple[ColumnElement[bool], ...]:
    own = Aside(Asset.unit_id).in_(bindparam("own", expanding=True))
    return within(Asset.unit_id, few), own | Asset.shared, Asset.removed_at.is_(None)


def _narrowed(rows: Select[*tuple[Any, ...]], wanted: AssetFilter) -> Select[*tuple[Any, ...]]:
    if wanted.unit_id:
        rows = rows.where(Asset.unit_id == wanted.unit_id)
    if wanted.shown:
        rows = rows.where(Asset.shown == wanted.shown)
    if wanted.undescribed:
        silent = Asset.video_sha256.is_(None) & (Asset.alt_text == "") & ~Asset.decorative
        rows = rows.where(silent | (Asset.video_sha256.is_not(None) & Asset.captions.is_(None)))
    if wanted.moving is not None:
        rows = rows.where(Asset.video_sha256.is_not(None) if wanted.moving else Asset.video_sha256.is_(None))
    if wanted.mine:
        rows = rows.where(Asset.added_by_id == wanted.mine)
    if wanted.unused:
        rows = rows.where(~select(RevisionPicture.id).where(RevisionPicture.asset_id == Asset.id).exists())
    for word in normalize("NFC", wanted.words).split()[:MOST_WORDS]:
        rows = rows.where(_holds(word.lower()))
    return rows


def _holds(word: str) -> ColumnElement[bool]:
    """Whether name, alt text or credit holds a word of small letters, however it is written there.

    Databases may know small and big letters only of A to Z: those beyond, where the word has any, are made
    small one by one.
    """
    text: ColumnElement[str] = Asset.name + "\n" + Asset.alt_text + "\n" + Asset.credit
    for letter in sorted({letter for letter in word if not letter.isascii() and len(letter.upper()) == 1}):
        text = func.replace(text, letter.upper(), letter)
    # PostgreSQL takes a LIKE for rare and would look through all pictures for the first page; of a CASE it
    # knows nothing, and walks along the list's order.
    return case((func.lower(text).contains(word, autoescape=True), true()), else_=false())


def usable(session: Session, scope: Scope, unit_id: int, ids: Collection[int]) -> dict[int, Asset]:
    """Of these pictures those that a unit in scope may use, by id.

    They are its own, those that units above it share, and those of all units in scope; none is removed.
    """
    wanted = [asset_id for asset_id in ids if is_id(asset_id)]
    if not wanted or unit_id not in scope.units:
        return {}
    rows = session.execute(
        select(Asset, Unit.path)
        .join(Unit, Unit.id == unit_id)
        .where(Asset.id.in_(wanted), Asset.removed_at.is_(None))
    )
    return {
        one.id: one
        for one, path in rows
        if one.unit_id in scope.units or (one.shared and one.unit_id in ancestors(path))
    }


def sent_before(session: Session, scope: Scope, unit_id: int, source_sha256: str) -> Asset | None:
    """The picture that a unit in scope made of the same file, removed or not; None when there is none."""
    if unit_id not in scope.units:
        return None
    return session.scalar(
        select(Asset)
        .where(Asset.unit_id == unit_id, Asset.source_sha256 == source_sha256)
        .order_by(Asset.removed_at.is_not(None), Asset.id)
        .limit(1)
    )
