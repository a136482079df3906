"""The newest public posts, reels and stories of a page; its feed lists no reels and no stories.

Source: Meta, Graph API reference, Page Feed and Page Post; Video API, reels publishing; Page stories.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from app.connectors.contract import Access
from app.connectors.facebook import errors
from app.connectors.facebook.orphans import ahead, made_at, pages_since
from app.connectors.meta_graph import Graph
from app.connectors.public_posts import PublicPost
from app.domain.networks import Format

_FEED = "id,message,is_published,created_time,permalink_url"
_REELS = "id,description,status,created_time,permalink_url"
_STORIES = "media_id,creation_time,url"


def newest(graph: Graph, access: Access, since: datetime) -> list[PublicPost]:
    """See `contract.Network.newest`: the newest three hundred of each at the most."""
    with errors.reading():
        return [*_posts(graph, access, since), *_reels(graph, access, since), *_stories(graph, access, since)]


def _posts(graph: Graph, access: Access, since: datetime) -> Iterator[PublicPost]:
    for reply, row in pages_since(graph, access, since, _FEED):
        if row.get("is_published") is True:
            made = made_at(row) - ahead(reply)
            yield PublicPost(str(row["id"]), _told(row, "message"), _told(row, "permalink_url"), made)


def _reels(graph: Graph, access: Access, since: datetime) -> Iterator[PublicPost]:
    for reply, row in pages_since(graph, access, since, _REELS, "video_reels"):
        phase = (row.get("status") or {}).get("publishing_phase") or {}
        if phase.get("status", "complete") == "complete":
            words, link = _told(row, "description"), _told(row, "permalink_url")
            whole = access.app.endpoint.dialog + link if link.startswith("/") else link
            yield PublicPost(str(row["id"]), words, whole, made_at(row) - ahead(reply), Format.REEL)


def _stories(graph: Graph, access: Access, since: datetime) -> Iterator[PublicPost]:
    for reply, row in pages_since(graph, access, since, _STORIES, "stories"):
        made = made_at(row) - ahead(reply)
        yield PublicPost(_told(row, "media_id"), "", _told(row, "url"), made, Format.STORY)


def _told(row: dict[str, Any], name: str) -> str:
    return str(row.get(name) or "")
