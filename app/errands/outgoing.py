"""Outgoing: what one publication carries to its network, in the revision that was said yes to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.actions import publication_moves
from app.connectors.contract import Outgoing, Picture, Staged, VideoFile
from app.connectors.failures import Rejected, RetryLater
from app.connectors.profiles import Profile
from app.connectors.reasons import Reason
from app.domain.networks import Format, NetworkKind, RemoteKind
from app.domain.pictures import Box, PictureLimits, box_for, ratio_of, size_for
from app.domain.texts import with_link
from app.errands import lend, pictures, remote_objects
from app.errands.ground import Ground, Line
from app.errands.settle import Case
from app.foundation.database import AnyRow
from app.foundation.files import StoreFull
from app.foundation.images import Unreadable
from app.models.assets import Asset
from app.models.posts import Revision, RevisionPicture, RevisionVariant
from app.queries.contents import VIDEO

# What a picture that was taken in once is not to blame for: the machine lacks time or memory for a moment.
_BUSY = frozenset({"picture_too_slow", "picture_too_many_pixels"})
# Shown by what they say or are, beside their id; the others by their id alone.
_SHOWN_WITH_WORDS = frozenset({RemoteKind.REEL, RemoteKind.STORY_PHOTO, RemoteKind.STORY_VIDEO})


@dataclass(frozen=True)
class Content:
    """What a revision says on one channel, as read in one session."""

    text: str
    link: str
    shots: tuple[AnyRow, ...]
    format: Format = Format.POST
    first_comment: str = ""

    @property
    def moving(self) -> bool:
        """Whether it holds a video."""
        return any(shot.video_sha256 for shot in self.shots)

    def live_text(self, takes_links: bool) -> str:
        """The words as they stand at the network, with a link that has no card of its own."""
        return with_link(self.text, self.link) if self.shots and takes_links else self.text


def content(session: Session, revision_id: int, channel_id: int) -> Content:
    """What a revision says on a channel: the channel's own words and pictures where it has them."""
    row = session.execute(_words(revision_id, channel_id)).one()
    owner = RevisionPicture.channel_id == channel_id if row.own_pictures else None
    shots = session.execute(
        select(
            RevisionPicture.position,
            RevisionPicture.asset_id,
            RevisionPicture.alt_text,
            RevisionPicture.decorative,
            RevisionPicture.crops,
            Asset.sha256,
            Asset.width,
            Asset.height,
            RevisionPicture.focal_x,
            RevisionPicture.focal_y,
            RevisionPicture.cover_sha256,
            *VIDEO,
            Asset.poster_ms,
        )
        .join(Asset, Asset.id == RevisionPicture.asset_id)
        .where(
            RevisionPicture.revision_id == revision_id,
            RevisionPicture.channel_id.is_(None) if owner is None else owner,
        )
        .order_by(RevisionPicture.position)
    ).all()
    return Content(row.text, row.link, tuple(shots), Format(row.format), row.first_comment)


def outgoing(
    ground: Ground,
    line: Line,
    publication_id: int,
    said: Content,
    since: datetime | None,
    taken: frozenset[str],
    carry_on: Callable[[int, int], bool],
) -> Outgoing:
    """What the network is given. Pictures are cut when they are read or lent, not before."""
    profile = formed(line.network.profile, said.format)
    # The cover of a video keeps the video's shape.
    limits = [PictureLimits(most=1) if shot.video_sha256 else profile.pictures for shot in said.shots]
    cuts = _cuts(said.shots, profile.kind, limits)
    made = tuple(
        _picture(ground, publication_id, shot, box, its)
        for shot, box, its in zip(said.shots, cuts, limits, strict=True)
    )
    return Outgoing(said.text, said.link, made, since, taken, said.format, carry_on)


def formed(profile: Profile, wanted: Format) -> Profile:
    """What a network takes in a format; what it does not offer is refused when it is laid ready."""
    return profile.in_format(wanted) or profile


def sure_after(session: Session, line: Line, case: Case) -> timedelta:
    """See `Profile.sure_after`, for the format in which a publication was laid ready."""
    if case.revision_id is None:
        return line.network.profile.sure_after
    wanted = publication_moves.format_of(session, case.revision_id, case.channel_id)
    return formed(line.network.profile, wanted).sure_after


def ready(session: Session, case: Case) -> Staged:
    """What was laid ready, with what it takes to show it."""
    kind = case.remote_kind or RemoteKind.HIDDEN_POST
    plain = Staged(case.remote_id, case.permalink, case.known, kind=kind)
    if kind not in _SHOWN_WITH_WORDS or case.revision_id is None:
        return plain
    said = session.execute(_words(case.revision_id, case.channel_id)).one()
    return replace(plain, text=said.text, format=Format(said.format))


def staged(session: Session, line: Line, case: Case) -> Staged:
    """What was laid ready, with all that tells it from others once it is public."""
    kind = case.remote_kind or RemoteKind.HIDDEN_POST
    plain = Staged(case.remote_id, case.permalink, case.known, "", case.shown_at, kind=kind)
    if case.revision_id is None:
        return plain
    said = session.execute(_words(case.revision_id, case.channel_id)).one()
    plain = replace(plain, format=Format(said.format))
    if not formed(line.network.profile, plain.format).sure_after and kind not in _SHOWN_WITH_WORDS:
        return plain
    since = case.shown_at or case.due_at
    others = remote_objects.of_others(session, case.channel_id, case.id, since)
    return replace(plain, text=said.text, taken=others)


def _words(revision_id: int, channel_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            func.coalesce(RevisionVariant.text, Revision.text).label("text"),
            Revision.link,
            func.coalesce(RevisionVariant.format, Revision.format).label("format"),
            func.coalesce(RevisionVariant.first_comment, Revision.first_comment).label("first_comment"),
            RevisionVariant.own_pictures,
        )
        .outerjoin(
            RevisionVariant,
            (RevisionVariant.revision_id == Revision.id) & (RevisionVariant.channel_id == channel_id),
        )
        .where(Revision.id == revision_id)
    )


def _cuts(shots: Sequence[AnyRow], kind: NetworkKind, limits: Sequence[PictureLimits]) -> list[Box]:
    cuts: list[Box] = []
    for shot, its in zip(shots, limits, strict=True):
        shape = ratio_of(shots[0].width, shots[0].height, cuts[0]) if its.one_shape and cuts else None
        chosen = shot.crops.get(kind) if not shot.video_sha256 else None
        box = Box(*chosen) if chosen else None
        cuts.append(
            box_for(shot.width, shot.height, (shot.focal_x, shot.focal_y), its, chosen=box, shape=shape)
        )
    return cuts


def _picture(ground: Ground, publication_id: int, shot: AnyRow, box: Box, limits: PictureLimits) -> Picture:
    key = pictures.rendition_key(box, *size_for(shot.width, shot.height, box, limits), limits)
    sha256 = shot.cover_sha256 or shot.sha256
    cut = partial(_cut, ground, shot, sha256, box, limits)

    def read() -> bytes:
        return cut().read_bytes()

    def lent() -> str:
        cut()
        return lend.lend(ground, publication_id, shot.asset_id, sha256, key)

    # The place belongs to the name: the same picture twice in a post is two uploads.
    part = f"{shot.position}-{(shot.video_sha256 or sha256)[:12]}-{key}"
    alt_text = "" if shot.decorative or shot.video_sha256 else shot.alt_text
    return Picture(part, alt_text, read, lent, _video(ground, shot))


def _video(ground: Ground, shot: AnyRow) -> VideoFile | None:
    if not shot.video_sha256:
        return None
    # The moment says what the cover is only while it is the same cover.
    poster_ms = shot.poster_ms if shot.cover_sha256 in (None, shot.sha256) else None
    path = ground.store.path("video", shot.video_sha256)

    def piece(offset: int, most: int) -> bytes:
        try:
            with path.open("rb") as file:
                file.seek(offset)
                return file.read(most)
        except FileNotFoundError:
            raise Rejected(Reason.PICTURE_LOST) from None

    return VideoFile(shot.video_size, shot.duration_ms, shot.width, shot.height, piece, poster_ms)


def _cut(ground: Ground, shot: AnyRow, sha256: str, box: Box, limits: PictureLimits) -> Path:
    try:
        return pictures.rendition(ground, sha256, shot.width, shot.height, box, limits)
    except Unreadable as unreadable:
        if unreadable.code in _BUSY:
            raise RetryLater(Reason.PICTURE_WAITS) from None
        raise Rejected(Reason.PICTURE_LOST) from None
    except FileNotFoundError:
        raise Rejected(Reason.PICTURE_LOST) from None
    except StoreFull:
        # Nobody who writes can help it; room may be made before it is too late.
        raise RetryLater(Reason.STORE_FULL) from None
