"""Everything that stands on a profile since some time: posts, reels, and the stories of the last day.

Source: Meta, Instagram Platform, reference, ig-user/media and ig-user/stories.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from app.connectors.contract import Access
from app.connectors.failures import Reconnect
from app.connectors.instagram import errors
from app.connectors.meta_errors import Gone
from app.connectors.meta_graph import Graph
from app.connectors.meta_lists import Row, Walk, walk
from app.connectors.public_posts import Listed, PublicPost
from app.connectors.reasons import Reason
from app.domain.networks import Format
from app.foundation import clock

_FIELDS = "id,caption,timestamp,permalink,media_product_type"


def listed(graph: Graph, access: Access, since: datetime) -> Listed:
    """See `contract.Network.listed`. Raises RetryLater, RateLimited or Reconnect."""
    try:
        with errors.reading():
            media = walk(graph, access, f"{access.remote_id}/media", _FIELDS, since, _made_at)
            stories = walk(graph, access, f"{access.remote_id}/stories", _FIELDS, since, _made_at)
    except Gone:
        raise Reconnect(Reason.PAGE_NOT_SEEN) from None
    found = (*_posts(media, Format.POST), *_posts(stories, Format.STORY))
    return Listed(found, media.whole and stories.whole, media.network_at)


def _posts(found: Walk, wanted: Format) -> Iterator[PublicPost]:
    for row in found.rows:
        made = _made_at(row) or clock.now() + found.ahead
        is_reel = row.get("media_product_type") == "REELS"
        yield PublicPost(
            str(row["id"]), str(row.get("caption") or ""), str(row.get("permalink") or ""),
            made - found.ahead, Format.REEL if is_reel else wanted, network_made_at=made,
        )  # fmt: skip


def _made_at(row: Row) -> datetime | None:
    try:
        return datetime.fromisoformat(str(row.get("timestamp"))).astimezone(UTC)
    except ValueError:
        return None
