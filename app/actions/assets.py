"""Pictures and videos of a unit: added, described, given a cover, removed, brought back."""

from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Annotated, Any
from unicodedata import category, normalize

from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actions import history
from app.actions.inputs import NAME_MOST, Input, Name
from app.domain.errors import Conflict, Fault, Forbidden, Invalid, Refusal
from app.domain.pictures import ALT_MOST, CREDIT_MOST, Rights, Shown
from app.domain.roles import Actor, Right
from app.domain.texts import normalise
from app.domain.videos import Captions
from app.foundation import clock
from app.foundation.database import lock
from app.foundation.images import Taken
from app.foundation.videos import TakenVideo
from app.models.assets import Asset
from app.models.units import Unit
from app.queries import asset_uses
from app.queries import assets as questions

KEPT = timedelta(days=30)  # so long what was removed can be brought back
# Whoever only sends ideas adds no more than this within a day: files, and bytes of them all.
FILES_A_DAY, BYTES_A_DAY = 60, 2_000_000_000
_TITLES_MOST = 5  # of posts in one sentence
_EDITED = ("name", "alt_text", "decorative", "credit", "rights", "shown", "focal_x", "focal_y", "captions")


class AssetEdit(Input):
    """What is known about a picture from now on, as a whole. `name` and `focal` None: as they were.

    `focal`: what must stay in view, as shares (0 to 1) from the upper left corner. `shared`: units below may
    use it too. `captions`: of a video, whether somebody who does not hear it can follow.
    """

    name: Name | None = None
    alt_text: Annotated[str, Field(max_length=ALT_MOST)] = ""
    decorative: bool = False
    credit: Annotated[str, Field(max_length=CREDIT_MOST)] = ""
    rights: Rights | None = None
    shown: Shown | None = None
    focal: tuple[float, float] | None = None
    shared: bool = False
    captions: Captions | None = None


def check_may_add(actor: Actor, unit_id: int) -> None:
    """Nothing, when the actor may add pictures to a unit. Raises Invalid for another's unit, Forbidden."""
    if unit_id not in actor.scope.units:
        raise Invalid("unit_not_yours", "unit_id")
    if not actor.scope.may(Right.SUGGEST, unit_id):  # whoever sends an idea has a picture of it
        raise Forbidden("not_allowed")


def check_quota(session: Session, actor: Actor, unit_id: int) -> None:
    """Nothing, while the actor may add another file to a unit today: who writes posts there always may.

    Raises Invalid ("too_many_uploads_today").
    """
    if actor.scope.may(Right.WRITE, unit_id) or actor.person_id is None:
        return
    size = Asset.size + func.coalesce(Asset.video_size, 0)
    files, whole = session.execute(
        select(func.count(Asset.id), func.coalesce(func.sum(size), 0)).where(
            Asset.added_by_id == actor.person_id, Asset.created_at > clock.now() - timedelta(days=1)
        )
    ).one()
    if files >= FILES_A_DAY or whole >= BYTES_A_DAY:
        raise Invalid("too_many_uploads_today", "file")


def check_described(data: AssetEdit) -> None:
    """Nothing, when a picture can be described like this. Raises Invalid."""
    faults = []
    if data.decorative and data.alt_text:
        faults.append(Fault("alt_and_decorative", "alt_text"))
    if data.focal and not all(0 <= share <= 1 for share in data.focal):
        faults.append(Fault("bad_focal", "focal"))
    if faults:
        raise Invalid.of(faults)


def add(
    session: Session,
    actor: Actor,
    unit_id: int,
    name: str,
    taken: Taken,
    source_sha256: str,
    film: TakenVideo | None = None,
) -> Asset:
    """A picture whose files are in the store; the same file sent again gives the picture that is there.

    With `film` it is a video, and `taken` its cover. One that was removed comes back for those who may change
    it; for others it is as it is. Raises Invalid, Forbidden.
    """
    check_may_add(actor, unit_id)
    # Of two who send the same file at once the second waits here, and finds it.
    session.execute(select(Unit.id).where(Unit.id == unit_id).with_for_update(key_share=True))
    found = questions.sent_before(session, actor.scope, unit_id, source_sha256)
    now = clock.now()
    if found is None:
        check_quota(session, actor, unit_id)
        kind = film.source_kind if film else taken.source_kind
        found = _added(session, actor, unit_id, clean_name(name, kind), kind, taken, source_sha256, now)
    elif not actor.scope.may(Right.WRITE, unit_id):
        if found.removed_at is not None:  # whoever took it out may have had to
            raise Invalid("picture_taken_out", "file")
        return found
    _show(found, taken)
    if film:
        _move(found, film)
    if found.removed_at is not None:
        _bring_back(session, actor, found, now)
    return found


def edit(session: Session, actor: Actor, asset_id: int, data: AssetEdit) -> Asset:
    """Say anew what is known about a picture. Raises NotFound, Forbidden, Invalid, Conflict when removed."""
    asset = _locked(session, actor, asset_id)
    if asset.removed_at is not None:
        raise Conflict("asset_removed")
    check_described(data)
    before = {name: getattr(asset, name) for name in (*_EDITED, "shared")}
    asset.name = data.name or asset.name
    asset.alt_text, asset.credit = normalise(data.alt_text), normalise(data.credit)
    asset.decorative, asset.rights, asset.shown = data.decorative, data.rights, data.shown
    asset.focal_x, asset.focal_y = data.focal or (asset.focal_x, asset.focal_y)
    asset.shared = data.shared
    asset.captions = data.captions if asset.video_sha256 else None
    _record_changes(session, actor, asset, {name for name in before if before[name] != getattr(asset, name)})
    return asset


def remove(session: Session, actor: Actor, asset_id: int) -> Asset:
    """Take a picture out of the library; for 30 days it can be brought back. Twice is as good as once.

    Raises NotFound, Forbidden, and Conflict ("asset_in_use") while a post that is not out yet needs it.
    """
    asset = _locked(session, actor, asset_id)
    if asset.removed_at is not None:
        return asset
    _check_unused(session, actor, asset)
    now = clock.now()
    asset.removed_at = asset.changed_at = now
    _record(session, actor, asset, "removed", now)
    return asset


def restore(session: Session, actor: Actor, asset_id: int) -> Asset:
    """Bring a removed picture back. Raises NotFound, Forbidden, Conflict ("asset_gone") after 30 days."""
    asset = _locked(session, actor, asset_id)
    if asset.removed_at is None:
        return asset
    now = clock.now()
    if asset.removed_at <= now - KEPT:
        raise Conflict("asset_gone")
    _bring_back(session, actor, asset, now)
    return asset


def check_may_change(session: Session, actor: Actor, asset_id: int) -> Asset:
    """The picture or video, if the actor may change it. Raises NotFound, Forbidden, Conflict when removed."""
    asset = questions.asset(session, actor.scope, asset_id)
    if not actor.scope.may(Right.WRITE, asset.unit_id):
        raise Forbidden("not_allowed")
    if asset.removed_at is not None:
        raise Conflict("asset_removed")
    return asset


def set_cover(session: Session, actor: Actor, asset_id: int, cover: Taken, poster_ms: int | None) -> Asset:
    """Give a video another cover, whose files are in the store and of its very shape.

    `poster_ms`: which moment of it that is; None: another picture. What posts say already keeps the cover
    that it had. Raises NotFound, Forbidden, Conflict when removed.
    """
    asset = _locked(session, actor, asset_id)
    if asset.removed_at is not None:
        raise Conflict("asset_removed")
    if (asset.sha256, asset.poster_ms) == (cover.sha256, poster_ms):
        return asset
    _show(asset, cover)
    asset.poster_ms = poster_ms
    _record_changes(session, actor, asset, {"cover"})
    return asset


def clean_name(name: str, otherwise: str) -> str:
    """The name of a file as a person would write it: no folders, nothing unwritable, at most 200 signs."""
    last = PurePosixPath(name.replace("\\", "/")).name
    plain = "".join(sign for sign in normalize("NFC", last) if category(sign) not in ("Cc", "Cs"))
    return " ".join(plain.split())[:NAME_MOST] or otherwise


def _show(asset: Asset, taken: Taken) -> None:
    asset.sha256, asset.width, asset.height, asset.size = (
        taken.sha256, taken.width, taken.height, taken.bytes,
    )  # fmt: skip


def _move(asset: Asset, film: TakenVideo) -> None:
    asset.video_sha256, asset.video_size, asset.duration_ms = film.sha256, film.size, film.duration_ms
    asset.frame_rate, asset.video_codec, asset.audio_codec = film.frame_rate, film.codec, film.audio
    asset.poster_ms = film.poster_ms


def _added(
    session: Session,
    actor: Actor,
    unit_id: int,
    name: str,
    kind: str,
    taken: Taken,
    source_sha256: str,
    now: datetime,
) -> Asset:
    asset = Asset(
        unit_id=unit_id, sha256=taken.sha256, source_sha256=source_sha256, source_kind=kind,
        name=name, width=taken.width, height=taken.height, size=taken.bytes, alt_text="", decorative=False,
        credit="", focal_x=0.5, focal_y=0.5, shared=False, added_by_id=actor.person_id,
        created_at=now, changed_at=now,
    )  # fmt: skip
    session.add(asset)
    session.flush()
    _record(session, actor, asset, "added", now)
    return asset


def _bring_back(session: Session, actor: Actor, asset: Asset, now: datetime) -> None:
    asset.removed_at, asset.changed_at = None, now
    _record(session, actor, asset, "restored", now)


def _locked(session: Session, actor: Actor, asset_id: int) -> Asset:
    asset = questions.asset(session, actor.scope, asset_id)
    if not actor.scope.may(Right.WRITE, asset.unit_id):
        raise Forbidden("not_allowed")
    lock(session, asset)
    return asset


def _check_unused(session: Session, actor: Actor, asset: Asset) -> None:
    uses = asset_uses.waiting(session, actor.scope, asset.id)
    faults = []
    if uses.count:
        titles = [row.title for row in uses.rows[:_TITLES_MOST]]
        more = ["…"] if uses.count > _TITLES_MOST else []
        faults.append(Fault("asset_in_use", None, {"posts": ", ".join(titles + more)}))
    if uses.elsewhere:
        faults.append(Fault("asset_in_use_elsewhere"))
    if faults:
        refusal: Refusal = Conflict(faults[0].code)
        refusal.faults = tuple(faults)
        raise refusal


def _record_changes(session: Session, actor: Actor, asset: Asset, changed: set[str]) -> None:
    """Who changed which of them; not what stood there, for a picture may show and name a person."""
    if not changed:
        return
    now = clock.now()
    asset.changed_at = now
    if "shared" in changed:
        _record(session, actor, asset, "shared" if asset.shared else "unshared", now)
    if fields := sorted(changed - {"shared"}):
        _record(session, actor, asset, "edited", now, fields=fields)


def _record(session: Session, actor: Actor, asset: Asset, verb: str, now: datetime, **facts: Any) -> None:
    history.record(session, actor, "asset", asset.id, verb, unit_id=asset.unit_id, now=now, **facts)
