"""Numbers of media, under today's names only (Meta, Instagram platform, IG Media insights)."""

from datetime import timedelta
from typing import Any

from app.practice.calls import Call
from app.practice.errors import GraphError, bad
from app.practice.fields import Readers
from app.practice.insights import row
from app.practice.people import Media
from app.practice.simulation import at_age, final
from app.practice.tokens import require
from app.practice.world import World

FEED = frozenset(
    """views reach likes comments saved shares total_interactions follows profile_visits profile_activity
    reposts total_likes total_comments total_views""".split()
)
REELS = frozenset("ig_reels_avg_watch_time ig_reels_video_view_total_time reels_skip_rate".split())
STORIES = frozenset("replies navigation link_clicks".split())
# They exist, but not for everything; the last two only for what was also shared on Facebook.
OTHERS = REELS | STORIES | {"facebook_views", "crossposted_views"}
KNOWN = {
    "FEED": FEED,
    "REELS": (FEED | REELS) - {"follows", "profile_visits", "profile_activity"},
    "STORY": (FEED | STORIES) - {"likes", "comments", "saved", "total_likes", "total_comments"},
}
STORY_LIFE = timedelta(hours=24)
FEWEST_VIEWERS = 5


def counts(world: World, media: Media) -> dict[str, int]:
    """Every number of a media as it is now."""
    age = world.now() - media.created_at
    end = final(media.id, world.profiles[media.profile_id].followers, False)
    likes = at_age(sum(end.reactions) * 2, age)
    now = {
        "likes": likes,
        "comments": at_age(end.comments, age) + world.comments_under(media.id),
        "shares": at_age(end.shares, age),
        "saved": at_age(end.clicks // 5, age),
        "follows": at_age(end.clicks // 20, age),
        "profile_visits": at_age(end.clicks // 3, age),
        "profile_activity": at_age(end.clicks // 10, age),
        "reposts": at_age(end.shares // 3, age),
        "reach": max(at_age(end.reach, age), likes),
    }
    now["views"] = max(at_age(end.views, age), now["reach"])
    now, likes = {**now, **media.counted}, media.counted.get("likes", likes)
    now |= {"ig_reels_avg_watch_time": 4_200, "ig_reels_video_view_total_time": 4_200 * now["views"]}
    now |= {"reels_skip_rate": 35, "replies": now["comments"], "navigation": now["views"] // 2}
    now["link_clicks"] = 0
    now["total_interactions"] = likes + now["comments"] + now["shares"] + now["saved"]
    return {**now, "total_likes": likes, "total_comments": now["comments"], "total_views": now["views"]}


def counted(world: World, media: Media) -> Readers:
    """The fields that hold a count and need no insights."""
    now = counts(world, media)
    return {
        "like_count": lambda _: now["likes"],
        "comments_count": lambda _: now["comments"],
        "reposts_count": lambda _: now["reposts"],
        "saved_count": lambda _: now["saved"],
        "shares_count": lambda _: now["shares"],
        "total_like_count": lambda _: now["likes"],
        "total_comments_count": lambda _: now["comments"],
        "total_views_count": lambda _: now["views"],
    }


def _names(call: Call, text: str, product: str) -> list[str]:
    asked = [name for name in text.strip("[]").replace('"', "").replace(" ", "").split(",") if name]
    if not asked:
        raise bad("The parameter metric is required")
    dead = set(call.switches.dead_metrics)
    if call.bend == "dead_metric":
        dead.add(asked[-1])
    for n, name in enumerate(asked):
        if name in dead or name not in FEED | OTHERS:
            known = ", ".join(sorted((FEED | OTHERS) - dead))
            raise bad(f"metric[{n}] must be one of the following values: {known}")
    if not KNOWN[product].issuperset(asked):
        raise GraphError(1, "An unknown error has occurred.", status=500)
    return asked


def of_media(call: Call, media: Media, metrics: str) -> dict[str, Any]:
    """The rows of a media, for the edge and for field expansion alike."""
    require(call, "instagram_manage_insights")
    asked = _names(call, metrics, media.product)
    if media.parent_id:
        raise GraphError(1, "An unknown error has occurred.", status=500)
    wait = timedelta(hours=call.switches.insights_delay_hours)
    if call.switches.insights_answer == "empty" or call.now - media.created_at < wait:
        return {"data": []}
    now = counts(call.world, media)
    if media.product == "STORY" and call.now - media.created_at >= STORY_LIFE:
        return {"data": []}
    if media.product == "STORY" and min(now["reach"], call.switches.story_viewers) < FEWEST_VIEWERS:
        raise GraphError(10, "(#10) Not enough viewers for the media to show insights", status=403)
    return {"data": [row(media.id, name, "lifetime", [{"value": now[name]}]) for name in asked]}


def read(call: Call) -> Any:
    """GET /{ig-media}/insights."""
    if call.params.get("period", "lifetime") != "lifetime" or "breakdown" in call.params:
        raise GraphError(1, "An unknown error has occurred.", status=500)
    return of_media(call, call.the_media(), call.params.get("metric", ""))
