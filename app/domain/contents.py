"""What a post says: its text, link and pictures, and what it says differently on some channels.

A picture is still, or a video: then what is known of it as a picture is its cover, and `video` has the rest.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain.errors import Fault
from app.domain.networks import Format, NetworkKind
from app.domain.pictures import Box, Rights, Shown
from app.domain.videos import Captions, Video

MOST_PICTURES = 20  # in one list; each network takes fewer
MOST_VARIANTS = 12
CENTRE = (0.5, 0.5)


@dataclass(frozen=True)
class Shot:
    """One picture of a post, with what the post says about it.

    `video`: it moves; `sha256`, `width` and `height` are then its cover's, as it was chosen when the post was
    written. `width`, `height`: pixels of the whole picture. `focal`: what must stay in view, as shares.
    `crops`: kind of network -> the part that the writer chose for it. `name`, `rights`, `shown` and `removed`
    are the picture's own as it is now; alt text, crops and the focal point as it was then are the post's.
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
    video: Video | None = None

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
            video=video_of(asset),
        )

    @property
    def described(self) -> bool:
        """Whether somebody who does not see it is told what it shows, or that it shows nothing.

        Of a video: whether somebody answered for those who do not hear it. Networks take no alt text of it.
        """
        if self.video:
            return self.video.captions is not None
        return self.decorative or bool(self.alt_text)

    @property
    def said(self) -> tuple[Any, ...]:
        """What a revision keeps of it; two shots that say the same are equal here."""
        crops = {kind.value: box.values for kind, box in self.crops.items()}
        focal = tuple(round(share, 3) for share in self.focal)
        cover = self.sha256 if self.video else ""
        return self.asset_id, self.alt_text, self.decorative, tuple(sorted(crops.items())), focal, cover


Shots = tuple[Shot, ...]


@dataclass(frozen=True)
class Variant:
    """What one channel has of its own. None: the same as everywhere; no pictures at all: an empty list."""

    text: str | None = None
    pictures: Shots | None = None
    format: Format | None = None
    first_comment: str | None = None

    @property
    def said(self) -> tuple[Any, ...]:
        """What a revision keeps of it."""
        pictures = None if self.pictures is None else said_of(self.pictures)
        return self.text, pictures, self.format, self.first_comment


@dataclass(frozen=True)
class Said:
    """What one channel is told. `first_comment`: what is written below it once it is out; empty: nothing.

    `text_field` and the like: where it was written, as faults name it: "text" and "pictures", or
    "variants.7.text" and "variants.7.pictures" for the channel with the id 7.
    """

    text: str
    link: str
    pictures: Shots
    text_field: str = "text"
    pictures_field: str = "pictures"
    format: Format = Format.POST
    first_comment: str = ""
    format_field: str = "format"
    comment_field: str = "first_comment"

    @property
    def differs(self) -> bool:
        """Whether the channel has anything of its own."""
        fields = (self.text_field, self.pictures_field, self.format_field, self.comment_field)
        return any("." in field for field in fields)

    @property
    def stills(self) -> Shots:
        """Its pictures that do not move."""
        return tuple(shot for shot in self.pictures if shot.video is None)

    @property
    def videos(self) -> tuple[Video, ...]:
        """Its videos."""
        return tuple(shot.video for shot in self.pictures if shot.video)

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
    format: Format = Format.POST
    first_comment: str = ""

    def on(self, channel_id: int | None) -> Said:
        """What a channel is told; None: any channel that has nothing of its own."""
        own = (self.variants.get(channel_id) if channel_id is not None else None) or Variant()
        where = f"variants.{channel_id}"
        return Said(
            self.text if own.text is None else own.text,
            self.link,
            self.pictures if own.pictures is None else own.pictures,
            "text" if own.text is None else f"{where}.text",
            "pictures" if own.pictures is None else f"{where}.pictures",
            own.format or self.format,
            self.first_comment if own.first_comment is None else own.first_comment,
            f"{where}.format" if own.format else "format",
            "first_comment" if own.first_comment is None else f"{where}.first_comment",
        )

    @property
    def empty(self) -> bool:
        """Whether it says nothing on any channel."""
        return self.on(None).empty and all(self.on(channel_id).empty for channel_id in self.variants)

    @property
    def said(self) -> tuple[Any, ...]:
        """What a revision keeps; two contents that say the same are equal here."""
        variants = {channel_id: one.said for channel_id, one in self.variants.items()}
        whole = (self.text, self.link, said_of(self.pictures), self.format, self.first_comment)
        return *whole, tuple(sorted(variants.items()))

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
        elif not shot.described and shot.video:
            yield Fault("captions_missing", f"{where}.captions", {"place": place, "name": shot.name})
        elif not shot.described:
            yield Fault("alt_missing", f"{where}.alt_text", {"place": place, "name": shot.name})


def own_only(contents: Contents) -> Contents:
    """The same without variants that say nothing of their own, or only what is said everywhere."""
    base = said_of(contents.pictures)
    kept = {}
    for channel_id, one in sorted(contents.variants.items()):
        same = one.pictures is None or said_of(one.pictures) == base
        own = Variant(
            None if one.text == contents.text else one.text,
            None if same else one.pictures,
            None if one.format is contents.format else one.format,
            None if one.first_comment == contents.first_comment else one.first_comment,
        )
        if own != Variant():
            kept[channel_id] = own
    return replace(contents, variants=kept)


def video_of(row: Any) -> Video | None:
    """The video of an asset, from its row; None for a picture that does not move."""
    if not row.video_sha256:
        return None
    return Video(
        row.video_sha256, row.video_size, row.duration_ms, row.width, row.height, row.frame_rate,
        row.video_codec, row.audio_codec, Captions(row.captions) if row.captions else None,
    )  # fmt: skip
