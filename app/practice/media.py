"""Media: what is public on a profile (Meta, Instagram platform, IG User media_publish, IG Media)."""

import asyncio
import base64
from datetime import timedelta
from typing import Any

from app.practice import containers, lists, media_insights, profiles
from app.practice.calls import PAGED, READS, Call, Operation, Operations, stamp
from app.practice.errors import bad, container_gone, fatal, missing, not_ready, quota_reached
from app.practice.fields import Readers, Wanted, parse
from app.practice.people import Container, Media
from app.practice.profiles import BASIC, PUBLISH
from app.practice.world import World

DEFAULT = "id"
DAY = timedelta(hours=24)
SILENT = frozenset(
    """boost_eligibility_info copyright_check_information has_poll has_slider legacy_instagram_media_id
    video_title view_count""".split()
)


async def publish(call: Call) -> Any:
    """POST /{ig-user}/media_publish."""
    container = containers.find(call, call.params.get("creation_id", ""))
    if container.is_item:
        raise bad("An item of a carousel cannot be published alone")
    if container.published_at:
        return _again(call, container)
    if containers.status(call.world, container) != "FINISHED":
        raise not_ready()
    _check_quota(call)
    if call.switches.publish_seconds:
        await asyncio.sleep(call.switches.publish_seconds)
    if container.published_at and call.switches.simultaneous_publish == "as_second":
        return _again(call, container)
    return {"id": _make(call.world, container).id}


def _check_quota(call: Call) -> None:
    if profiles.used(call.world, call.the_profile()) >= int(call.switches.quota_total):
        raise quota_reached()


def _again(call: Call, container: Container) -> Any:
    """What Meta answers here is not known; a second post is the worst of it."""
    answer = call.switches.second_publish
    if answer == "error_100":
        raise bad("The media was already published")
    if answer == "error_24_2207008":
        raise container_gone()
    if answer == "error_2207085":
        raise fatal()
    if answer == "same_id":
        return {"id": container.media_ids[0]}
    _check_quota(call)
    return {"id": _make(call.world, container).id}


def _make(world: World, container: Container) -> Media:
    parts = [world.containers[child] for child in container.children]
    media = new(world, container.profile_id, container.caption)
    media.product = {"REELS": "REELS", "STORIES": "STORY"}.get(container.media_type, "FEED")
    media.share_to_feed = container.share_to_feed
    media.due_at = media.created_at + DAY if media.product == "STORY" else None
    _fill(media, container)
    for part in parts:
        child = new(world, container.profile_id)
        child.parent_id = media.id
        _fill(child, part)
        world.add_media(child)
        media.children.append(child.id)
    world.add_media(media)
    container.published_at = container.published_at or media.created_at
    container.media_ids.append(media.id)
    world.save(container)
    return media


def _fill(media: Media, container: Container) -> None:
    media.picture, media.alt_text = container.picture, container.alt_text
    media.clip, media.poster = container.clip, container.poster


def new(world: World, profile_id: str, caption: str = "", by_app: bool = True) -> Media:
    """A media that is nowhere yet."""
    seq = world.next_seq()
    return Media(
        id=str(17_900_100_000_000_000 + seq * 13),
        seq=seq,
        profile_id=profile_id,
        caption=caption,
        by_app=by_app,
        created_at=world.now(),
    )


def readers(call: Call, media: Media) -> Readers:
    """How each field of a media is read; a part of a carousel has only a few."""
    world, profile = call.world, call.world.profiles[media.profile_id]
    public = world.media[media.parent_id] if media.parent_id else media
    few: Readers = {
        "id": lambda _: media.id,
        "media_type": lambda _: _type(media),
        "media_url": lambda _: _address(world, media),
        "thumbnail_url": lambda _: world.picture_url(media.poster) if media.poster else None,
        "alt_text": lambda _: media.alt_text or None,
        "timestamp": lambda _: stamp(media.created_at),
        "permalink": lambda _: world.permalink(public),
        "shortcode": lambda _: shortcode(public),
        "username": lambda _: profile.username,
        "owner": lambda _: {"id": profile.id},
    }
    if media.parent_id:
        return few
    return {
        **few,
        "ig_id": lambda _: media.id[2:],
        "caption": lambda _: media.caption or None,
        "media_product_type": lambda _: media.product,
        "is_shared_to_feed": lambda _: media.share_to_feed if media.product == "REELS" else None,
        "is_comment_enabled": lambda _: media.comments_on,
        "children": lambda one: children(call, media, one.inside),
        "insights": lambda one: media_insights.of_media(call, media, one.modifiers.get("metric", "")),
        **media_insights.counted(world, media),
    }


def _type(media: Media) -> str:
    return "VIDEO" if media.clip else "IMAGE" if media.picture else "CAROUSEL_ALBUM"


def _address(world: World, media: Media) -> str | None:
    first = world.parts_of(media)[0]
    if first.clip:
        return world.clip_url(first.clip)
    return world.picture_url(first.picture) if first.picture else None


def shortcode(media: Media) -> str:
    """The short name in an address."""
    return base64.urlsafe_b64encode(int(media.id).to_bytes(8, "big")).decode().rstrip("=")


def children(call: Call, media: Media, inside: list[Wanted]) -> Any:
    """The pictures of a carousel in their order; None for a single picture."""
    if not media.children:
        return None
    parts = [call.world.media[child] for child in media.children]
    return {"data": [shape(call, part, inside or parse(DEFAULT)) for part in parts]}


def shape(call: Call, media: Media, wanted: list[Wanted]) -> Any:
    """The wanted fields of a media."""
    silent = SILENT | {"caption", "children", "media_product_type"} if media.parent_id else SILENT
    return call.pick("IGMedia", wanted, readers(call, media), silent)


def read(call: Call) -> Any:
    """GET /{ig-media}."""
    return shape(call, call.the_media(), call.wanted(DEFAULT))


def read_children(call: Call) -> Any:
    """GET /{ig-media}/children."""
    return children(call, call.the_media(), call.wanted(DEFAULT)) or {"data": []}


def listed(call: Call) -> Any:
    """GET /{ig-user}/media, newest first, no stories. It lags behind what the public sees."""
    return _listed(call, stories=False)


def stories(call: Call) -> Any:
    """GET /{ig-user}/stories: those of the last 24 hours."""
    return _listed(call, stories=True)


def _listed(call: Call, stories: bool) -> Any:
    since, until = call.instant("since"), call.instant("until")
    lag = call.now - timedelta(seconds=call.switches.media_lag_seconds)
    wanted = call.wanted(DEFAULT)
    rows = [
        media
        for media in call.world.media.values()
        if media.profile_id == call.the_profile().id
        and not (media.parent_id or media.hidden)
        and (media.product == "STORY") is stories
        and (not stories or call.now - media.created_at < DAY)
        and media.created_at <= lag
        and (media.deleted_at is None or media.deleted_at > lag)
        and (since is None or media.created_at >= since)
        and (until is None or media.created_at <= until)
    ]
    if any(one.name == "insights" for one in wanted):
        lists.check_weight(call)
    return lists.page(call, rows, lambda media: shape(call, media, wanted))


def change(call: Call) -> Any:
    """POST /{ig-media}: only whether it may be commented; texts cannot be changed (Meta, IG Media)."""
    if "comment_enabled" not in call.params:
        raise bad("The parameter comment_enabled is required")
    media = call.the_media()
    media.comments_on = call.flag("comment_enabled", True)
    call.world.save(media)
    return {"success": True}


def delete(call: Call) -> Any:
    """DELETE /{ig-media}: whole posts, not the parts of a carousel."""
    media = call.the_media()
    if media.parent_id:
        raise bad("An item of a carousel cannot be deleted alone")
    if call.switches.delete_answer == "error_2207085":
        raise fatal()
    remove(call.world, media)
    return {"success": True, "deleted_id": media.id}


def remove(world: World, media: Media) -> None:
    """Take a post away from its profile."""
    seen = not media.hidden and (media.product != "STORY" or media.due_at is not None)
    media.deleted_at, media.due_at = world.now(), None
    world.save(media)
    if seen:
        world.saw("disappeared", media)


def resolve(call: Call, media: Media) -> Media:
    """The media that a call names. Raises GraphError 100/33 when it is gone, too fresh or another place's."""
    whole = call.world.media[media.parent_id] if media.parent_id else media
    age = (call.now - media.created_at).total_seconds()
    page_id = call.the_profile().page_id
    foreign = call.token and call.token.kind == "PAGE" and call.token.page_id != page_id
    if whole.deleted_at or whole.hidden or age < call.switches.fresh_seconds or foreign:
        raise missing(media.id, call.method.lower())
    return media


INSIGHTS = frozenset({"metric", "period", "breakdown"})
NUMBERS = ("instagram_basic", "instagram_manage_insights", "pages_read_engagement")
DELETE = ("instagram_basic", "instagram_manage_contents")
CREATES = frozenset({"creation_id"})
COMMENTS = frozenset({"comment_enabled"})
TASK = "CREATE_CONTENT"

OPERATIONS: Operations = {
    ("POST", "profile", "media_publish"): Operation(
        "media_publish", publish, CREATES, "either", PUBLISH, TASK
    ),
    ("GET", "profile", "media"): Operation("media_list", listed, PAGED, "either", BASIC),
    ("GET", "profile", "stories"): Operation("media_list", stories, PAGED, "either", BASIC),
    ("GET", "media", ""): Operation("media", read, READS, "either", BASIC),
    ("GET", "media", "children"): Operation("media", read_children, READS, "either", BASIC),
    ("POST", "media", ""): Operation("media_edit", change, COMMENTS, "either", BASIC, TASK),
    ("DELETE", "media", ""): Operation("media_delete", delete, frozenset(), "either", DELETE, TASK),
    ("GET", "media", "insights"): Operation(
        "media_insights", media_insights.read, INSIGHTS, "either", NUMBERS
    ),
}
