"""What a post still lacks before it can go out, and what a person should look at once more."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from dataclasses import field as default
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from app.domain.contents import Contents, Said, Shot, picture_faults, placed
from app.domain.errors import Fault
from app.domain.networks import Format
from app.domain.pictures import PictureLimits, Shown, check_pictures
from app.domain.posts import Tone
from app.domain.texts import TextLimits, count, hashtags, holds_link, mentions, with_link
from app.domain.videos import Captions, VideoLimits, video_faults


class Outcome(StrEnum):
    """How a check came out: fine, for a person to look at, or nothing goes on before it is put right."""

    OK = "ok"
    LOOK = "look"
    STOP = "stop"


@dataclass(frozen=True)
class Check:
    """One check: its code (`words/` has the sentence), how it came out, and what the sentence needs.

    `field`: where the writer can change it, as in `misfits`.
    """

    code: str
    outcome: Outcome
    params: dict[str, Any] = default(default_factory=dict)
    field: str | None = None


class Takes(Protocol):
    """What a network takes; `connectors.contract.Profile` is one."""

    @property
    def label(self) -> str:
        """Its name."""

    @property
    def limits(self) -> TextLimits:
        """Of its texts."""

    @property
    def pictures(self) -> PictureLimits:
        """Of its pictures."""

    @property
    def takes_links(self) -> bool:
        """Whether a link can be followed there; else it is not sent."""

    @property
    def videos(self) -> VideoLimits | None:
        """Of its videos; None: it takes none."""

    @property
    def mixed(self) -> bool:
        """Whether pictures and videos may stand in one post."""

    @property
    def comments(self) -> TextLimits | None:
        """Of a first comment of ours; None: it takes none."""

    def in_format(self, wanted: Format) -> "Takes | None":
        """The same in one format; None: the network does not offer it."""


class Goal(NamedTuple):
    """A channel that a post may go to (None: any of its network), with what its network takes."""

    channel_id: int | None
    takes: Takes


def sent_text(said: Said, takes: Takes) -> str:
    """The text as it goes out: with the link in it where pictures stand in the place of its preview."""
    return with_link(said.text, said.link) if takes.takes_links and said.pictures else said.text


def misfits(said: Said, takes: Takes) -> list[Fault]:
    """What keeps a content from a network; empty when it fits. `network` in the params is its name.

    Fields: "text", "pictures" (the list) or "pictures.2.alt_text" (of the third picture); where the channel
    has its own, "variants.7.text", "variants.7.pictures" or "variants.7.pictures.2.alt_text".
    """
    formed = takes.in_format(said.format)
    if formed is None:
        return [Fault("format_not_offered", said.format_field, {"network": takes.label})]
    found = [
        *_text_misfits(said, formed),
        *_picture_misfits(said, formed),
        *_video_misfits(said, formed),
        *_comment_misfits(said, formed),
    ]
    facts = {"network": takes.label}
    faults = [Fault(one.code, one.field, {**one.params, **facts}) for one in found]
    seen = formed.pictures.most or formed.videos
    return faults + list(picture_faults(said.pictures_field, said.pictures) if seen else ())


def check_content(tone: Tone | None, contents: Contents, goals: Iterable[Goal]) -> list[Check]:
    """The checks of a post's content, first those of the whole, then those of the channels it may go to.

    Channels of one network that are told the same are said once.
    """
    found = [
        Check("check_tone", Outcome.OK) if tone else Check("check_no_tone", Outcome.STOP, {}, "tone"),
        _something(contents),
        *_pictures(contents),
        Check("check_link", Outcome.OK)
        if contents.link
        else Check("check_no_link", Outcome.LOOK, {}, "link"),
    ]
    for goal in goals:
        found += [
            check for check in check_channel(contents.on(goal.channel_id), goal.takes) if check not in found
        ]
    return found


def check_channel(said: Said, takes: Takes) -> list[Check]:
    """How what one channel is told fits there; nothing for a post that says nothing yet."""
    if said.empty:
        return []
    stops = [Check(_STOPS.get(one.code, one.code), Outcome.STOP, one.params, one.field)
             for one in misfits(said, takes)]  # fmt: skip
    formed = takes.in_format(said.format)
    if formed is None:
        return stops
    length = count(sent_text(said, formed))
    facts = {"network": takes.label, "length": length, "most": formed.limits.most}
    fits = [] if stops or not length else [Check("check_fits", Outcome.OK, facts)]
    return stops + fits + list(_looks(said, formed))


_NAMED = 5  # pictures in one sentence
_STOPS = {"text_too_long": "check_too_long"}
_ASKED: dict[str, Callable[[Shot], bool]] = {
    "check_no_rights": lambda shot: shot.rights is None,
    "check_no_shown": lambda shot: shot.shown is None,
    "check_children": lambda shot: shot.shown is Shown.CHILDREN,
}


def _something(contents: Contents) -> Check:
    if contents.empty:
        return Check("check_no_text", Outcome.STOP, {}, "text")
    return Check("check_text", Outcome.OK)


def _text_misfits(said: Said, takes: Takes) -> Iterator[Fault]:
    seen = said.pictures if takes.pictures.most or takes.videos else ()
    if not (said.text or seen or (said.link and takes.takes_links)) and not takes.pictures.required:
        yield Fault("text_missing", said.text_field)
    length = count(sent_text(said, takes))
    if length > takes.limits.most > 0:
        yield Fault("text_too_long", said.text_field, {"length": length, "most": takes.limits.most})
    for code, most, found in (
        ("too_many_hashtags", takes.limits.hashtags, hashtags(said.text)),
        ("too_many_mentions", takes.limits.mentions, mentions(said.text)),
    ):
        if most is not None and len(found) > most:
            yield Fault(code, said.text_field, {"count": len(found), "most": most})


def _picture_misfits(said: Said, takes: Takes) -> Iterator[Fault]:
    if takes.pictures.most == 0 and said.stills and takes.videos:
        yield Fault("only_videos", said.pictures_field)
        return
    if said.videos and not said.stills:
        return
    alts = ["" if shot.video else shot.alt_text for shot in said.pictures]
    for fault in check_pictures(alts, takes.pictures, said.pictures_field):
        place = fault.params.get("place")
        where = f"{fault.field}.{place - 1}.alt_text" if place else fault.field
        yield Fault(fault.code, where, fault.params)


def _video_misfits(said: Said, takes: Takes) -> Iterator[Fault]:
    videos, limits = said.videos, takes.videos
    if limits is None:
        if videos and takes.pictures.most:
            yield Fault("no_videos", said.pictures_field)
        return
    if not said.pictures and not takes.pictures.most:
        yield Fault("video_needed", said.pictures_field)
    if videos and said.stills and not takes.mixed:
        yield Fault("not_mixed", said.pictures_field)
    elif len(videos) > limits.most:
        yield Fault("too_many_videos", said.pictures_field, {"count": len(videos), "most": limits.most})
    for where, shot in placed(said.pictures_field, said.pictures):
        if shot.video:
            yield from video_faults(shot.video, limits, where)


def _comment_misfits(said: Said, takes: Takes) -> Iterator[Fault]:
    length = count(said.first_comment)
    if takes.comments and length > takes.comments.most:
        most = takes.comments.most
        yield Fault("comment_too_long", said.comment_field, {"length": length, "most": most})


def _pictures(contents: Contents) -> Iterator[Check]:
    """What is known about the pictures themselves, each said once however many they are."""
    shots = list(contents.shots())
    if not shots:
        return
    wrong = contents.picture_faults()
    yield from (Check(one.code, Outcome.STOP, one.params, one.field) for one in wrong)
    if not wrong:
        yield Check("check_described", Outcome.OK)
    for code, asks in _ASKED.items():
        found = [(where, shot) for where, shot in shots if asks(shot)]
        if found:
            yield Check(code, Outcome.LOOK, {"name": _names(shot for _, shot in found)}, found[0][0])


def _names(shots: Iterable[Shot]) -> str:
    """The names of pictures, each once, of many the first."""
    names = list(dict.fromkeys(shot.name for shot in shots))
    return ", ".join([*names[:_NAMED], *(["…"] if len(names) > _NAMED else [])])


def _upright(said: Said) -> bool:
    """Whether it is one short upright video, as reels are."""
    videos = said.videos
    return len(said.pictures) == len(videos) == 1 and videos[0].ratio < 0.7 and videos[0].seconds <= 90


def _looks(said: Said, takes: Takes) -> Iterator[Check]:
    facts = {"network": takes.label}
    if said.text and not takes.limits.most:
        yield Check("check_text_not_sent", Outcome.LOOK, facts, said.text_field)
    if said.first_comment and not takes.comments:
        yield Check("check_comment_not_sent", Outcome.LOOK, facts, said.comment_field)
    if said.format is Format.POST and takes.in_format(Format.REEL) and _upright(said):
        yield Check("check_maybe_reel", Outcome.LOOK, facts, said.format_field)
    if any(video.captions is Captions.LATER for video in said.videos):
        yield Check("check_captions_later", Outcome.LOOK, facts, said.pictures_field)
    if not takes.takes_links and holds_link(said.text):
        yield Check("check_link_in_text", Outcome.LOOK, facts, said.text_field)
    elif not takes.takes_links and said.link:
        yield Check("check_link_not_sent", Outcome.LOOK, facts, "link")
