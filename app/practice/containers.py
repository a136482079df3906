"""Containers: what a profile is about to publish (Meta, Instagram platform, IG User media, IG Container)."""

import asyncio
import json
import re
from datetime import timedelta
from typing import Any

from app.practice import container_videos, fetching
from app.practice.calls import READS, Call, Operation, Operations
from app.practice.errors import (
    GraphError,
    bad,
    container_gone,
    missing,
    not_fetched,
    not_ready,
    quota_reached,
)
from app.practice.people import Container, Picture
from app.practice.profiles import BASIC, PUBLISH
from app.practice.receiving import address
from app.practice.world import World

LIFE = timedelta(hours=24)
MOST_PER_DAY = 400
MOST_BYTES = 8 * 1024 * 1024
MOST_CAPTION, MOST_ALT = 2_200, 1_000
MOST_TAGS, MOST_NAMES = 30, 20
FEWEST_CHILDREN, MOST_CHILDREN = 2, 10
PRACTISED = ("", "IMAGE", "CAROUSEL", *container_videos.KINDS)
# Parameters that exist at Meta and are refused by name here.
NOT_PRACTISED = frozenset(
    """audio_configuration audio_name branded_content_sponsor_ids collaborators is_ai_generated
    is_paid_partnership location_id product_tags trial_params user_tags""".split()
)
_TAG, _NAME = re.compile(r"#\w"), re.compile(r"@\w")
WORDS = {
    "IN_PROGRESS": "In Progress: Media is still being processed.",
    "FINISHED": "Finished: Media has been uploaded and it is ready to be published.",
    "PUBLISHED": "Published: Media has been successfully published.",
    "EXPIRED": "Expired: Media was not published within 24 hours.",
}


async def create(call: Call) -> Any:
    """POST /{ig-user}/media: a picture, a reel, a story, a part of a carousel, or a carousel of parts."""
    _check_count(call)
    kind = call.params.get("media_type", "").upper()
    if kind not in PRACTISED:
        raise GraphError(100, f"Param media_type is not valid: {kind}", 2207023)
    seq = call.world.next_seq()
    container = Container(
        id=str(17_889_400_000_000_000 + seq * 11),
        seq=seq,
        profile_id=call.the_profile().id,
        media_type=kind or "IMAGE",
        is_item=call.flag("is_carousel_item", False),
        image_url=call.params.get("image_url", ""),
        video_url=call.params.get("video_url", ""),
        cover_url=call.params.get("cover_url", ""),
        resumable=_is_resumable(call),
        caption=call.params.get("caption", ""),
        alt_text=call.params.get("alt_text", ""),
        made_at=call.now,
    )
    _check_words(call, container)
    if kind in container_videos.KINDS:
        container_videos.check(call, container)
    elif container.video_url or container.resumable or call.params.keys() & set(container_videos.ONLY_REELS):
        raise bad("Params for videos need media_type REELS, STORIES or VIDEO")
    if container.media_type == "CAROUSEL":
        _fill(call, container)
    elif not container.resumable:
        await _file(call, container)
    call.world.save(container)
    begin(call.world, container)
    if not container.resumable:
        return {"id": container.id}
    return {"id": container.id, "uri": address(call, "ig-api-upload", container.id)}


def _is_resumable(call: Call) -> bool:
    kind = call.params.get("upload_type", "")
    if kind not in ("", "resumable"):
        raise bad("Param upload_type must be resumable")
    return bool(kind)


def _check_count(call: Call) -> None:
    mine, since = call.the_profile().id, call.now - LIFE
    made = sum(one.profile_id == mine and one.made_at > since for one in call.world.containers.values())
    if made >= MOST_PER_DAY:
        raise quota_reached()


def _check_words(call: Call, container: Container) -> None:
    caption, alt = container.caption, container.alt_text
    if container.is_item and caption:
        raise bad("Param caption is not allowed for items of a carousel")
    if container.media_type == "CAROUSEL" and (alt or container.is_item or container.image_url):
        raise bad("Params alt_text, is_carousel_item and image_url belong to the items of a carousel")
    if container.media_type != "CAROUSEL" and "children" in call.params:
        raise bad("Param children needs media_type CAROUSEL")
    # Meta does not say what it counts; UTF-16 units are the stricter reading.
    too_long = len(caption.encode("utf-16-le")) // 2 > MOST_CAPTION
    if too_long or len(_TAG.findall(caption)) > MOST_TAGS or len(_NAME.findall(caption)) > MOST_NAMES:
        raise GraphError(
            36004,
            "The caption is too long or has too many tags",
            2207010,
            advice="The caption was too long, or had more than 30 hashtags or 20 names.",
        )
    if len(alt.encode("utf-16-le")) // 2 > MOST_ALT:
        raise bad(f"Param alt_text must be at most {MOST_ALT} characters long")


def _fill(call: Call, container: Container) -> None:
    ids = _children(call.params.get("children", ""))
    if not FEWEST_CHILDREN <= len(ids) <= MOST_CHILDREN:
        raise GraphError(100, "A carousel needs between 2 and 10 items", 2207028)
    for one in ids:
        child = find(call, one)
        if not child.is_item:
            raise bad(f"The container {one} is not an item of a carousel")
        if status(call.world, child) != "FINISHED":
            raise not_ready()
    container.children = ids


def _children(text: str) -> list[str]:
    if text.startswith("["):
        try:
            given = json.loads(text)
        except ValueError:
            raise bad("Param children must be a list") from None
        return [str(one) for one in given]
    return [part.strip() for part in text.split(",") if part.strip()]


async def _file(call: Call, container: Container) -> None:
    address = container.image_url or container.video_url
    if not address:
        raise bad("The parameter image_url is required")
    if not fetching.is_plain(address) or not fetching.origin(address):
        raise not_fetched()
    if container.video_url and call.switches.video_checks == "at_once":
        await container_videos.fetch(call.world, container)
        container.video_url = container.cover_url = ""
    elif container.image_url and call.switches.image_checks == "at_once":
        container.picture = await _looked_at(call.world, container)
        container.image_url = ""


def begin(world: World, container: Container) -> None:
    """Fetch a container's file in the background, unless that is done or under way."""
    if not (container.image_url or container.video_url) or container.id in world.tasks:
        return
    task = asyncio.get_running_loop().create_task(_process(world, container))
    world.tasks[container.id] = task
    task.add_done_callback(lambda _: world.tasks.pop(container.id, None))


async def _process(world: World, container: Container) -> None:
    try:
        if container.video_url:
            async with world.fetches:
                await container_videos.fetch(world, container)
        else:
            container.picture = await _looked_at(world, container)
    except GraphError as error:
        container.trouble = (error.code, error.subcode or 0)
        container.got_at = container.got_at or world.now()
    container.image_url = container.video_url = container.cover_url = ""
    world.save(container)


async def _looked_at(world: World, container: Container) -> Picture:
    """The picture behind image_url. Raises GraphError with what is wrong with it."""
    seconds = world.faults.of(container.profile_id).fetch_seconds
    async with world.fetches:
        try:
            came = await fetching.fetch(container.image_url, world.origins, MOST_BYTES, seconds)
        except fetching.Slow:
            raise GraphError(-2, "It took too long to download the media.", 2207003) from None
        except fetching.Unreachable:
            raise not_fetched() from None
        if not came.kind.startswith("image/"):
            raise not_fetched()
        if len(came.body) > MOST_BYTES:
            raise GraphError(36000, "The image size is too large.", 2207004)
        picture = await fetching.in_thread(lambda: world.pictures.take_in(came.body))
    _check_picture(came.kind, picture, any_shape=container.media_type == "STORIES")
    assert picture is not None
    return picture


def _check_picture(kind: str, picture: Picture | None, any_shape: bool) -> None:
    if kind != "image/jpeg" or picture is None or not picture.plain:
        raise GraphError(36001, "The image format is not supported.", 2207005)
    wide, high = picture.width, picture.height
    if not any_shape and (wide * 5 < high * 4 or wide * 100 > high * 191):
        raise GraphError(
            36003,
            "The aspect ratio is not supported.",
            2207009,
            advice="The submitted image has an aspect ratio outside 4:5 to 1.91:1.",
        )


def status(world: World, container: Container) -> str:
    """IN_PROGRESS, FINISHED, ERROR, EXPIRED or PUBLISHED, as somebody who asks is told."""
    switches, now = world.faults.of(container.profile_id), world.now()
    if container.published_at:
        lag = timedelta(seconds=switches.status_lag_seconds)
        return "PUBLISHED" if now - container.published_at >= lag else "FINISHED"
    if now - container.made_at >= LIFE:
        return "EXPIRED"
    if container_videos.is_video(container) and container_videos.in_progress(world, container):
        return "IN_PROGRESS"
    if container.image_url or now - container.made_at < timedelta(seconds=switches.container_seconds):
        return "IN_PROGRESS"
    return "ERROR" if container.trouble else "FINISHED"


def read(call: Call) -> Any:
    """GET /{container}."""
    container = call.the_container()
    begin(call.world, container)  # after a restart
    code = status(call.world, container)
    _, subcode = container.trouble or (0, 0)
    words = WORDS.get(code, f"Error: Media upload has failed with error code {subcode}")
    return call.pick(
        "IGContainer",
        call.wanted("id"),
        {
            "id": lambda _: container.id,
            "status_code": lambda _: code,
            "status": lambda _: words,
            "video_status": lambda _: container_videos.video_status(container, code),
        },
        frozenset({"copyright_check_status"}),
    )


def find(call: Call, container_id: str) -> Container:
    """A container of the call's profile. Raises GraphError 24/2207008."""
    container = call.world.containers.get(container_id)
    if container is None or container.profile_id != call.the_profile().id:
        raise container_gone()
    begin(call.world, container)
    if status(call.world, container) == "EXPIRED":
        raise container_gone()
    return container


def resolve(call: Call, container: Container) -> Container:
    """The container that a call names. Raises GraphError 100/33 when it is too fresh or another place's."""
    age = (call.now - container.made_at).total_seconds()
    page_id = call.the_profile().page_id
    foreign = call.token and call.token.kind == "PAGE" and call.token.page_id != page_id
    if age < call.switches.fresh_seconds or foreign:
        raise missing(container.id, call.method.lower())
    return container


CREATES = frozenset(
    """image_url video_url cover_url upload_type thumb_offset share_to_feed caption alt_text is_carousel_item
    media_type children""".split()
)

OPERATIONS: Operations = {
    ("POST", "profile", "media"): Operation(
        "container", create, CREATES, "either", PUBLISH, "CREATE_CONTENT"
    ),
    ("GET", "container", ""): Operation("container_status", read, READS, "either", BASIC),
}
