"""What Instagram profiles are and can do."""

from datetime import timedelta

from app.connectors.contract import Profile
from app.connectors.meta_places import PROFILE_EXTRA_SCOPES, PROFILE_SCOPES, PUBLISH_TASKS
from app.domain.networks import NetworkKind
from app.domain.pictures import PictureLimits
from app.domain.texts import TextLimits

# Our metric name -> what is asked at Instagram: insights by their name, the rest as fields of the post.
INSIGHTS = {"views": "views", "reach": "reach", "shares": "shares", "saves": "saved"}
COUNTS = {"reactions": "like_count", "comments": "comments_count"}

PROFILE = Profile(
    kind=NetworkKind.INSTAGRAM,
    label="Instagram",
    short="Ig",
    # Meta, Instagram Platform, ig-user/media (caption): 2,200 characters, 30 hashtags, 20 @ tags, in a unit
    # that is not told. About 125 characters are widely reported to stand before "more"; Meta promises none.
    limits=TextLimits(most=2200, shown=125, hashtags=30, mentions=20),
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
    sure_after=timedelta(seconds=30),
    corrects=False,
    removes=True,
    # An address in a caption can't be clicked; a post's link is left out.
    takes_links=False,
    fetches=True,
    signs_in_with=NetworkKind.FACEBOOK,
)
