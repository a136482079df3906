"""What happens by itself as time goes by: videos get ready, plans come due, stories end.

Looked at before each call; what came due meanwhile happened at its own time, not when somebody looked.
"""

from datetime import timedelta

from app.practice import page_stories, photos, videos
from app.practice.people import Media, Post, Story, Video
from app.practice.world import Waiting, World


def advance(world: World) -> None:
    """Let everything happen that is due, in its order."""
    while due := _due(world):
        _happen(world, min(due, key=lambda one: (one.due_at, one.seq)))


def _due(world: World) -> list[Waiting]:
    now = world.now()
    return [one for one in world.waiting.values() if one.due_at and one.due_at <= now]


def _happen(world: World, thing: Waiting) -> None:
    if isinstance(thing, Video):
        _video(world, thing)
    elif isinstance(thing, Post):
        _planned(world, thing)
    else:
        _over(world, thing)


def _video(world: World, video: Video) -> None:
    at, switches = video.due_at, world.faults.of(video.page_id)
    assert at is not None
    video.due_at = None
    if video.ready_at is None:
        if video.trouble or switches.video_end == "error":
            video.trouble = video.trouble or (6000, 1363019, "There was a problem with your video.")
            world.save(video)
            return
        video.ready_at = at
        if video.use == "reel" and video.wanted == "published" and switches.reel_live_seconds:
            video.due_at = at + timedelta(seconds=switches.reel_live_seconds)
        elif video.scheduled_at:
            video.due_at = max(video.scheduled_at, at)
        if video.due_at:
            world.save(video)
            return
    if video.use == "story":
        page_stories.video_is_ready(world, video, at)
    elif video.wanted in ("published", "scheduled"):
        videos.show(world, video, at)
    else:
        world.save(video)


def _planned(world: World, post: Post) -> None:
    at = post.due_at
    post.due_at, post.is_published, post.shown_at, post.created_at = None, True, at, at or post.created_at
    photos.show(world, post)
    world.save(post)
    world.saw("appeared", post, at)


def _over(world: World, story: Story | Media) -> None:
    at = story.due_at
    story.due_at = None
    if isinstance(story, Story):
        story.ended_at = at
    world.save(story)
    if not (isinstance(story, Media) and story.hidden):
        world.saw("disappeared", story, at)
