"""Stories of a Page: of a hidden photo or of a video that was sent for it (Meta, Page stories API).

A story has no hidden state. What a published post or story has shown already is refused.
"""

from datetime import datetime, timedelta
from typing import Any

from app.practice import lists, reels, videos
from app.practice.calls import PAGED, READS, Call, Operation, Operations
from app.practice.errors import bad, missing, used_before
from app.practice.fields import Readers, Wanted
from app.practice.people import Story, Video
from app.practice.world import World

LIFE = timedelta(hours=24)
DEFAULT = "post_id,media_id,media_type,status,creation_time,url"
STATES = ("PUBLISHED", "ARCHIVED")


def of_photo(call: Call) -> Any:
    """POST /{page}/photo_stories."""
    photo = call.world.photos.get(call.params.get("photo_id", ""))
    if photo is None or photo.page_id != call.the_page().id or not call.world.is_there(photo):
        raise missing(call.params.get("photo_id", "0") or "0", "post")
    if photo.is_published:
        raise used_before("photo")
    story = new(call.world, photo.page_id, "photo", photo.id)
    photo.is_published, photo.post_id = True, photo.post_id or story.id
    call.world.save(photo)
    appear(call.world, story, call.now)
    return {"success": True, "post_id": story.id}


def of_video(call: Call) -> Any:
    """POST /{page}/video_stories: upload_phase start or finish."""
    phase = call.params.get("upload_phase", "")
    if phase == "start":
        return reels.begin(call, "story")
    if phase != "finish":
        raise bad("Param upload_phase must be one of start, finish")
    video = reels.sent(call, "story")
    if video.asked_at:
        raise used_before("video")
    videos.accept(call, video, "published")
    story = new(call.world, video.page_id, "video", video.id)
    video.post_id = story.id
    call.world.save(video)
    return {"success": True, "post_id": story.id}


def new(world: World, page_id: str, kind: str, media_id: str, by_app: bool = True) -> Story:
    """A story that nobody has seen yet. kind: photo or video."""
    seq = world.next_seq()
    story = Story(
        id=str(122_400_000_000_000 + seq * 7),
        seq=seq,
        page_id=page_id,
        kind=kind,
        media_id=media_id,
        by_app=by_app,
        created_at=world.now(),
    )
    world.save(story)
    return story


def appear(world: World, story: Story, at: datetime) -> None:
    """The public sees it from an instant on, for a day."""
    story.shown_at, story.due_at = at, at + LIFE
    world.save(story)
    world.saw("appeared", story, at)


def video_is_ready(world: World, video: Video, at: datetime) -> None:
    """The video of a story is processed: the story appears."""
    story = world.stories.get(video.post_id)
    video.shown_at = at
    world.save(video)
    if story and not story.deleted_at:
        appear(world, story, at)


def is_seen(story: Story) -> bool:
    """Whether the public sees it."""
    return story.shown_at is not None and story.ended_at is None and story.deleted_at is None


def remove(world: World, story: Story) -> None:
    """Somebody takes a story away."""
    seen = is_seen(story)
    story.deleted_at, story.due_at = world.now(), None
    world.save(story)
    if seen:
        world.saw("disappeared", story)


def readers(call: Call, story: Story) -> Readers:
    """How each field of a story is read."""
    return {
        "post_id": lambda _: story.id,
        "media_id": lambda _: story.media_id,
        "media_type": lambda _: story.kind,
        "status": lambda _: _state(story),
        "creation_time": lambda _: str(int((story.shown_at or story.created_at).timestamp())),
        "url": lambda _: call.world.permalink(story),
    }


def _state(story: Story) -> str:
    return STATES[story.ended_at is not None]


def shape(call: Call, story: Story, wanted: list[Wanted]) -> Any:
    """The wanted fields of a story."""
    return call.pick("Stories", wanted, readers(call, story), frozenset({"id"}))


def read(call: Call) -> Any:
    """GET /{story}."""
    assert call.story is not None
    return shape(call, call.story, call.wanted(DEFAULT))


def listed(call: Call) -> Any:
    """GET /{page}/stories: those that are or were public. Query: status, since, until."""
    lag, wanted = call.lagging(), call.wanted(DEFAULT)
    asked = [one for one in call.params.get("status", "").strip("[]").replace('"', "").split(",") if one]
    if any(one.strip().upper() not in STATES for one in asked):
        raise bad("Param status must be one of PUBLISHED, ARCHIVED")
    states = {one.strip().upper() for one in asked} or set(STATES)
    since, until = call.instant("since"), call.instant("until")
    rows = [
        story
        for story in call.world.stories.values()
        if story.page_id == call.the_page().id
        and story.shown_at is not None
        and story.shown_at <= lag
        and (story.deleted_at is None or story.deleted_at > lag)
        and _state(story) in states
        and (since is None or story.shown_at >= since)
        and (until is None or story.shown_at <= until)
    ]
    return lists.page(call, rows, lambda story: shape(call, story, wanted))


def resolve(call: Call, story: Story) -> None:
    """Refuse a story that is gone, not there yet, or another Page's. Raises GraphError 100/33."""
    foreign = call.token and call.token.kind == "PAGE" and call.token.page_id != story.page_id
    if story.deleted_at or story.shown_at is None or foreign:
        raise missing(story.id, call.method.lower())


def _kind(call: Call) -> str:
    return "story_start" if call.params.get("upload_phase") == "start" else "story"


PHOTO = frozenset({"photo_id"})
VIDEO = frozenset({"upload_phase", "video_id"})
LIST = PAGED | {"status"}
MANAGE, TASK, READ = videos.MANAGE, videos.TASK, videos.READ

OPERATIONS: Operations = {
    ("POST", "page", "photo_stories"): Operation("story", of_photo, PHOTO, "page", MANAGE, TASK),
    ("POST", "page", "video_stories"): Operation(_kind, of_video, VIDEO, "page", MANAGE, TASK),
    ("GET", "page", "stories"): Operation("list", listed, LIST, "either", READ),
    ("GET", "story", ""): Operation("story_read", read, READS, "either", READ),
}
