"""A container made public by one call, and looked at: whether it is out, still unseen, or gone.

`media_publish` makes a new object, and nobody promises what a second one does. So no answer but a clear "no"
is believed, and whether a post is out is read from the container and from what is public. Source: Meta,
Instagram Platform, content publishing; reference, ig-user/media_publish.
"""

from dataclasses import dataclass

from app.connectors.contract import Access, Look, Receipt, Staged
from app.connectors.failures import ConnectorFailure, NotYet, RateLimited, Reconnect, RetryLater, Unsure
from app.connectors.instagram import containers, errors, media, quota
from app.connectors.instagram.containers import Container, State
from app.connectors.meta_graph import Graph
from app.connectors.reasons import Reason
from app.domain.networks import Seen

_ENDED = {State.ERROR: Seen.GONE, State.EXPIRED: Seen.GONE, State.FINISHED: Seen.HIDDEN}


def show(graph: Graph, access: Access, staged: Staged) -> Receipt:
    """The one visible call. Its address is found afterwards."""
    asked = {"creation_id": staged.remote_id}
    try:
        with errors.visible():
            reply = graph.ask(access, "POST", f"{access.remote_id}/media_publish", asked)
    except NotYet as early:
        # A clear "no": it publishes nothing by itself later, as `NotYet` after a showing would say.
        raise RetryLater(
            early.reason, early.message, code=early.code, subcode=early.subcode, trace_id=early.trace_id
        ) from None
    remote_id = reply.data.get("id")
    if not isinstance(remote_id, str) or not remote_id:
        raise Unsure(Reason.UNCLEAR_ANSWER)
    return Receipt(remote_id, "", reply.network_at)


def look(graph: Graph, access: Access, staged: Staged) -> Look:
    """What the container says, and once it was shown (`since`) also what is public.

    "No such container" comes and goes: said twice before a showing it is gone, after one it tells nothing.
    """
    container = containers.read_twice(graph, access, staged.remote_id)
    if container.state is State.PUBLISHED:
        return Look(Seen.LIVE, _receipt(graph, access, staged, container))
    if staged.since is None:
        return _before(graph, access, staged, container)
    found = _public(graph, access, staged)
    if found.receipt:
        return Look(Seen.LIVE, found.receipt)
    seen = Seen.UNKNOWN if found.unclear else _ENDED.get(container.state, Seen.UNKNOWN)
    return Look(seen, known=staged.known if seen is Seen.HIDDEN else ())


def discard(graph: Graph, access: Access, staged: Staged) -> Look:
    """A container can't be deleted and goes by itself: tells what it is. Never touches what is public."""
    container = containers.read_twice(graph, access, staged.remote_id)
    if container.state is State.PUBLISHED:
        return Look(Seen.LIVE, _receipt(graph, access, staged, container))
    if container.state is State.UNSEEN:
        return Look(Seen.GONE)
    return Look(_ENDED.get(container.state, Seen.UNKNOWN))


def _before(graph: Graph, access: Access, staged: Staged, container: Container) -> Look:
    """Never shown: nothing public can be ours. What is public now is known from here on."""
    if container.state is State.UNSEEN:
        return Look(Seen.GONE)
    seen = _ENDED.get(container.state, Seen.UNKNOWN)
    if seen is not Seen.HIDDEN:
        return Look(seen)
    quota.must_be_left(graph, access)
    try:
        listed = media.newest(graph, access, staged.format)
    except (RateLimited, Reconnect):
        raise
    except RetryLater:
        return Look(seen, known=staged.known)
    return Look(seen, known=listed.ids)


def _receipt(graph: Graph, access: Access, staged: Staged, container: Container) -> Receipt:
    """It is public for certain; its id is empty when it is not listed yet, or can't be told from another."""
    try:
        found = media.find(graph, access, staged, "")
    except ConnectorFailure:
        found = None
    return found or Receipt("", "", container.network_at)


@dataclass(frozen=True)
class _Public:
    """What is public of a shown container; `unclear`: it may be, but nothing tells."""

    receipt: Receipt | None = None
    unclear: bool = False


def _public(graph: Graph, access: Access, staged: Staged) -> _Public:
    try:
        listed = media.newest(graph, access, staged.format)
    except (RateLimited, Reconnect):
        raise
    except ConnectorFailure:
        return _Public(unclear=True)
    found = media.fitting(listed, staged)
    receipt = media.the_one(found, staged, listed.network_at)
    return _Public(receipt, unclear=bool(found) and receipt is None)
