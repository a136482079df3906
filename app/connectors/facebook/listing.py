"""Everything that a page has made public since some time: posts, reels, stories; never what visitors wrote.

Source: Meta, Graph API reference, Page (published_posts) and Page Post; Video API, reels publishing; Page
stories.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from app.connectors.contract import Access
from app.connectors.facebook import errors
from app.connectors.facebook.orphans import made_at
from app.connectors.meta_graph import Graph
from app.connectors.meta_lists import Row, Walk, walk
from app.connectors.public_posts import Listed, PublicPost
from app.domain.networks import Format

_POSTS = "id,message,created_time,permalink_url,attachments{media_type,target{id}}"
_REELS = "id,post_id,description,status,created_time,permalink_url"
_STORIES = "post_id,media_id,creation_time,url"


def listed(graph: Graph, access: Access, since: datetime) -> Listed:
    """See `contract.Network.listed`. Raises RetryLater, RateLimited or Reconnect."""
    with errors.reading():
        walks = {
            edge: walk(graph, access, f"{access.remote_id}/{edge}", fields, since, made_at)
            for edge, fields in (("published_posts", _POSTS), ("video_reels", _REELS), ("stories", _STORIES))
        }
    found = (
        *_posts(walks["published_posts"]),
        *_reels(access, walks["video_reels"]),
        *_stories(walks["stories"]),
    )
    whole = all(one.whole for one in walks.values())
    return Listed(found, whole, walks["published_posts"].network_at)


def _posts(found: Walk) -> Iterator[PublicPost]:
    for row in found.rows:
        made = made_at(row)
        yield PublicPost(
            str(row["id"]), _told(row, "message"), _told(row, "permalink_url"), made - found.ahead,
            also_id=_video_of(row), network_made_at=made,
        )  # fmt: skip


def _video_of(row: Row) -> str:
    """The id of the video that a post shows: what we made as a video we know by that."""
    for attachment in (row.get("attachments") or {}).get("data") or ():
        if attachment.get("media_type") == "video":
            return str((attachment.get("target") or {}).get("id") or "")
    return ""


def _reels(access: Access, found: Walk) -> Iterator[PublicPost]:
    for row in found.rows:
        phase = (row.get("status") or {}).get("publishing_phase") or {}
        if phase.get("status", "complete") != "complete":
            continue
        made, link, post = made_at(row), _told(row, "permalink_url"), _told(row, "post_id")
        yield PublicPost(
            str(row["id"]), _told(row, "description"),
            access.app.endpoint.dialog + link if link.startswith("/") else link,
            made - found.ahead, Format.REEL,
            also_id=f"{access.remote_id}_{post}" if post and "_" not in post else post,
            network_made_at=made,
        )  # fmt: skip


def _stories(found: Walk) -> Iterator[PublicPost]:
    for row in found.rows:
        made = made_at(row)
        yield PublicPost(
            _told(row, "media_id"), "", _told(row, "url"), made - found.ahead, Format.STORY,
            also_id=_told(row, "post_id"), network_made_at=made,
        )  # fmt: skip


def _told(row: dict[str, Any], name: str) -> str:
    return str(row.get(name) or "")
