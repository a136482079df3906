"""What stands in the composer's form, read kindly: nothing that somebody typed is dropped or refused here.

Fields, besides unit_id, title, tone, text, link, format, first_comment, revision, once and csrf. A picture's
key is the id of its asset, or "17-2" where the same asset stands a second time with other words.

    pictures                                key of each picture of the post, in order
    picture.{key}.alt_text                  its description; not sent: the asset's own
    picture.{key}.decorative                "yes"
    picture.{key}.captions                  of a video: whether those who do not hear it can follow
    picture.{key}.crop.{network}.x y w h    the part to show, in percent; all four empty: cut by itself
    variant.{channel}.own_text              "yes": the channel has its own text,
    variant.{channel}.text                  this one
    variant.{channel}.format                the channel's own form; empty: the same as everywhere
    variant.{channel}.own_comment           "yes": the channel has its own first comment,
    variant.{channel}.first_comment         this one
    variant.{channel}.own_pictures          "yes": the channel has its own pictures,
    variant.{channel}.pictures              the key of each ticked one,
    variant.{channel}.place.{key}           at which place
    variant.{channel}.extra                 key of each picture that only this channel's list shows
    shelf                                   where the open library puts its pictures: "post" or a channel
    find, chosen                            words sought in it; id of each ticked asset
    files                                   pictures to upload
    do                                      the button pressed; see `composer_steps`
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain.contents import MOST_PICTURES, Contents, Shot, Variant, own_only
from app.domain.errors import Fault, Invalid
from app.domain.networks import Format, NetworkKind
from app.domain.pictures import Box, read_box
from app.domain.texts import normalise
from app.domain.videos import Captions
from app.foundation.database import is_id
from app.web.forms import Form

_KEY = re.compile(r"(\d{1,10})(?:-\d{1,3})?")
_VARIANT = re.compile(
    r"variant\.(\d{1,10})\.(?:own_text|text|own_pictures|pictures|extra|format|own_comment)"
)
_SIDES = ("x", "y", "w", "h")
Percents = tuple[str, str, str, str]


@dataclass
class Pick:
    """One picture as it stands in the form. `alt_text` None: its asset's own. `crops`: percent, as typed."""

    key: str
    asset_id: int
    alt_text: str | None = None
    decorative: bool = False
    crops: dict[NetworkKind, Percents] = field(default_factory=dict)
    captions: Captions | None = None

    def box(self, network: NetworkKind) -> Box | None:
        """The part chosen for a network; None when it is cut by itself. Raises Invalid for no part at all."""
        typed = self.crops.get(network, ("", "", "", ""))
        if not any(typed):
            return None
        try:
            shares = [float(percent.replace(",", ".").rstrip(" %")) / 100 for percent in typed]
        except ValueError:
            raise Invalid("bad_crop", f"picture.{self.key}.crop.{network}") from None
        return read_box(shares, f"picture.{self.key}.crop.{network}")


@dataclass
class Own:
    """What the form says differently for one channel. `chosen`, `extra`: keys, in order."""

    own_text: bool = False
    text: str = ""
    own_pictures: bool = False
    chosen: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    format: Format | None = None
    own_comment: bool = False
    first_comment: str = ""

    @property
    def differs(self) -> bool:
        """Whether anything goes out differently there."""
        return self.own_text or self.own_pictures or self.own_comment or self.format is not None


@dataclass
class Draft:
    """What the form says besides plain texts. `listed`: keys of the post's pictures, in order."""

    format: Format = Format.POST
    first_comment: str = ""
    listed: list[str] = field(default_factory=list)
    picks: dict[str, Pick] = field(default_factory=dict)
    variants: dict[int, Own] = field(default_factory=dict)

    def on(self, channel_id: int) -> Own:
        """What is different on a channel, to change it; nothing yet where nothing was."""
        return self.variants.setdefault(channel_id, Own())

    def own(self, channel_id: int) -> Own:
        """The same to look at."""
        return self.variants.get(channel_id, Own())

    def rows_on(self, channel_id: int) -> list[Pick]:
        """What a channel may choose among: its own choice first, in its order, then the rest."""
        own = self.own(channel_id)
        return [self.picks[key] for key in dict.fromkeys([*own.chosen, *self.listed, *own.extra])]

    @property
    def asset_ids(self) -> set[int]:
        """Every asset that the form names."""
        return {pick.asset_id for pick in self.picks.values()}


def read(form: Form) -> Draft:
    """What stands in a form. Names and keys that can't be are passed over."""
    draft = Draft(_format(form.text("format")) or Format.POST, form.text("first_comment"))
    draft.listed = _keys(draft, form, form.many("pictures"))
    found = (_VARIANT.fullmatch(name) for name in form.values)
    for channel_id in dict.fromkeys(int(match[1]) for match in found if match):
        if is_id(channel_id):
            draft.variants[channel_id] = _own(draft, form, f"variant.{channel_id}")
    return draft


def _own(draft: Draft, form: Form, name: str) -> Own:
    chosen = _keys(draft, form, form.many(f"{name}.pictures"))
    extra = _keys(draft, form, form.many(f"{name}.extra"))
    places = {key: _place(form.text(f"{name}.place.{key}")) for key in chosen}
    return Own(
        own_text=bool(form.text(f"{name}.own_text")),
        text=form.text(f"{name}.text"),
        own_pictures=bool(form.text(f"{name}.own_pictures")),
        chosen=sorted(chosen, key=lambda key: places[key]),
        extra=[key for key in extra if key not in draft.listed],
        format=_format(form.text(f"{name}.format")),
        own_comment=bool(form.text(f"{name}.own_comment")),
        first_comment=form.text(f"{name}.first_comment"),
    )


def _format(typed: str) -> Format | None:
    return Format(typed) if typed in list(Format) else None


def _place(typed: str) -> int:
    return int(typed) if re.fullmatch(r"\s*\d{1,3}\s*", typed) else MOST_PICTURES


def _keys(draft: Draft, form: Form, sent: Sequence[str]) -> list[str]:
    """Those keys that are keys, each once, with what the form says about their pictures."""
    keys = []
    for key in list(dict.fromkeys(sent))[:MOST_PICTURES]:
        match = _KEY.fullmatch(key)
        if match and is_id(int(match[1])):
            keys.append(key)
            draft.picks.setdefault(key, _pick(form, key, int(match[1])))
    return keys


def _pick(form: Form, key: str, asset_id: int) -> Pick:
    name = f"picture.{key}"
    known = f"{name}.alt_text" in form.values
    pick = Pick(key, asset_id, form.text(f"{name}.alt_text") if known else None)
    pick.decorative = bool(form.text(f"{name}.decorative"))
    captions = form.text(f"{name}.captions")
    pick.captions = Captions(captions) if captions in list(Captions) else None
    for network in NetworkKind:
        x, y, w, h = (form.text(f"{name}.crop.{network}.{side}").strip() for side in _SIDES)
        if x or y or w or h:
            pick.crops[network] = (x, y, w, h)
    return pick


def of(contents: Contents) -> Draft:
    """What a stored revision puts into the form."""
    draft = Draft(contents.format, contents.first_comment)
    draft.listed = [_place_of(draft, shot) for shot in contents.pictures]
    for channel_id, variant in contents.variants.items():
        own = draft.on(channel_id)
        own.own_text, own.text = variant.text is not None, variant.text or ""
        own.format = variant.format
        own.own_comment, own.first_comment = variant.first_comment is not None, variant.first_comment or ""
        own.own_pictures = variant.pictures is not None
        own.chosen = list(dict.fromkeys(_place_of(draft, shot) for shot in variant.pictures or ()))
        own.extra = [key for key in own.chosen if key not in draft.listed]
    return draft


def _place_of(draft: Draft, shot: Shot) -> str:
    """The key of a stored picture: that of its equal, else a new one."""
    crops = {network: _percents(box) for network, box in shot.crops.items()}
    for number in range(1, 1000):
        key = f"{shot.asset_id}-{number}" if number > 1 else str(shot.asset_id)
        captions = shot.video.captions if shot.video else None
        pick = Pick(key, shot.asset_id, shot.alt_text, shot.decorative, crops, captions)
        if draft.picks.setdefault(key, pick) == pick:
            return key
    raise AssertionError("a revision holds fewer pictures than that")


def _percents(box: Box) -> Percents:
    x, y, w, h = (f"{round(share * 100, 3):g}" for share in box.values)
    return x, y, w, h


def fill(draft: Draft, known: Mapping[int, Shot]) -> None:
    """Give pictures that just came the description that they have in the library."""
    for pick in draft.picks.values():
        shot = known.get(pick.asset_id)
        if pick.alt_text is None and shot is not None:
            pick.alt_text, pick.decorative = shot.alt_text, pick.decorative or shot.decorative
        if shot is not None and shot.video:
            pick.captions = pick.captions or shot.video.captions


def inputs(draft: Draft) -> dict[str, Any]:
    """The fields of the input models that are no plain text. Raises Invalid for parts that are none."""
    faults: list[Fault] = []
    made = {key: _input(pick, faults) for key, pick in draft.picks.items()}
    if faults:
        raise Invalid.of(faults)
    variants = [
        {
            "channel_id": channel_id,
            "text": own.text if own.own_text else None,
            "pictures": [made[key] for key in own.chosen] if own.own_pictures else None,
            "format": own.format,
            "first_comment": own.first_comment if own.own_comment else None,
        }
        for channel_id, own in draft.variants.items()
        if own.differs
    ]
    return {
        "pictures": [made[key] for key in draft.listed],
        "variants": variants,
        "format": draft.format,
        "first_comment": draft.first_comment,
    }


def _input(pick: Pick, faults: list[Fault]) -> dict[str, Any]:
    crops = {}
    for network in pick.crops:
        try:
            box = pick.box(network)
        except Invalid as error:
            faults += error.faults
        else:
            if box:
                crops[network] = list(box.values)
    return {
        "asset_id": pick.asset_id,
        "alt_text": pick.alt_text,
        "decorative": pick.decorative,
        "crops": crops,
        "captions": pick.captions,
    }


def contents(draft: Draft, text: str, link: str, known: Mapping[int, Shot]) -> Contents:
    """The form as if it were a revision, for previews and checks; pictures out of sight are left out."""
    shots = {
        key: _shot(pick, known[pick.asset_id]) for key, pick in draft.picks.items() if pick.asset_id in known
    }
    variants = {
        channel_id: Variant(
            normalise(own.text) if own.own_text else None,
            tuple(shots[key] for key in own.chosen if key in shots) if own.own_pictures else None,
            own.format,
            normalise(own.first_comment) if own.own_comment else None,
        )
        for channel_id, own in draft.variants.items()
        if own.differs
    }
    listed = tuple(shots[key] for key in draft.listed if key in shots)
    comment = normalise(draft.first_comment)
    return own_only(Contents(None, text, link, listed, variants, draft.format, comment))


def _shot(pick: Pick, own: Shot) -> Shot:
    """The picture as the form describes it; a part that is none is left out, the errors say it."""
    if own.video:
        return replace(own, video=replace(own.video, captions=pick.captions or own.video.captions))
    crops = {}
    for network in pick.crops:
        with suppress(Invalid):
            box = pick.box(network)
            if box:
                crops[network] = box
    alt_text = "" if pick.decorative else normalise(pick.alt_text or "")
    return replace(own, alt_text=alt_text, decorative=pick.decorative, crops=crops)
