"""What people will see on each channel, as a page draws it: nothing here asks a network."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from app.connectors import registry
from app.connectors.profiles import Profile
from app.domain.checks import Goal, sent_text
from app.domain.contents import Contents, Said, Shot
from app.domain.networks import Format, NetworkKind
from app.domain.pictures import WHOLE, Box, PictureLimits, box_for, ratio_of, size_for
from app.domain.publications import Status
from app.domain.texts import holds_link, host_of, is_web_address
from app.foundation.database import AnyRow
from app.web import cuts, formats
from app.web.paging import address

_OVER = (Status.CANCELLED, Status.REMOVED)


class Stop(NamedTuple):
    """A channel that the post is drawn for (None: any of its network), and the time it has there, if any."""

    channel_id: int | None
    network: NetworkKind
    name: str
    due_at: datetime | None = None
    zone: str = ""


class Cut(NamedTuple):
    """One picture as it is sent: where to load it, its pixels, and what is read aloud for it.

    `length`: of a video, as "0:42"; empty: it does not move.
    """

    src: str
    width: int
    height: int
    alt_text: str
    decorative: bool
    length: str = ""


@dataclass
class Preview:
    """One drawing, for all channels of a network that are told the same. `host`: of the card under the text.

    `said_in`: the field of the composer that the text comes from; `carries_link`: the link goes out in it.
    `link_stays`: the post has a link that does not go out there. `dead_link`: one in the text is dead.
    `lacks_form`: the network has no such form of a post; it is drawn as a post in the flow.
    """

    profile: Profile
    stops: list[Stop]
    text: str
    host: str
    pictures: list[Cut]
    differs: bool
    said_in: str = "text"
    carries_link: bool = False
    link_stays: bool = False
    dead_link: bool = False
    channels: list[int] = field(default_factory=list)
    format: Format = Format.POST
    lacks_form: bool = False
    first_comment: str = ""
    comment_in: str = "first_comment"

    @property
    def network(self) -> NetworkKind:
        """Its kind of network."""
        return self.profile.kind

    @property
    def shown(self) -> int:
        """Characters before "more", in UTF-16 units."""
        return self.profile.limits.shown

    @property
    def name(self) -> str:
        """Whose name stands over it."""
        return self.stops[0].name


def stops(planned: Iterable[AnyRow], places: Sequence[Any], own: Iterable[int], usual: str) -> list[Stop]:
    """Where a post is drawn: each channel that it has a time on, and each that has something of its own.

    `places`: channels that it may go to (id, network, name). Without any time there is one of each network.
    """
    found = {
        row.channel_id: Stop(row.channel_id, row.network, row.channel, row.due_at, row.zone)
        for row in planned
        if row.status not in _OVER
    }
    networks = {} if found else {place.network: place for place in reversed(places)}
    asked = {*own, *(place.id for place in networks.values())}
    for place in places:
        if place.id in asked:
            found.setdefault(place.id, Stop(place.id, place.network, place.name))
    return list(found.values()) or [Stop(None, NetworkKind.FACEBOOK, usual)]


def goals(where: Iterable[Stop]) -> list[Goal]:
    """The same channels, for the checks."""
    return [Goal(stop.channel_id, registry.network(stop.network).profile) for stop in where]


def draw(contents: Contents, where: Iterable[Stop]) -> list[Preview]:
    """One drawing for each network and for each channel that is told something else."""
    found: dict[tuple[Any, ...], Preview] = {}
    for stop in where:
        said = contents.on(stop.channel_id)
        shots = tuple(shot.said for shot in said.pictures)
        same = (stop.network, said.text, shots, said.format, said.first_comment)
        if same not in found:
            found[same] = _preview(said, registry.network(stop.network).profile)
        found[same].stops.append(stop)
        found[same].differs |= said.differs
        if stop.channel_id:
            found[same].channels.append(stop.channel_id)
    return list(found.values())


def _preview(said: Said, network: Profile) -> Preview:
    formed = network.in_format(said.format)
    profile = formed or network
    carded = profile.takes_links and not said.pictures and is_web_address(said.link)
    return Preview(
        profile=profile,
        stops=[],
        text=sent_text(said, profile) if profile.limits.most else "",
        host=host_of(said.link) if carded else "",
        pictures=drawn(said.pictures, profile),
        differs=False,
        said_in=said.text_field.replace("variants.", "variant."),
        carries_link=bool(profile.takes_links and said.pictures),
        link_stays=bool(said.link) and not profile.takes_links,
        dead_link=not profile.takes_links and holds_link(said.text),
        format=said.format if formed else Format.POST,
        lacks_form=formed is None,
        first_comment=said.first_comment if profile.comments else "",
        comment_in=said.comment_field.replace("variants.", "variant."),
    )


def drawn(shots: Sequence[Shot], profile: Profile) -> list[Cut]:
    """Pictures as they are sent to a network, in order; where all take one shape, that of the first."""
    limits, boxes = profile.pictures, list[Box]()
    for shot in shots:
        shape = ratio_of(shots[0].width, shots[0].height, boxes[0]) if limits.one_shape and boxes else None
        if shot.video:
            boxes.append(WHOLE)
            continue
        chosen = shot.crops.get(profile.kind)
        boxes.append(box_for(shot.width, shot.height, shot.focal, limits, chosen=chosen, shape=shape))
    if profile.by_hand:
        boxes = [WHOLE for _ in shots]
    return [_cut(shot, profile, box) for shot, box in zip(shots, boxes, strict=True)]


def _cut(shot: Shot, profile: Profile, box: Box) -> Cut:
    limits = PictureLimits(most=1) if shot.video else profile.pictures
    wide, high = size_for(shot.width, shot.height, box, cuts.small(limits))
    alt_text = "" if shot.decorative else shot.alt_text
    length = formats.clock(shot.video.duration_ms) if shot.video else ""
    return Cut(_src(shot, profile, box), wide, high, alt_text, shot.decorative, length)


def _src(shot: Shot, profile: Profile, box: Box) -> str:
    if box == WHOLE:
        return cuts.view(shot)
    part = ",".join(f"{share:g}" for share in box.values)
    path = f"/pictures/{shot.asset_id}/cut.jpg"
    return address(path, network=profile.kind, box=part, v=cuts.version(shot.sha256))
