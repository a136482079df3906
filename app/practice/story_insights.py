"""Numbers of a Page's stories (Meta, Page stories API) and of its videos and reels (Meta, Video insights)."""

from datetime import timedelta
from typing import Any

from app.practice.calls import Call, Operation, Operations
from app.practice.insights import FEWEST_FOLLOWERS, READ, counts, names, row
from app.practice.people import Post, Story
from app.practice.simulation import at_age, final
from app.practice.world import World

STORY_METRICS = {
    "PAGES_FB_STORY_REPLIES",
    "PAGES_FB_STORY_SHARES",
    "PAGES_FB_STORY_STICKER_INTERACTIONS",
    "PAGES_FB_STORY_THREAD_LIGHTWEIGHT_REACTIONS",
    "STORY_INTERACTION",
    "STORY_MEDIA_VIEW",
    "STORY_TOTAL_MEDIA_VIEW_UNIQUE",
}
VIDEO_METRICS = {"blue_reels_play_count", "post_video_view_time", "post_video_avg_time_watched"}
WATCHED_MS = 4_200


def story_counts(world: World, story: Story) -> dict[str, int]:
    """Every number of a story as it is now; they grow for its one day."""
    until = min(world.now(), story.ended_at or world.now())
    age = until - (story.shown_at or until)
    end = final(story.id, world.pages[story.page_id].followers, False)
    reach, likes = at_age(end.reach, age), at_age(sum(end.reactions), age)
    replies, shares = at_age(end.comments, age), at_age(end.shares, age)
    return {
        "STORY_TOTAL_MEDIA_VIEW_UNIQUE": reach,
        "STORY_MEDIA_VIEW": max(at_age(end.views, age), reach),
        "PAGES_FB_STORY_REPLIES": replies,
        "PAGES_FB_STORY_SHARES": shares,
        "PAGES_FB_STORY_STICKER_INTERACTIONS": 0,
        "PAGES_FB_STORY_THREAD_LIGHTWEIGHT_REACTIONS": likes,
        "STORY_INTERACTION": likes + replies + shares,
    }


def read_story(call: Call) -> Any:
    """GET /{story}/insights."""
    story = call.story
    assert story is not None
    asked = names(call, call.params.get("metric", ""), STORY_METRICS)
    if story.shown_at is None or _silent(call, story.page_id, call.now - story.shown_at):
        return {"data": []}
    now = story_counts(call.world, story)
    return {"data": [row(story.id, name, "lifetime", [{"value": now[name]}]) for name in asked]}


def read_video(call: Call) -> Any:
    """GET /{video}/video_insights; there is no reach of reels."""
    video = call.the_video()
    asked = names(call, call.params.get("metric", ""), VIDEO_METRICS)
    post = call.world.posts.get(video.post_id)
    if video.shown_at is None or post is None or _silent(call, video.page_id, call.now - video.shown_at):
        return {"data": []}
    now = _video_counts(call.world, post)
    return {"data": [row(video.id, name, "lifetime", [{"value": now[name]}]) for name in asked]}


def _video_counts(world: World, post: Post) -> dict[str, int]:
    plays = counts(world, post)["views"]
    times = {"post_video_avg_time_watched": WATCHED_MS, "post_video_view_time": WATCHED_MS * plays}
    return {"blue_reels_play_count": plays, **times}


def _silent(call: Call, page_id: str, age: timedelta) -> bool:
    """Whether nothing is told (yet) of what has been public for so long."""
    small = call.world.pages[page_id].followers < FEWEST_FOLLOWERS
    late = age < timedelta(hours=call.switches.insights_delay_hours)
    return small or late or call.switches.insights_answer == "empty"


ASKED = frozenset({"metric"})
VIDEO_ASKED = frozenset({"metric", "period", "since", "until"})

OPERATIONS: Operations = {
    ("GET", "story", "insights"): Operation("story_insights", read_story, ASKED, "page", READ, "ANALYZE"),
    ("GET", "video", "video_insights"): Operation(
        "video_insights", read_video, VIDEO_ASKED, "page", READ, "ANALYZE"
    ),
}
