"""What Facebook pages are and can do."""

from datetime import timedelta

from app.connectors.contract import Profile
from app.connectors.meta_places import PAGE_NUMBER_SCOPES, PAGE_SCOPES, PUBLISH_TASKS
from app.domain.networks import NetworkKind
from app.domain.pictures import PictureLimits
from app.domain.texts import TextLimits

# Our metric name -> what is asked at Facebook: insights by their name, the rest as fields of the post.
# Names of Meta's Page Insights since June 2026; `reach` is an estimate of people.
INSIGHTS = {"views": "post_media_view", "reach": "post_total_media_view_unique", "clicks": "post_clicks"}
COUNTS = {"reactions": "reactions", "comments": "comments", "shares": "shares"}

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
    scopes=PAGE_SCOPES + PAGE_NUMBER_SCOPES,
    tasks=PUBLISH_TASKS,
    metrics=(*INSIGHTS, *COUNTS),
    corrects=True,
    removes=True,
    # As a card of its own, or with pictures in the text: a post can't carry both (`domain.texts.with_link`).
    takes_links=True,
)
