"""A post on a Facebook page: shown by one small call, and looked at.

Source: Meta, Pages API, posts; Graph API reference, Page Post (is_published, message).
"""

from app.connectors.contract import Access, Look, Receipt, Staged
from app.connectors.facebook import errors
from app.connectors.failures import Rejected, RetryLater, Unsure
from app.connectors.meta_errors import Gone
from app.connectors.meta_graph import Graph, Reply
from app.connectors.reasons import Reason
from app.domain.networks import Seen

FIELDS = "id,is_published,permalink_url,created_time"


def show(graph: Graph, access: Access, staged: Staged) -> Receipt:
    """The one visible call: it sets a flag, so even a repeat could never make a second post."""
    with errors.visible():
        reply = graph.ask(access, "POST", staged.remote_id, {"is_published": "true"})
    must_be_done(reply)
    return Receipt(staged.remote_id, staged.permalink, reply.network_at)


def look(graph: Graph, access: Access, remote_id: str) -> Look:
    """Reads the flag. Raises Reconnect and RateLimited; any other trouble is `unknown`, never a verdict."""
    try:
        with errors.reading():
            reply = graph.ask(access, "GET", remote_id, {"fields": FIELDS})
    except Gone:
        return Look(Seen.GONE)
    except (RetryLater, Rejected):
        return Look(Seen.UNKNOWN)
    return _told(reply, remote_id)


def must_be_done(reply: Reply) -> None:
    if reply.data.get("success") is not True:
        raise Unsure(Reason.UNCLEAR_ANSWER)


def _told(reply: Reply, remote_id: str) -> Look:
    published, permalink = reply.data.get("is_published"), str(reply.data.get("permalink_url") or "")
    if published is True:
        return Look(Seen.LIVE, Receipt(remote_id, permalink, reply.network_at))
    return Look(Seen.HIDDEN if published is False else Seen.UNKNOWN)
