"""Questions about what posts say: a revision's text, link and pictures, and its variants."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.orm import Session

from app.domain.contents import Contents, Shot, Shots, Variant, video_of
from app.domain.errors import NotFound
from app.domain.networks import NetworkKind
from app.domain.pictures import Box
from app.domain.roles import Scope
from app.foundation.database import AnyRow, is_id
from app.models.assets import Asset
from app.models.posts import Post, Revision, RevisionPicture, RevisionVariant


class FirstPicture(NamedTuple):
    """What a list shows of a post's pictures."""

    asset_id: int
    sha256: str
    alt_text: str


def contents(session: Session, scope: Scope, revision_id: int) -> Contents:
    """The whole content of a revision of a post in scope. Raises NotFound."""
    found = of_revisions(session, scope, [revision_id])
    if revision_id not in found:
        raise NotFound
    return found[revision_id]


def of_revisions(session: Session, scope: Scope, revision_ids: Iterable[int]) -> dict[int, Contents]:
    """The contents of several revisions by id, in two questions; those out of scope are left out."""
    asked = _asked(scope, revision_ids)
    if not asked["revisions"]:
        return {}
    pictures = _pictures_of(session, asked)
    whole: dict[int, AnyRow] = {}
    variants: dict[int, dict[int, Variant]] = {}
    for row in session.execute(_words(), asked):
        whole[row.id] = row
        here = variants.setdefault(row.id, {})
        if row.channel_id is not None:
            own = pictures.get((row.id, row.channel_id), ()) if row.own_pictures else None
            here[row.channel_id] = Variant(row.own_text, own, row.own_format, row.own_comment)
    return {
        key: Contents(
            key,
            row.text,
            row.link,
            pictures.get((key, None), ()),
            variants[key],
            row.format,
            row.first_comment,
        )
        for key, row in whole.items()
    }


def first_pictures(session: Session, scope: Scope, revision_ids: Iterable[int]) -> dict[int, FirstPicture]:
    """Of each revision that has pictures the first one, in one question; a channel's own if no other is."""
    asked = _asked(scope, revision_ids)
    if not asked["revisions"]:
        return {}
    found: dict[int, FirstPicture] = {}
    for row in session.execute(_first(), asked):
        if row.channel_id is None or row.revision_id not in found:
            found[row.revision_id] = FirstPicture(row.asset_id, row.cover_sha256 or row.sha256, row.alt_text)
    return found


def _asked(scope: Scope, revision_ids: Iterable[int]) -> dict[str, list[int]]:
    return {"revisions": [key for key in revision_ids if is_id(key)], "units": list(scope.units)}


def _pictures_of(session: Session, asked: Mapping[str, Sequence[int]]) -> dict[tuple[int, int | None], Shots]:
    found: dict[tuple[int, int | None], list[Shot]] = {}
    for row in session.execute(_pictures(), asked):
        found.setdefault((row.revision_id, row.channel_id), []).append(_shot(row))
    return {key: tuple(shots) for key, shots in found.items()}


def _shot(row: AnyRow) -> Shot:
    return Shot(
        asset_id=row.asset_id,
        sha256=row.cover_sha256 or row.sha256,
        width=row.width,
        height=row.height,
        focal=(row.focal_x, row.focal_y),
        alt_text=row.alt_text,
        decorative=row.decorative,
        crops={NetworkKind(kind): Box(*shares) for kind, shares in row.crops.items()},
        name=row.name,
        credit=row.credit,
        rights=row.rights,
        shown=row.shown,
        removed=row.removed_at is not None,
        video=video_of(row),
    )


@cache  # to build a question takes longer than to answer it
def _words() -> Select[*tuple[Any, ...]]:
    """One row for each variant; one without a channel where there are none."""
    return (
        select(
            Revision.id,
            Revision.text,
            Revision.link,
            RevisionVariant.channel_id,
            RevisionVariant.text.label("own_text"),
            RevisionVariant.own_pictures,
            RevisionVariant.format.label("own_format"),
            RevisionVariant.first_comment.label("own_comment"),
            Revision.format,
            Revision.first_comment,
        )
        .join(Post, Post.id == Revision.post_id)
        .outerjoin(RevisionVariant, RevisionVariant.revision_id == Revision.id)
        .where(Revision.id.in_(bindparam("revisions", expanding=True)), _in_scope())
        .order_by(Revision.id, RevisionVariant.channel_id)
    )


@cache
def _pictures() -> Select[*tuple[Any, ...]]:
    return (
        select(
            *_PLACE,
            RevisionPicture.alt_text,
            RevisionPicture.decorative,
            RevisionPicture.crops,
            Asset.width,
            Asset.height,
            RevisionPicture.focal_x,
            RevisionPicture.focal_y,
            Asset.name,
            Asset.credit,
            Asset.rights,
            Asset.shown,
            Asset.removed_at,
            *VIDEO,
        )
        .join(Asset, Asset.id == RevisionPicture.asset_id)
        .join(Revision, Revision.id == RevisionPicture.revision_id)
        .join(Post, Post.id == Revision.post_id)
        .where(*_of_these())
        .order_by(RevisionPicture.revision_id, RevisionPicture.position)
    )


@cache
def _first() -> Select[*tuple[Any, ...]]:
    return (
        select(*_PLACE, RevisionPicture.alt_text)
        .join(Asset, Asset.id == RevisionPicture.asset_id)
        .join(Revision, Revision.id == RevisionPicture.revision_id)
        .join(Post, Post.id == Revision.post_id)
        .where(*_of_these(), RevisionPicture.position == 0)
        .order_by(RevisionPicture.id)
    )


_PLACE = (
    RevisionPicture.revision_id,
    RevisionPicture.channel_id,
    RevisionPicture.asset_id,
    RevisionPicture.cover_sha256,
    Asset.sha256,
)
# What `domain.contents.video_of` reads, besides width and height.
VIDEO = (
    Asset.video_sha256,
    Asset.video_size,
    Asset.duration_ms,
    Asset.frame_rate,
    Asset.video_codec,
    Asset.audio_codec,
    Asset.captions,
)


def _of_these() -> tuple[ColumnElement[bool], ...]:
    return RevisionPicture.revision_id.in_(bindparam("revisions", expanding=True)), _in_scope()


def _in_scope() -> ColumnElement[bool]:
    return Post.unit_id.in_(bindparam("units", expanding=True))
