"""How many posts Instagram still takes from a profile within 24 hours.

Meta names 100 in one place and 50 in another, so it is asked each time. Source: Meta, Instagram Platform,
reference, content_publishing_limit.
"""

from app.connectors.contract import Access, Quota
from app.connectors.failures import RateLimited, Rejected, RetryLater
from app.connectors.instagram import errors
from app.connectors.meta_graph import Graph
from app.connectors.meta_usage import regain_at
from app.connectors.reasons import Reason


def told(graph: Graph, access: Access) -> Quota | None:
    """What Instagram tells of a profile's quota; None when it tells none. Raises as any reading."""
    asked = {"fields": "config,quota_usage"}
    with errors.reading():
        reply = graph.ask(access, "GET", f"{access.remote_id}/content_publishing_limit", asked)
    for row in reply.data.get("data") or ():
        if isinstance(row, dict):
            used, total = row.get("quota_usage"), (row.get("config") or {}).get("quota_total")
            if isinstance(used, int) and isinstance(total, int):
                return Quota(used, total)
    return None


def must_be_left(graph: Graph, access: Access) -> None:
    """Nothing, when a post may still go out, or when that is not told now: publishing itself would say no.

    Raises RateLimited (QUOTA_USED) when it is used up, asked again in a quarter of an hour; Reconnect.
    """
    try:
        quota = told(graph, access)
    except (RetryLater, Rejected):
        return
    if quota and quota.used >= quota.total:
        raise RateLimited(Reason.QUOTA_USED, regain_at())
