"""What a place of work done by hand takes: nearly anything, for a person reads it and decides."""

from datetime import timedelta

from app.connectors.profiles import Profile, Takings
from app.domain.networks import Format, NetworkKind
from app.domain.pictures import PictureLimits
from app.domain.texts import TextLimits
from app.domain.videos import VideoLimits
from app.foundation.i18n import N_

_TEXT = TextLimits(most=63_206, shown=63_206)
_PICTURES = PictureLimits(most=20, widest=4096, most_bytes=20 * 1024 * 1024)
_VIDEOS = VideoLimits(most=20)
_ANY = Takings(
    limits=_TEXT,
    pictures=_PICTURES,
    videos=_VIDEOS,
    mixed=True,
    takes_links=True,
    comments=_TEXT,
)

PROFILE = Profile(
    kind=NetworkKind.MANUAL,
    # Words, not a name as elsewhere: pages translate them.
    label=N_("By hand"),
    short=N_("By hand"),
    limits=_TEXT,
    pictures=_PICTURES,
    # It becomes somebody's task a day before its time, and may be done a day late.
    stage_lead=timedelta(hours=24),
    look_lead=timedelta(seconds=30),
    lateness=timedelta(hours=24),
    by_hand=True,
    videos=_VIDEOS,
    mixed=True,
    comments=_TEXT,
    others={Format.REEL: _ANY, Format.STORY: _ANY},
)
