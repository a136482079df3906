"""Where a picture is used: in the newest revisions of posts, and in what is planned or public."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.domain.posts import PostStatus
from app.domain.publications import OPEN, OUT, Status
from app.domain.roles import Right, Scope
from app.foundation.database import AnyRow
from app.models.assets import Asset
from app.models.posts import Post, Revision, RevisionPicture
from app.models.publications import Publication
from app.models.units import Unit
from app.queries import assets

MOST = 100
_WRITING = (PostStatus.DRAFT, PostStatus.IN_REVIEW, PostStatus.CHANGES_REQUESTED)


@dataclass(frozen=True)
class Uses:
    """Posts in scope, the latest changed first, at most `MOST`; how many there are.

    `elsewhere`: whether posts out of scope carry it too, told only to those who look after the picture. How
    many they are is nobody's business: they are drafts of units that the asker does not see.

    Rows: post_id, title, status, unit_id, unit, changed_at, newest (the newest revision carries the picture),
    publication_status (of the post's latest publication, None without one), public.
    """

    rows: Sequence[AnyRow]
    count: int
    elsewhere: bool


def used_in(session: Session, scope: Scope, asset_id: int) -> Uses:
    """Posts whose newest revision carries a picture, or one that is planned or public. Raises NotFound."""
    return _answer(session, scope, assets.asset(session, scope, asset_id), waiting=False)


def waiting(session: Session, scope: Scope, asset_id: int) -> Uses:
    """Of these the posts that still need the picture: in work, or with a publication that is not over."""
    return _answer(session, scope, assets.asset(session, scope, asset_id), waiting=True)


def _answer(session: Session, scope: Scope, asset: Asset, *, waiting: bool) -> Uses:
    asked = {"asset_id": asset.id, "units": list(scope.units)}
    here, all_of_them = session.execute(_counts(waiting), asked).one()
    rows = session.execute(_rows(waiting), asked).all() if here else []
    elsewhere = all_of_them > here and scope.may(Right.WRITE, asset.unit_id)
    return Uses(rows, here, elsewhere)


@cache
def _counts(waiting: bool) -> Select[int, int]:
    here = func.count(Post.id).filter(_in_scope())
    return select(here, func.count(Post.id)).where(Post.id.in_(_posts(waiting)))


@cache
def _rows(waiting: bool) -> Select[*tuple[Any, ...]]:
    newest = select(RevisionPicture.id).where(
        RevisionPicture.revision_id == Post.revision_id, RevisionPicture.asset_id == bindparam("asset_id")
    )
    latest = (
        select(Publication.status)
        .where(Publication.post_id == Post.id)
        .order_by(Publication.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            Post.id.label("post_id"),
            Post.title,
            Post.status,
            Post.unit_id,
            Unit.name.label("unit"),
            Post.changed_at,
            newest.exists().label("newest"),
            latest.label("publication_status"),
            _with_status(OUT).label("public"),
        )
        .join(Unit, Unit.id == Post.unit_id)
        .where(Post.id.in_(_posts(waiting)), _in_scope())
        .order_by(Post.changed_at.desc(), Post.id.desc())
        .limit(MOST)
    )


def _in_scope() -> ColumnElement[bool]:
    return Post.unit_id.in_(bindparam("units", expanding=True))


def _posts(waiting: bool) -> Select[int]:
    newest = RevisionPicture.revision_id == Post.revision_id
    told = (
        (newest & Post.status.in_(_WRITING), newest & _approved_and_not_out(), _open())
        if waiting
        else (newest, _with_status(OPEN | OUT, Publication.revision_id == RevisionPicture.revision_id))
    )
    return (
        select(Post.id)
        .join(Revision, Revision.post_id == Post.id)
        .join(RevisionPicture, RevisionPicture.revision_id == Revision.id)
        .where(RevisionPicture.asset_id == bindparam("asset_id"), or_(*told))
    )


def _approved_and_not_out() -> ColumnElement[bool]:
    """Somebody said yes to it, and it will get its time."""
    return (Post.status == PostStatus.APPROVED) & ~_with_status(OUT | {Status.REMOVED})


def _open() -> ColumnElement[bool]:
    """A publication that is not over takes the picture along. Until it is laid ready it takes the newest."""
    takes = func.coalesce(Publication.revision_id, Post.revision_id)
    return _with_status(OPEN, takes == RevisionPicture.revision_id)


def _with_status(statuses: frozenset[Status], *more: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the post has a publication in one of these states."""
    found = select(Publication.id).where(
        Publication.post_id == Post.id, Publication.status.in_(sorted(statuses)), *more
    )
    return found.correlate(Post, RevisionPicture).exists()
