"""The newest public posts of a page. Source: Meta, Graph API reference, Page Feed and Page Post."""

from datetime import datetime

from app.connectors.contract import Access
from app.connectors.facebook import errors
from app.connectors.facebook.orphans import ahead, made_at, pages_since
from app.connectors.meta_graph import Graph
from app.connectors.public_posts import PublicPost

_FIELDS = "id,message,is_published,created_time,permalink_url"


def newest(graph: Graph, access: Access, since: datetime) -> list[PublicPost]:
    """See `contract.Network.newest`: the newest three hundred at the most."""
    with errors.reading():
        return [
            PublicPost(
                str(row["id"]), str(row.get("message") or ""), str(row.get("permalink_url") or ""),
                made_at(row) - ahead(reply),
            )
            for reply, row in pages_since(graph, access, since, _FIELDS)
            if row.get("is_published") is True
        ]  # fmt: skip
