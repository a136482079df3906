"""What Facebook pages are and can do."""

from datetime import timedelta

from app.connectors.meta_places import PAGE_COMMENT_SCOPES, PAGE_NUMBER_SCOPES, PAGE_SCOPES, PUBLISH_TASKS
from app.connectors.profiles import Profile, Takings
from app.domain.metrics import About, today
from app.domain.networks import Format, NetworkKind
from app.domain.pictures import PictureLimits
from app.domain.texts import TextLimits
from app.domain.videos import MEGA, VideoLimits

# Our metric name -> what is asked at Facebook today: insights by their name, the rest as fields of the post.
INSIGHTS = today(NetworkKind.FACEBOOK, About.POST, insight=True)
COUNTS = today(NetworkKind.FACEBOOK, About.POST, insight=False)

# What other programs and users report; Meta documents no number. Counted in UTF-16 units, the strictest.
_COMMENTS = TextLimits(most=8000, shown=300)
_NO_TEXT = TextLimits(most=0, shown=0)
_COVER_BYTES = 4 * MEGA
# Meta, Video API, reels publishing: one video, 9:16, at least 540 by 960, 3 to 90 seconds, 24 to 60 pictures
# a second, 30 reels a page in 24 hours. An address in its words can't be clicked: a post's link is left out.
_REEL = Takings(
    limits=TextLimits(most=63_206, shown=125),
    pictures=PictureLimits(most=0, most_bytes=_COVER_BYTES),
    videos=VideoLimits(
        least_seconds=3,
        most_seconds=90,
        least_ratio=9 / 16,
        most_ratio=9 / 16,
        least_side=540,
        least_frames=24,
        most_frames=60,
    ),
    corrects=True,
    removes=True,
    comments=_COMMENTS,
    # The same video is finished once more only when that can't be under way any longer.
    sure_after=timedelta(seconds=30),
)
# Meta, Page stories: one picture, or one video of at most a minute; no words, no links, no way to delete one.
_STORY = Takings(
    limits=_NO_TEXT,
    pictures=PictureLimits(most=1, widest=2048, most_bytes=_COVER_BYTES, required=True),
    videos=VideoLimits(most_seconds=60),
    # The list of stories may lag behind; what a story was made of can't make a second one.
    sure_after=timedelta(seconds=30),
)

PROFILE = Profile(
    kind=NetworkKind.FACEBOOK,
    label="Facebook",
    short="Fb",
    # The ceiling is what other programs found, Meta does not document it. About 477 characters are widely
    # reported to stand before "See more" on a wide screen, fewer on a phone; Meta promises no number.
    limits=TextLimits(most=63_206, shown=477),
    # Ten to a post is what other programs found. Meta takes 10 MB a picture (Page reference, photos), and
    # shows none wider than 2048.
    pictures=PictureLimits(most=10, widest=2048, most_bytes=4 * 1024 * 1024),
    stage_lead=timedelta(minutes=2),
    look_lead=timedelta(seconds=30),
    scopes=PAGE_SCOPES + PAGE_NUMBER_SCOPES + PAGE_COMMENT_SCOPES,
    tasks=PUBLISH_TASKS,
    metrics=(*INSIGHTS, *COUNTS),
    corrects=True,
    removes=True,
    # As a card of its own, or with pictures in the text: a post can't carry both (`domain.texts.with_link`).
    takes_links=True,
    # Meta, Page reference, videos: one to a post, never beside pictures, up to four hours.
    videos=VideoLimits(most_seconds=240 * 60, most_bytes=1000 * MEGA),
    comments=_COMMENTS,
    others={Format.REEL: _REEL, Format.STORY: _STORY},
)
