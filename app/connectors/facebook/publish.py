"""A post on a Facebook page: laid ready hidden, shown by one small call, looked at, taken away while hidden.

Source: Meta, Pages API, posts; Graph API reference, Page Feed and Page Post (published, is_published).
"""

from collections.abc import Sequence

from app.connectors.contract import Access, Look, Outgoing, Receipt, Remember, Saved, Staged
from app.connectors.facebook import errors
from app.connectors.facebook.orphans import find_orphan
from app.connectors.failures import Reconnect, Rejected, RetryLater, Unsure
from app.connectors.meta_graph import Graph, Reply
from app.connectors.reasons import Reason
from app.domain.networks import RemoteKind, Seen

FIELDS = "id,is_published,permalink_url,created_time"


def stage(
    graph: Graph, access: Access, outgoing: Outgoing, saved: Sequence[Saved], remember: Remember
) -> Staged:
    """A hidden post with this text and link: a saved one, an orphan of ours, or a new one.

    If Facebook published it against our word, its id is remembered and returned all the same: a look tells.
    """
    found = _use_saved(graph, access, saved) or _adopt(graph, access, outgoing, remember)
    return found or _create(graph, access, outgoing, remember)


def show(graph: Graph, access: Access, staged: Staged) -> Receipt:
    """The one visible call: it sets a flag, so even a repeat could never make a second post."""
    with errors.visible():
        reply = graph.ask(access, "POST", staged.remote_id, {"is_published": "true"})
    if reply.data.get("success") is not True:
        raise Unsure(Reason.UNCLEAR_ANSWER)
    return Receipt(staged.remote_id, staged.permalink, reply.network_at)


def look(graph: Graph, access: Access, remote_id: str) -> Look:
    """Reads the flag. Raises Reconnect and RateLimited; any other trouble is `unknown`, never a verdict."""
    try:
        with errors.reading():
            reply = graph.ask(access, "GET", remote_id, {"fields": FIELDS})
    except errors.Gone:
        return Look(Seen.GONE)
    except (RetryLater, Rejected):
        return Look(Seen.UNKNOWN)
    return _told(reply, remote_id)


def discard(graph: Graph, access: Access, staged: Staged) -> Look:
    """Deletes a post that a look just found hidden; else tells what it saw. Raises Unsure if lost."""
    told = look(graph, access, staged.remote_id)
    if told.seen is not Seen.HIDDEN:
        return told
    try:
        with errors.hidden():
            reply = graph.ask(access, "DELETE", staged.remote_id)
    except errors.Gone:
        return Look(Seen.GONE)
    if reply.data.get("success") is not True:
        raise Unsure(Reason.UNCLEAR_ANSWER)
    return Look(Seen.GONE)


def _told(reply: Reply, remote_id: str) -> Look:
    published, permalink = reply.data.get("is_published"), str(reply.data.get("permalink_url") or "")
    if published is True:
        return Look(Seen.LIVE, Receipt(remote_id, permalink, reply.network_at))
    return Look(Seen.HIDDEN if published is False else Seen.UNKNOWN)


def _use_saved(graph: Graph, access: Access, saved: Sequence[Saved]) -> Staged | None:
    """The saved post that is public, else the newest that is still hidden; None when all are gone.

    All are looked at: were an older one public, showing a newer one would put the same post out twice.
    """
    hidden: Staged | None = None
    for one in reversed(saved):
        told = look(graph, access, one.remote_id)
        if told.seen is Seen.LIVE and told.receipt:
            return Staged(one.remote_id, told.receipt.permalink)
        if told.seen is Seen.UNKNOWN:
            raise RetryLater(Reason.UNCLEAR_ANSWER)
        if told.seen is Seen.HIDDEN:
            hidden = hidden or Staged(one.remote_id)
        elif one.kind is RemoteKind.PUBLIC_POST:
            # It was public once and somebody took it away: making it anew is a person's decision.
            raise Unsure(Reason.POST_GONE)
    return hidden


def _adopt(graph: Graph, access: Access, outgoing: Outgoing, remember: Remember) -> Staged | None:
    if outgoing.unanswered_since is None:
        return None
    try:
        with errors.reading():
            found = find_orphan(graph, access, outgoing, outgoing.unanswered_since)
    except errors.Gone:
        raise Reconnect(Reason.PAGE_NOT_SEEN) from None
    if found:
        remember(RemoteKind.HIDDEN_POST, found)
    return Staged(found) if found else None


def _create(graph: Graph, access: Access, outgoing: Outgoing, remember: Remember) -> Staged:
    try:
        with errors.hidden():
            reply = graph.ask(access, "POST", f"{access.remote_id}/feed", _form(outgoing))
    except errors.Gone:
        raise Reconnect(Reason.PAGE_NOT_SEEN) from None
    except Rejected as refused:
        raise _perhaps_ours(refused, outgoing) from None
    remote_id = reply.data.get("id")
    if not isinstance(remote_id, str) or not remote_id:
        raise Unsure(Reason.UNCLEAR_ANSWER)
    remember(RemoteKind.HIDDEN_POST, remote_id)
    return Staged(remote_id, str(reply.data.get("permalink_url") or ""))


def _form(outgoing: Outgoing) -> dict[str, str]:
    form = {"published": "false", "fields": FIELDS}
    if outgoing.text:
        form["message"] = outgoing.text
    if outgoing.link:
        form["link"] = outgoing.link
    return form


def _perhaps_ours(refused: Rejected, outgoing: Outgoing) -> Rejected | RetryLater:
    """After an unanswered try "duplicate" may mean our own orphan, not listed yet: then try again."""
    if outgoing.unanswered_since is None or refused.reason != Reason.DUPLICATE_TEXT:
        return refused
    return RetryLater(
        refused.reason,
        refused.message,
        code=refused.code,
        subcode=refused.subcode,
        trace_id=refused.trace_id,
    )
