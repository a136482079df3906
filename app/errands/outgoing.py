"""Outgoing: what one publication carries to its network, in the revision that was said yes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.connectors.contract import Outgoing, Picture, Staged
from app.connectors.failures import Rejected, RetryLater
from app.connectors.reasons import Reason
from app.domain.networks import Format, NetworkKind
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
    row = session.execute(
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
    ).one()
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
) -> Outgoing:
    """What the network is given. Pictures are cut when they are read or lent, not before."""
    profile = line.network.profile
    cuts = _cuts(said.shots, profile.kind, profile.pictures)
    made = tuple(
        _picture(ground, publication_id, shot, box, profile.pictures)
        for shot, box in zip(said.shots, cuts, strict=True)
    )
    return Outgoing(said.text, said.link, made, since, taken)


def staged(session: Session, line: Line, case: Case) -> Staged:
    """What was laid ready, with all that tells it from others once it is public."""
    plain = Staged(case.remote_id, case.permalink, case.known, "", case.shown_at)
    if not line.network.profile.sure_after or case.revision_id is None:
        return plain
    text = content(session, case.revision_id, case.channel_id).text
    since = case.shown_at or case.due_at
    others = remote_objects.of_others(session, case.channel_id, case.id, since)
    return Staged(case.remote_id, case.permalink, case.known, text, case.shown_at, others)


def _cuts(shots: Sequence[AnyRow], kind: NetworkKind, limits: PictureLimits) -> list[Box]:
    cuts: list[Box] = []
    for shot in shots:
        shape = ratio_of(shots[0].width, shots[0].height, cuts[0]) if limits.one_shape and cuts else None
        chosen = shot.crops.get(kind)
        box = Box(*chosen) if chosen else None
        cuts.append(
            box_for(shot.width, shot.height, (shot.focal_x, shot.focal_y), limits, chosen=box, shape=shape)
        )
    return cuts


def _picture(ground: Ground, publication_id: int, shot: AnyRow, box: Box, limits: PictureLimits) -> Picture:
    key = pictures.rendition_key(box, *size_for(shot.width, shot.height, box, limits), limits)
    cut = partial(_cut, ground, shot, box, limits)

    def read() -> bytes:
        return cut().read_bytes()

    def lent() -> str:
        cut()
        return lend.lend(ground, publication_id, shot.asset_id, shot.sha256, key)

    # The place belongs to the name: the same picture twice in a post is two uploads.
    part = f"{shot.position}-{shot.sha256[:12]}-{key}"
    return Picture(part, "" if shot.decorative else shot.alt_text, read, lent)


def _cut(ground: Ground, shot: AnyRow, box: Box, limits: PictureLimits) -> Path:
    try:
        return pictures.rendition(ground, shot.sha256, shot.width, shot.height, box, limits)
    except Unreadable as unreadable:
        if unreadable.code in _BUSY:
            raise RetryLater(Reason.PICTURE_WAITS) from None
        raise Rejected(Reason.PICTURE_LOST) from None
    except FileNotFoundError:
        raise Rejected(Reason.PICTURE_LOST) from None
    except StoreFull:
        raise Rejected(Reason.STORE_FULL) from None
