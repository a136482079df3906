"""Comments of the page's own below its posts, reels and videos: written, and looked for.

Source: Meta, Graph API reference, Object comments (filter, summary).
"""

from app.connectors import meta_comments
from app.connectors.contract import Access, Commented
from app.connectors.facebook import errors
from app.connectors.meta_comments import Below, Row
from app.connectors.meta_graph import Graph, Reply


def write(graph: Graph, access: Access, remote_id: str, text: str) -> str:
    """A comment of the page; returns its id."""
    return meta_comments.write(graph, access, remote_id, text, errors.commenting())


def find(graph: Graph, access: Access, remote_id: str, text: str) -> Commented:
    """At the top level, newest first."""
    return meta_comments.find(graph, access, remote_id, text, _BELOW)


def _is_ours(_graph: Graph, access: Access, row: Row) -> bool | None:
    """Whose a comment is isn't told without a permission."""
    whose = str((row.get("from") or {}).get("id") or "")
    return whose == access.remote_id if whose else None


def _counted(_graph: Graph, _access: Access, _remote_id: str, reply: Reply) -> int | None:
    summary = reply.data.get("summary")
    count = summary.get("total_count") if isinstance(summary, dict) else None
    return count if isinstance(count, int) else None


_BELOW = Below(
    errors.DICTIONARY,
    asked={
        "fields": "id,message,from{id}",
        "filter": "toplevel",
        "order": "reverse_chronological",
        "summary": "true",
        "limit": "100",
    },
    words="message",
    is_ours=_is_ours,
    stands_for=lambda _row: 1,
    counted=_counted,
)
