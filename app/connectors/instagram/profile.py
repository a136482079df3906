"""What Instagram profiles are and can do."""

from datetime import timedelta

from app.connectors.meta_places import PROFILE_EXTRA_SCOPES, PROFILE_SCOPES, PUBLISH_TASKS
from app.connectors.profiles import Profile, Takings
from app.domain.metrics import About, today
from app.domain.networks import Format, NetworkKind
from app.domain.pictures import PictureLimits
from app.domain.texts import TextLimits
from app.domain.videos import MEGA, VideoLimits

# Our metric name -> what is asked at Instagram today: insights by their name, the rest as fields of the post.
INSIGHTS = today(NetworkKind.INSTAGRAM, About.POST, insight=True)
COUNTS = today(NetworkKind.INSTAGRAM, About.POST, insight=False)

_SURE_AFTER = timedelta(seconds=30)
# Meta, Instagram Platform, ig-user/media (caption).
_CAPTION = TextLimits(most=2200, shown=125, hashtags=30, mentions=20)
# As long as a caption may be, which is what users report; Meta documents no number, nor the unit.
_COMMENTS = TextLimits(most=2200, shown=125, hashtags=30, mentions=20)


def _videos(most: int, most_seconds: int, most_megabytes: int) -> VideoLimits:
    """Meta, Instagram Platform, ig-user/media (video specifications): at least three seconds, 23 to 60
    pictures a second, at most 1920 wide and 25 megabits a second.
    """
    return VideoLimits(
        most=most,
        least_seconds=3,
        most_seconds=most_seconds,
        most_bytes=most_megabytes * MEGA,
        widest=1920,
        least_frames=23,
        most_frames=60,
        most_rate=25 * MEGA,
    )


_REEL = Takings(
    limits=_CAPTION,
    pictures=PictureLimits(most=0, widest=1440, most_bytes=8 * 1024 * 1024),
    videos=_videos(1, 15 * 60, 300),
    removes=True,
    comments=_COMMENTS,
    sure_after=_SURE_AFTER,
)
# Its picture may fill a telephone's screen. No caption, no link, no comments.
_STORY = Takings(
    limits=TextLimits(most=0, shown=0),
    pictures=PictureLimits(
        most=1,
        least_ratio=9 / 16,
        most_ratio=1.91,
        widest=1440,
        narrowest=320,
        most_bytes=8 * 1024 * 1024,
        required=True,
    ),
    videos=_videos(1, 60, 100),
    removes=True,
    sure_after=_SURE_AFTER,
)

PROFILE = Profile(
    kind=NetworkKind.INSTAGRAM,
    label="Instagram",
    short="Ig",
    # Meta, Instagram Platform, ig-user/media (caption): 2,200 characters, 30 hashtags, 20 @ tags, in a unit
    # that is not told. About 125 characters are widely reported to stand before "more"; Meta promises none.
    limits=_CAPTION,
    # The same page (image specifications), and its carousels: all are cut to the first one's shape.
    pictures=PictureLimits(
        most=10,
        least_ratio=0.8,
        most_ratio=1.91,
        widest=1440,
        narrowest=320,
        most_bytes=8 * 1024 * 1024,
        alt_most=1000,
        one_shape=True,
        required=True,
    ),
    stage_lead=timedelta(minutes=5),
    look_lead=timedelta(seconds=30),
    scopes=PROFILE_SCOPES + PROFILE_EXTRA_SCOPES,
    tasks=PUBLISH_TASKS,
    metrics=("views", "reach", "reactions", "comments", "shares", "saves"),
    polls=(1, 2, 4, 8, 15, 30, 60),
    sure_after=_SURE_AFTER,
    makes_new=True,
    corrects=False,
    removes=True,
    # An address in a caption can't be clicked; a post's link is left out.
    takes_links=False,
    fetches=True,
    signs_in_with=NetworkKind.FACEBOOK,
    # One video goes out as a reel that also stands in the flow; several, or with pictures, as a carousel.
    videos=_videos(10, 15 * 60, 300),
    mixed=True,
    comments=_COMMENTS,
    others={Format.REEL: _REEL, Format.STORY: _STORY},
)
