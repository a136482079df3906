"""The servers that take files of reels, stories and containers (Meta, Video API, reels publishing; Instagram
platform, resumable uploads): bytes from an offset on, or an address to fetch them from."""

from pathlib import Path
from typing import Any

from app.practice import clip_rules, container_videos, fetching, receiving
from app.practice.calls import Call, Operation, Operations
from app.practice.errors import UploadTrouble, bad
from app.practice.people import Container, Video
from app.practice.profiles import PUBLISH
from app.practice.receiving import PREFIX

# What stands in the path for each kind of node.
ROADS = {"video-upload": "video", "ig-api-upload": "container"}
GOOD = {"success": True, "message": "Upload successful."}


def as_graph_path(path: str) -> str | None:
    """/v25.0/<id>/rupload for such an address, None for any other."""
    parts = [part for part in path.split("/") if part]
    if len(parts) != 4 or parts[0] != PREFIX or parts[1] not in ROADS:
        return None
    return f"/{parts[2]}/{parts[3]}/{PREFIX}"


async def for_video(call: Call) -> Any:
    """POST …/video-upload/v25.0/<video>: a reel's or a story's file."""
    video = call.the_video()
    if video.use == "video" or video.clip or video.trouble or video.asked_at:
        raise UploadTrouble("OffsetInvalidError", "The file of this video has come already.")
    path = await _came(call, video)
    size = path.stat().st_size
    clip = await fetching.in_thread(lambda: call.world.clips.take_in(path))
    trouble = clip_rules.set_looked_at(video, clip, size)
    if trouble and call.switches.video_checks == "at_once":
        video.trouble, video.kept = None, 0
        call.world.save(video)
        raise UploadTrouble("ProcessingFailedError", trouble[2])
    call.world.save(video)
    return GOOD


async def for_container(call: Call) -> Any:
    """POST …/ig-api-upload/v25.0/<container>: a container's file."""
    container = call.the_container()
    if not container.resumable or container.clip or container.trouble:
        raise UploadTrouble("OffsetInvalidError", "No file is awaited for this container.")
    path = await _came(call, container)
    words = await container_videos.take_in(call.world, container, path)
    if words and call.switches.video_checks == "at_once":
        raise UploadTrouble("ProcessingFailedError", words)
    return GOOD


async def _came(call: Call, thing: Video | Container) -> Path:
    """The whole file on the disk. Raises UploadTrouble while a part of it is missing."""
    if call.body is None:
        raise bad("The body must be a file")
    url = call.body.headers.get("file_url")
    if url:
        return await _fetched(call, url)
    offset, size = receiving.number(call, "offset"), receiving.number(call, "file_size")
    if offset is None or not size or size > receiving.MOST_BYTES:
        raise UploadTrouble("OffsetInvalidError", "The headers offset and file_size are required.")
    if thing.id in call.world.receiving:
        raise UploadTrouble("OffsetInvalidError", "Another upload of this file is under way.", retriable=True)
    if offset != thing.kept or thing.file_size not in (0, size):
        raise UploadTrouble("OffsetInvalidError", f"The offset must be {thing.kept}.", retriable=True)
    thing.file_size = size
    call.world.receiving.add(thing.id)
    try:
        await receiving.receive(call, thing)
    finally:
        call.world.receiving.discard(thing.id)
    if thing.kept < size:
        raise UploadTrouble("PartialRequestError", f"{thing.kept} of {size} bytes have come.", retriable=True)
    return receiving.part(call, thing)


async def _fetched(call: Call, url: str) -> Path:
    try:
        return await receiving.fetch(call, url, call.switches.video_fetch_seconds)
    except (fetching.Unreachable, fetching.Slow):
        words = "The file could not be fetched from file_url."
        raise UploadTrouble("ProcessingFailedError", words, retriable=True) from None


MANAGE = ("pages_manage_posts", "pages_read_engagement")
TASK = "CREATE_CONTENT"

OPERATIONS: Operations = {
    ("POST", "video", PREFIX): Operation("rupload", for_video, frozenset(), "page", MANAGE, TASK),
    ("POST", "container", PREFIX): Operation("rupload", for_container, frozenset(), "either", PUBLISH, TASK),
}
