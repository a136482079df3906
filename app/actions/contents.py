"""What a post says, as somebody sends it: checked, told apart from what stands there, and written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import history
from app.actions.inputs import Id
from app.domain.contents import MOST_PICTURES, MOST_VARIANTS, Contents, Shot, Shots, Variant, own_only
from app.domain.errors import Fault, Invalid
from app.domain.networks import Format, NetworkKind
from app.domain.pictures import ALT_MOST, WHOLE, Box, read_box
from app.domain.roles import Actor, Right
from app.domain.texts import count, is_web_address, normalise
from app.domain.videos import Captions
from app.foundation import clock
from app.models.assets import Asset
from app.models.posts import RevisionPicture, RevisionVariant
from app.queries import assets, channels

LINK_MOST = 2000
TEXT_MOST = 100_000  # a bound for what is stored at all; each channel has its own, told at the checks
_STORED = 20_000  # a bound for what is read of an alt text at all


class PictureInput(BaseModel):
    """A picture of a post.

    `alt_text` None: what the picture's own says now. `decorative`: nothing needs to be told about it, so it
    has no alt text; None: as the picture itself, unless an alt text is given. `crops`: kind of network -> the
    part to show, as shares (left, top, width, height) of the picture. `captions`: of a video; None: as in the
    library. `kind` and `seconds` may be sent back as they were read; they are not used.
    """

    model_config = ConfigDict(extra="forbid")

    asset_id: Id
    alt_text: Annotated[str, Field(max_length=_STORED)] | None = None
    decorative: bool | None = None
    crops: dict[NetworkKind, list[float]] = Field(default_factory=dict)
    captions: Captions | None = None
    kind: str | None = None
    seconds: float | None = None


class VariantInput(BaseModel):
    """What one channel has of its own. None: the same as everywhere; an empty list: no pictures there.

    `asset_ids`: the short form of `pictures`, as in `ContentInput`.
    """

    model_config = ConfigDict(extra="forbid")

    channel_id: Id
    text: Annotated[str, Field(max_length=TEXT_MOST)] | None = None
    pictures: list[PictureInput] | None = None
    asset_ids: list[Id] | None = None
    format: Format | None = None
    first_comment: Annotated[str, Field(max_length=TEXT_MOST)] | None = None


class ContentInput(BaseModel):
    """What a post says. `asset_ids`: pictures in short, each with its own alt text, or as it stood before.
    `first_comment`: what we write below it once it is out.

    What a variant says like everywhere is not kept. A fault's field names a picture by its place from 0 and a
    variant by its channel: "pictures.2.alt_text", "variants.7.text", "variants.7.pictures.1".
    """

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(max_length=TEXT_MOST)] = ""
    link: Annotated[str, Field(max_length=LINK_MOST)] = ""
    pictures: list[PictureInput] = Field(default_factory=list)
    asset_ids: list[Id] | None = None
    variants: list[VariantInput] = Field(default_factory=list)
    format: Format = Format.POST
    first_comment: Annotated[str, Field(max_length=TEXT_MOST)] = ""


def checked(
    session: Session, actor: Actor, unit_id: int, data: ContentInput, before: Contents
) -> tuple[Contents, list[Fault]]:
    """What was sent, as it would be kept, and every fault in it. `before`: what stands there now.

    Pictures are those that the unit may use, or that stand in `before`; variants are for channels that it
    may use, or as they stand in `before`.
    """
    desk = _Desk(before, _usable(session, actor, unit_id, data))
    text, link = normalise(data.text), normalise(data.link)
    if link and not is_web_address(link):
        desk.faults.append(Fault("bad_link", "link"))
    pictures = desk.pictures(data.pictures, data.asset_ids, "pictures", before.pictures)
    variants = _variants(session, actor, unit_id, data.variants, desk)
    comment = normalise(data.first_comment)
    return own_only(Contents(None, text, link, pictures, variants, data.format, comment)), desk.faults


def write(session: Session, revision_id: int, contents: Contents) -> None:
    """Keep the pictures and variants of a revision; the rest stands in its own row."""
    lists: list[tuple[int | None, Shots]] = [(None, contents.pictures)]
    for channel_id, one in contents.variants.items():
        own = one.pictures is not None
        session.add(
            RevisionVariant(
                revision_id=revision_id, channel_id=channel_id, text=one.text, own_pictures=own,
                format=one.format, first_comment=one.first_comment,
            )
        )  # fmt: skip
        lists.append((channel_id, one.pictures or ()))
    session.add_all(
        RevisionPicture(
            revision_id=revision_id, channel_id=channel_id, position=position, asset_id=shot.asset_id,
            alt_text=shot.alt_text, decorative=shot.decorative,
            crops={kind.value: list(box.values) for kind, box in shot.crops.items()},
            focal_x=shot.focal[0], focal_y=shot.focal[1], cover_sha256=shot.sha256 if shot.video else None,
        )
        for channel_id, shots in lists
        for position, shot in enumerate(shots)
    )  # fmt: skip
    session.flush()


def describe(session: Session, actor: Actor, contents: Contents) -> None:
    """Give pictures that nobody has described yet the alt text written here, so that it is written once.

    Videos likewise get the answer about captions, and a newer one in place of "not yet".
    """
    _caption(session, actor, contents)
    said = {shot.asset_id: shot.alt_text for _, shot in reversed(list(contents.shots())) if shot.alt_text}
    if not said:
        return
    rows = session.scalars(
        select(Asset).where(
            Asset.id.in_(said),
            Asset.alt_text == "",
            Asset.decorative.is_(False),
            Asset.unit_id.in_(actor.scope.units_with(Right.WRITE)),
        )
    )
    now = clock.now()
    for row in rows:
        row.alt_text, row.changed_at = said[row.id], now
        history.record(session, actor, "asset", row.id, "described", unit_id=row.unit_id, now=now)


def _caption(session: Session, actor: Actor, contents: Contents) -> None:
    shots = [(shot.asset_id, shot.video) for _, shot in contents.shots()]
    told = {asset_id: video.captions for asset_id, video in shots if video and video.captions}
    if not told:
        return
    rows = session.scalars(
        select(Asset).where(
            Asset.id.in_(told),
            Asset.captions.is_(None) | (Asset.captions == Captions.LATER),
            Asset.unit_id.in_(actor.scope.units_with(Right.WRITE)),
        )
    )
    now = clock.now()
    for row in rows:
        if row.captions is not told[row.id]:
            row.captions, row.changed_at = told[row.id], now
            history.record(session, actor, "asset", row.id, "described", unit_id=row.unit_id, now=now)


@dataclass
class _Desk:
    """Where pictures are put together: what stood there, which may be used, and what was found wrong."""

    before: Contents
    usable: Mapping[int, Asset]
    faults: list[Fault] = field(default_factory=list)

    def pictures(
        self, sent: Sequence[PictureInput], asset_ids: Sequence[int] | None, where: str, stood: Shots
    ) -> Shots:
        """A list of pictures; `stood`: the list that was there before."""
        if asset_ids is not None:
            if sent:
                self.faults.append(Fault("pictures_twice", f"{where.removesuffix('pictures')}asset_ids"))
            known = {shot.asset_id: shot for shot in (*self.before.pictures, *stood)}
            sent = [_as_it_stood(known.get(key), key) for key in asset_ids]
        if len(sent) > MOST_PICTURES:
            self.faults.append(Fault("too_long_list", where, {"count": len(sent), "most": MOST_PICTURES}))
            return ()
        shots = [self._shot(one, f"{where}.{place}", place + 1) for place, one in enumerate(sent)]
        return tuple(shot for shot in shots if shot)

    def _shot(self, sent: PictureInput, where: str, place: int) -> Shot | None:
        found = self._known(sent.asset_id)
        if found is None or found.removed:
            code = "picture_gone" if found else "picture_not_yours"
            self.faults.append(Fault(code, where, {"place": place, "name": found.name if found else ""}))
            return None
        alt = normalise(found.alt_text if sent.alt_text is None else sent.alt_text)
        # A description that is given says that there is something to describe.
        described = bool(sent.alt_text and alt)
        own = found.decorative and not described
        decorative = own if sent.decorative is None else sent.decorative
        if decorative and described:
            self.faults.append(Fault("alt_and_decorative", f"{where}.alt_text", {"place": place}))
        length = count(alt)
        if length > ALT_MOST and not decorative:
            facts = {"length": length, "most": ALT_MOST, "place": place}
            self.faults.append(Fault("alt_too_long", f"{where}.alt_text", facts))
        if found.video:
            video = replace(found.video, captions=sent.captions or found.video.captions)
            return replace(found, alt_text="", decorative=False, crops={}, video=video)
        crops = self._crops(sent.crops, f"{where}.crops")
        return replace(found, alt_text="" if decorative else alt, decorative=decorative, crops=crops)

    def _known(self, asset_id: int) -> Shot | None:
        """A picture as it is by itself; one that may not be used any more, as it stood."""
        asset = self.usable.get(asset_id)
        if asset is not None:
            return Shot.of(asset)
        return next((shot for _, shot in self.before.shots() if shot.asset_id == asset_id), None)

    def _crops(self, sent: Mapping[NetworkKind, Sequence[float]], where: str) -> dict[NetworkKind, Box]:
        crops = {}
        for kind, shares in sent.items():
            try:
                box = Box(*read_box(shares, f"{where}.{kind}").values)
            except Invalid as refused:
                self.faults += refused.faults
                continue
            if box != WHOLE:
                crops[kind] = box
        return crops


def _variants(
    session: Session, actor: Actor, unit_id: int, sent: Sequence[VariantInput], desk: _Desk
) -> dict[int, Variant]:
    if not sent:
        return {}
    if len(sent) > MOST_VARIANTS:
        desk.faults.append(Fault("too_many_variants", "variants", {"most": MOST_VARIANTS}))
        return {}
    usable = {row.id for row in channels.usable_by(session, actor.scope, unit_id)}
    found: dict[int, Variant] = {}
    for one in sent:
        if one.channel_id in found:
            desk.faults.append(Fault("variant_twice", "variants"))
            continue
        found[one.channel_id] = made = _variant(one, desk)
        stood = desk.before.variants.get(one.channel_id)
        if one.channel_id not in usable and (stood is None or stood.said != made.said):
            desk.faults.append(Fault("channel_not_yours", "variants", {"channel_id": one.channel_id}))
    return found


def _variant(sent: VariantInput, desk: _Desk) -> Variant:
    stood = desk.before.variants.get(sent.channel_id)
    pictures = None
    if sent.pictures is not None or sent.asset_ids is not None:
        where = f"variants.{sent.channel_id}.pictures"
        before = stood.pictures if stood else None
        pictures = desk.pictures(sent.pictures or [], sent.asset_ids, where, before or ())
    text, comment = (None if one is None else normalise(one) for one in (sent.text, sent.first_comment))
    return Variant(text, pictures, sent.format, comment)


def _usable(session: Session, actor: Actor, unit_id: int, data: ContentInput) -> dict[int, Asset]:
    """Of what was sent what may be used; of lists that are too long only the beginning is looked at."""
    lists: list[ContentInput | VariantInput] = [data, *data.variants[:MOST_VARIANTS]]
    ids = {one.asset_id for sent in lists for one in (sent.pictures or ())[:MOST_PICTURES]}
    ids.update(key for sent in lists for key in (sent.asset_ids or ())[:MOST_PICTURES])
    return assets.usable(session, actor.scope, unit_id, ids)


def _as_it_stood(shot: Shot | None, asset_id: int) -> PictureInput:
    if shot is None:
        return PictureInput(asset_id=asset_id)
    crops = {kind: list(box.values) for kind, box in shot.crops.items()}
    if not shot.described:
        return PictureInput(asset_id=asset_id, crops=crops)
    return PictureInput(asset_id=asset_id, alt_text=shot.alt_text, decorative=shot.decorative, crops=crops)
