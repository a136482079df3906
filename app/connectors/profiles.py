"""What a network is and can do: plain facts that pages, checks and errands read."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from app.domain.networks import Format, NetworkKind
from app.domain.pictures import PictureLimits
from app.domain.texts import TextLimits
from app.domain.videos import VideoLimits


@dataclass(frozen=True)
class Takings:
    """What a network takes in one format (`domain.networks.Format`). `videos` None: none.

    `mixed`: pictures and videos may stand in one post. The rest as in `Profile`.
    """

    limits: TextLimits
    pictures: PictureLimits
    videos: VideoLimits | None = None
    mixed: bool = False
    takes_links: bool = False
    corrects: bool = False
    removes: bool = False
    comments: TextLimits | None = None
    sure_after: timedelta = timedelta(0)


@dataclass(frozen=True)
class Profile:
    """What a network is and can do; pages and checks read it.

    `polls`: seconds to wait before each further question whether something laid out is ready; then the last
    one again and again. `sure_after`: how long "hidden" must be seen, twice, before a showing in doubt may be
    done once more; zero where showing sets a flag and can't make a second post. `makes_new`: what becomes
    public is another object, with another id, than what was laid ready. `lateness`: how late a post usually
    may still go out. `by_hand`: a person posts it; nothing is ever called. `fetches`: it takes pictures from
    an address of ours. `signs_in_with`: whose sign-in serves this network too.

    `videos`, `mixed`, `comments` (a first comment of ours; None: not offered), `sure_after`, `corrects` and
    `removes` are of a post in the flow like `limits` and `pictures`; `others` has the other formats, and
    `in_format` tells which hold for one. `video_lead`: how long before its time something with a video is
    laid ready.
    """

    kind: NetworkKind
    label: str
    short: str
    limits: TextLimits
    pictures: PictureLimits
    stage_lead: timedelta
    look_lead: timedelta
    scopes: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    polls: tuple[int, ...] = ()
    sure_after: timedelta = timedelta(0)
    makes_new: bool = False
    lateness: timedelta = timedelta(minutes=60)
    corrects: bool = False
    removes: bool = False
    takes_links: bool = True
    by_hand: bool = False
    fetches: bool = False
    signs_in_with: NetworkKind | None = None
    videos: VideoLimits | None = None
    mixed: bool = False
    comments: TextLimits | None = None
    others: Mapping[Format, Takings] = field(default_factory=dict)
    video_lead: timedelta = timedelta(minutes=60)

    def in_format(self, wanted: Format) -> "Profile | None":
        """The same profile with what is taken in one format; None: the network does not offer it."""
        if wanted is Format.POST:
            return self
        takings = self.others.get(wanted)
        if takings is None:
            return None
        return replace(
            self, limits=takings.limits, pictures=takings.pictures, videos=takings.videos,
            mixed=takings.mixed, takes_links=takings.takes_links, corrects=takings.corrects,
            removes=takings.removes, comments=takings.comments, sure_after=takings.sure_after,
        )  # fmt: skip

    def lead(self, moving: bool) -> timedelta:
        """How long before its time something is laid ready; `moving`: it holds a video."""
        return max(self.video_lead, self.stage_lead) if moving and not self.by_hand else self.stage_lead
