"""What a post says: its text, link and pictures, and what it says differently on some channels."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.errors import Fault
from app.domain.networks import NetworkKind
from app.domain.pictures import Box, Rights, Shown

MOST_PICTURES = 20  # in one list; each network takes fewer
MOST_VARIANTS = 12
CENTRE = (0.5, 0.5)


@dataclass(frozen=True)
class Shot:
    """One picture of a post, with what the post says about it.

    `width`, `height`: pixels of the whole picture. `focal`: what must stay in view, as shares. `crops`: kind
    of network -> the part that the writer chose for it. `name`, `rights`, `shown` and `removed` are the
    picture's own as it is now; alt text, crops and the focal point as it was then are the post's.
    """

    asset_id: int
    sha256: str = ""
    width: int = 1
    height: int = 1
    focal: tuple[float, float] = CENTRE
    alt_text: str = ""
    decorative: bool = False
    crops: Mapping[NetworkKind, Box] = field(default_factory=dict)
    name: str = ""
    credit: str = ""
    rights: Rights | None = None
    shown: Shown | None = None
    removed: bool = False

    @classmethod
    def of(cls, asset: Any) -> "Shot":
        """A picture of the library as it is by itself, from its row."""
        return cls(
            asset_id=asset.id,
            sha256=asset.sha256,
            width=asset.width,
            height=asset.height,
            focal=(asset.focal_x, asset.focal_y),
            alt_text=asset.alt_text,
            decorative=asset.decorative,
            name=asset.name,
            credit=asset.credit,
            rights=asset.rights,
            shown=asset.shown,
            removed=asset.removed_at is not None,
        )

    @property
    def described(self) -> bool:
        """Whether somebody who does not see it is told what it shows, or that it shows nothing."""
        return self.decorative or bool(self.alt_text)

    @property
    def said(self) -> tuple[Any, ...]:
        """What a revision keeps of it; two shots that say the same are equal here."""
        crops = {kind.value: box.values for kind, box in self.crops.items()}
        focal = tuple(round(share, 3) for share in self.focal)
        return self.asset_id, self.alt_text, self.decorative, tuple(sorted(crops.items())), focal


Shots = tuple[Shot, ...]


@dataclass(frozen=True)
class Variant:
    """What one channel has of its own. None: the same as everywhere; no pictures at all: an empty list."""

    text: str | None = None
    pictures: Shots | None = None

    @property
    def said(self) -> tuple[Any, ...]:
        """What a revision keeps of it."""
        return self.text, None if self.pictures is None else said_of(self.pictures)


@dataclass(frozen=True)
class Said:
    """What one channel is told.

    `text_field`, `pictures_field`: where it was written, as faults name it: "text" and "pictures", or
    "variants.7.text" and "variants.7.pictures" for the channel with the id 7.
    """

    text: str
    link: str
    pictures: Shots
    text_field: str = "text"
    pictures_field: str = "pictures"

    @property
    def differs(self) -> bool:
        """Whether the channel has anything of its own."""
        return (self.text_field, self.pictures_field) != ("text", "pictures")

    @property
    def empty(self) -> bool:
        """Whether there is nothing to read, to follow or to see."""
        return not (self.text or self.link or self.pictures)


@dataclass(frozen=True)
class Contents:
    """The whole content of a revision; `revision_id` None: not saved yet. `variants`: by channel id."""

    revision_id: int | None = None
    text: str = ""
    link: str = ""
    pictures: Shots = ()
    variants: Mapping[int, Variant] = field(default_factory=dict)

    def on(self, channel_id: int | None) -> Said:
        """What a channel is told; None: any channel that has nothing of its own."""
        own = self.variants.get(channel_id) if channel_id is not None else None
        text = own.text if own else None
        pictures = own.pictures if own else None
        return Said(
            self.text if text is None else text,
            self.link,
            self.pictures if pictures is None else pictures,
            "text" if text is None else f"variants.{channel_id}.text",
            "pictures" if pictures is None else f"variants.{channel_id}.pictures",
        )

    @property
    def empty(self) -> bool:
        """Whether it says nothing on any channel."""
        return self.on(None).empty and all(self.on(channel_id).empty for channel_id in self.variants)

    @property
    def said(self) -> tuple[Any, ...]:
        """What a revision keeps; two contents that say the same are equal here."""
        variants = {channel_id: one.said for channel_id, one in self.variants.items()}
        return self.text, self.link, said_of(self.pictures), tuple(sorted(variants.items()))

    def lists(self) -> Iterator[tuple[str, Shots]]:
        """Its lists of pictures with their fields, the one for all channels first."""
        yield "pictures", self.pictures
        for channel_id, variant in self.variants.items():
            if variant.pictures is not None:
                yield f"variants.{channel_id}.pictures", variant.pictures

    def shots(self) -> Iterator[tuple[str, Shot]]:
        """Every picture with its field, as "pictures.0"."""
        return (each for where, shots in self.lists() for each in placed(where, shots))

    def picture_faults(self) -> list[Fault]:
        """What keeps its pictures from every network."""
        return [fault for where, shots in self.lists() for fault in picture_faults(where, shots)]


def said_of(pictures: Sequence[Shot]) -> tuple[Any, ...]:
    """What a revision keeps of a list of pictures."""
    return tuple(shot.said for shot in pictures)


def placed(field: str, pictures: Sequence[Shot]) -> Iterator[tuple[str, Shot]]:
    """Each picture with its field: the list's, and its place from 0."""
    return ((f"{field}.{place}", shot) for place, shot in enumerate(pictures))


def picture_faults(list_field: str, pictures: Iterable[Shot]) -> Iterator[Fault]:
    """What keeps pictures from every network: taken out of the library, or described by nobody."""
    for place, (where, shot) in enumerate(placed(list_field, tuple(pictures)), start=1):
        if shot.removed:
            yield Fault("picture_gone", where, {"place": place, "name": shot.name})
        elif not shot.described:
            yield Fault("alt_missing", f"{where}.alt_text", {"place": place, "name": shot.name})


def own_only(contents: Contents) -> Contents:
    """The same without variants that say nothing of their own, or only what is said everywhere."""
    base = said_of(contents.pictures)
    kept = {}
    for channel_id, one in sorted(contents.variants.items()):
        text = None if one.text == contents.text else one.text
        same = one.pictures is None or said_of(one.pictures) == base
        if text is not None or not same:
            kept[channel_id] = Variant(text, None if same else one.pictures)
    return Contents(contents.revision_id, contents.text, contents.link, contents.pictures, kept)
