"""What Facebook pages are and can do."""

from datetime import timedelta

from app.connectors.contract import Profile
from app.domain.networks import NetworkKind
from app.domain.pictures import PictureLimits
from app.domain.texts import TextLimits

# Meta, Pages API, posts: what publishing needs. Without one of these nothing can go out.
PUBLISH_SCOPES = ("pages_show_list", "pages_read_engagement", "pages_manage_posts")
# For numbers: insights, and the counts of reactions and comments. Without them posts still go out.
NUMBER_SCOPES = ("read_insights", "pages_read_user_content")
# For numbers the person also needs ANALYZE; publishing does not ask for it.
PUBLISH_TASKS = ("CREATE_CONTENT",)

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
    pictures=PictureLimits(most=10, widest=2048, most_bytes=4 * 1024 * 1024),
    stage_lead=timedelta(minutes=2),
    look_lead=timedelta(seconds=30),
    scopes=PUBLISH_SCOPES + NUMBER_SCOPES,
    tasks=PUBLISH_TASKS,
    metrics=(*INSIGHTS, *COUNTS),
    corrects=True,
    removes=True,
)
