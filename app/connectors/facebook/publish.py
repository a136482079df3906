"""A post on a Facebook page: shown by one small call, looked at, corrected, taken away.

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
    _must_be_done(reply)
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


def find(graph: Graph, access: Access, remote_id: str) -> Receipt | None:
    """The address of a public post; None when it is not there, or not public."""
    return look(graph, access, remote_id).receipt


def discard(graph: Graph, access: Access, staged: Staged) -> Look:
    """Deletes a post that a look just found hidden; else tells what it saw. Raises Unsure if lost."""
    told = look(graph, access, staged.remote_id)
    if told.seen is not Seen.HIDDEN:
        return told
    try:
        with errors.hidden():
            _must_be_done(graph.ask(access, "DELETE", staged.remote_id))
    except Gone:
        pass
    return Look(Seen.GONE)


def correct(graph: Graph, access: Access, remote_id: str, text: str) -> None:
    """Sets the text, which may be repeated. A post that is not there is a person's matter: Rejected."""
    try:
        with errors.hidden():
            _must_be_done(graph.ask(access, "POST", remote_id, {"message": text}))
    except Gone as gone:
        raise Rejected(gone.reason, gone.message, code=gone.code, trace_id=gone.trace_id) from None


def remove(graph: Graph, access: Access, remote_id: str) -> None:
    """Deletes a public post. "No such post" is believed only when a look does not see it either: Meta says
    the same of a post that it won't let us delete.
    """
    try:
        with errors.visible():
            _must_be_done(graph.ask(access, "DELETE", remote_id))
    except Gone:
        seen = look(graph, access, remote_id).seen
        if seen is Seen.UNKNOWN:
            raise Unsure(Reason.UNCLEAR_ANSWER) from None
        if seen is not Seen.GONE:
            raise Rejected(Reason.NOT_OFFERED) from None


def _must_be_done(reply: Reply) -> None:
    if reply.data.get("success") is not True:
        raise Unsure(Reason.UNCLEAR_ANSWER)


def _told(reply: Reply, remote_id: str) -> Look:
    published, permalink = reply.data.get("is_published"), str(reply.data.get("permalink_url") or "")
    if published is True:
        return Look(Seen.LIVE, Receipt(remote_id, permalink, reply.network_at))
    return Look(Seen.HIDDEN if published is False else Seen.UNKNOWN)
