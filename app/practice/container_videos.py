"""Containers with a video: what they take, how the file comes and is looked at (Meta, Instagram platform, IG
User media; resumable uploads)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from app.practice import clip_rules, fetching
from app.practice.calls import Call
from app.practice.errors import GraphError, bad, not_fetched
from app.practice.people import Clip, Container
from app.practice.pictures import Pictures
from app.practice.world import World

KINDS = ("REELS", "STORIES", "VIDEO")
ONLY_REELS = ("cover_url", "thumb_offset", "share_to_feed")
MOST_COVER = 8 * 1024 * 1024
WRONG = (352, 2207026)
NO_SUCH_FRAME = (1, 2207057)


def is_video(container: Container) -> bool:
    """Whether a video is in it, or will be. A story may also be a picture."""
    kind = container.media_type
    return kind in ("REELS", "VIDEO") or (
        kind == "STORIES" and not container.picture and not _pictured(container)
    )


def _pictured(container: Container) -> bool:
    return bool(container.image_url) and not (container.video_url or container.resumable)


def check(call: Call, container: Container) -> None:
    """Refuse parameters that do not fit a reel, a story or a part of a carousel. Raises GraphError."""
    kind, params = container.media_type, call.params
    ways = [bool(params.get("image_url")), bool(params.get("video_url")), container.resumable]
    if sum(ways) != 1 or (ways[0] and kind != "STORIES"):
        raise bad(f"Exactly one of video_url and upload_type is required for {kind}")
    if container.is_item is not (kind == "VIDEO"):
        raise bad("media_type VIDEO is only for items of a carousel, and the other way round")
    if kind == "STORIES" and container.caption:
        raise bad("Param caption is not allowed for a story")
    if container.alt_text:
        raise bad("Param alt_text is only for pictures in the feed")
    if kind != "REELS" and any(name in params for name in ONLY_REELS if name != "thumb_offset"):
        raise bad("Params cover_url and share_to_feed are only for reels")
    container.thumb_offset = call.count("thumb_offset", 0, 10**9) if "thumb_offset" in params else None
    container.share_to_feed = call.flag("share_to_feed", True)
    for address in (container.video_url, container.cover_url):
        if address and not (fetching.is_plain(address) and fetching.origin(address)):
            raise not_fetched()


async def fetch(world: World, container: Container) -> None:
    """Fetch a container's video and look at it. Raises GraphError with what is wrong with it."""
    seconds = world.faults.of(container.profile_id).video_fetch_seconds
    path, most = world.clips.fresh(), clip_rules.ON_PROFILES[container.media_type].most_bytes
    try:
        kind = await fetching.fetch_file(container.video_url, world.origins, most, seconds, path)
    except fetching.Slow:
        raise GraphError(-2, "It took too long to download the media.", 2207003) from None
    except fetching.Unreachable:
        raise not_fetched() from None
    if not kind.startswith(("video/", "application/octet-stream")):
        path.unlink(missing_ok=True)
        raise not_fetched()
    await take_in(world, container, path)
    if container.trouble:
        raise _error(container.trouble)


def _error(trouble: tuple[int, int]) -> GraphError:
    words = (
        "thumb_offset is outside the video." if trouble == NO_SUCH_FRAME else "The format is not supported."
    )
    return GraphError(trouble[0], words, trouble[1], advice=words)


async def take_in(world: World, container: Container, path: Path) -> str:
    """Look at a file that has come as a whole. Returns what is wrong with it, in words; "": nothing."""
    clip = await fetching.in_thread(lambda: world.clips.take_in(path))
    words = clip_rules.on_profile(container.media_type, clip)
    container.got_at = world.now()
    if words or clip is None:
        container.trouble = WRONG
    elif (container.thumb_offset or 0) > clip.seconds * 1000:
        container.trouble, words = NO_SUCH_FRAME, "thumb_offset is outside the video."
    else:
        container.clip = clip
        container.poster = await _poster(world, container, clip)
    world.save(container)
    return words


async def _poster(world: World, container: Container, clip: Clip) -> Any:
    cover = await _cover(world, container) if container.cover_url else None
    if cover is None and container.thumb_offset:
        at = container.thumb_offset / 1000
        body = await fetching.in_thread(lambda: world.clips.poster(clip, at))
        cover = _kept(world.pictures, body)
    return cover or clip.poster


async def _cover(world: World, container: Container) -> Any:
    seconds = world.faults.of(container.profile_id).fetch_seconds
    try:
        came = await fetching.fetch(container.cover_url, world.origins, MOST_COVER, seconds)
    except (fetching.Slow, fetching.Unreachable):
        return None  # a cover that cannot be had is no reason to refuse the reel
    container.cover_url = ""
    return await fetching.in_thread(lambda: _kept(world.pictures, came.body))


def _kept(pictures: Pictures, body: bytes | None) -> Any:
    return pictures.take_in(body) if body else None


def in_progress(world: World, container: Container) -> bool:
    """Whether its file is still coming or being processed."""
    if container.video_url or container.got_at is None:
        return True
    seconds = world.faults.of(container.profile_id).video_processing_seconds
    return world.now() - container.got_at < timedelta(seconds=seconds)


def video_status(container: Container, code: str) -> dict[str, Any] | None:
    """How much of a sent file has come; None for any other container."""
    if not container.resumable:
        return None
    sent = "complete" if container.got_at else "in_progress" if container.kept else "not_started"
    bytes_ = {"bytes_transfered": container.kept, "bytes_transferred": container.kept}
    uploading = {"status": sent, **bytes_, "source_file_size": container.file_size}
    states = {"ERROR": "error", "IN_PROGRESS": "in_progress" if container.got_at else "not_started"}
    return {"uploading_phase": uploading, "processing_phase": {"status": states.get(code, "complete")}}
