"""What hangs on a post: a link card, one photo, or an album of several (Meta, Graph API, attachments)."""

from typing import Any
from urllib.parse import urlsplit

from app.practice.calls import Call
from app.practice.errors import bad
from app.practice.fields import Wanted
from app.practice.people import Photo, Post, Video

KNOWN = frozenset(
    "description description_tags media media_type subattachments target title type unshimmed_url url".split()
)


def of_post(call: Call, post: Post, one: Wanted) -> dict[str, Any] | None:
    """The attachments of a post with the fields that were asked for; None if it has none."""
    photos, video = call.world.photos_of(post), call.world.videos.get(post.video)
    if video:
        rows = [_video(call, post, video)]
    elif len(photos) > 1:
        rows = [_album(call, post, photos)]
    else:
        rows = [_photo(call, photo) for photo in photos] or _card(post)
    return {"data": [_chosen(call, row, one.inside) for row in rows]} if rows else None


def _card(post: Post) -> list[dict[str, Any]]:
    if not post.link:
        return []
    title = urlsplit(post.link).hostname or post.link
    card = {"type": "share", "media_type": "link", "title": title, "url": post.link}
    return [{**card, "unshimmed_url": post.link}]


def _photo(call: Call, photo: Photo) -> dict[str, Any]:
    source = call.world.picture_url(photo.picture)
    row: dict[str, Any] = {
        "type": "photo",
        "media_type": "photo",
        "media": {"image": {"height": photo.picture.height, "src": source, "width": photo.picture.width}},
        "target": {"id": photo.id, "url": call.world.permalink(photo)},
        "url": call.world.permalink(photo),
    }
    return {**row, "description": photo.caption} if photo.caption else row


def _video(call: Call, post: Post, video: Video) -> dict[str, Any]:
    world, poster, link = call.world, video.poster, call.world.permalink(post)
    media: dict[str, Any] = {"source": world.clip_url(video.clip)} if video.clip else {}
    if poster:
        source = world.picture_url(poster)
        media["image"] = {"height": poster.height, "src": source, "width": poster.width}
    row = {"type": "video_inline", "media_type": "video", "media": media, "url": link}
    more = {"title": video.title} if video.title else {}
    return {**row, **more, "target": {"id": video.id, "url": link}}


def _album(call: Call, post: Post, photos: list[Photo]) -> dict[str, Any]:
    parts = [_photo(call, photo) for photo in photos]
    link = call.world.permalink(post)
    album: dict[str, Any] = {"type": "album", "media_type": "album", "media": parts[0]["media"]}
    target = {"id": post.id.partition("_")[2], "url": link}
    return {**album, "subattachments": {"data": parts}, "target": target, "title": "Photos", "url": link}


def _chosen(call: Call, row: dict[str, Any], inside: list[Wanted]) -> dict[str, Any]:
    """A row with only the fields asked for; all of them when none was named."""
    if not inside:
        return row
    answer: dict[str, Any] = {}
    for one in inside:
        if one.name not in KNOWN and call.switches.unknown_parameters == "refuse":
            raise bad(f"Tried accessing nonexisting field ({one.name}) on node type (StoryAttachment)")
        if one.name == "subattachments" and one.name in row:
            answer[one.name] = {"data": [_chosen(call, part, one.inside) for part in row[one.name]["data"]]}
        elif one.name in row:
            answer[one.name] = row[one.name]
    return answer
