"""Whether Instagram can fetch pictures from us: one is laid ready and never published.

Source: Meta, Instagram Platform, content publishing (image_url).
"""

from app.connectors.contract import Access, Picture
from app.connectors.failures import NotYet, RetryLater
from app.connectors.instagram import containers
from app.connectors.instagram.containers import State
from app.connectors.meta_graph import Graph
from app.connectors.reasons import Reason


def begin(graph: Graph, access: Access, picture: Picture) -> str:
    """A container that nobody sees and that goes within a day. Raises as any hidden call."""
    return containers.create(graph, access, {"image_url": picture.lend()}).remote_id


def proof(graph: Graph, access: Access, remote_id: str) -> None:
    """Nothing, when the picture was fetched. Raises NotYet, RetryLater (not fetched, too old), Rejected."""
    container = containers.read(graph, access, remote_id)
    if container.state in (State.FINISHED, State.PUBLISHED):
        return
    if container.state is State.ERROR:
        raise container.failure
    if container.state is State.EXPIRED:
        raise RetryLater(Reason.UNCLEAR_ANSWER)
    raise NotYet(Reason.PREPARING)
