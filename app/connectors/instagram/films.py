"""The file of a video on its way into its container. Source: Meta, Instagram Platform, resumable uploads."""

from collections.abc import Sequence

from app.connectors import meta_uploads
from app.connectors.contract import Access, Picture, Saved
from app.connectors.failures import NotYet, RetryLater
from app.connectors.instagram import containers, errors
from app.connectors.meta_errors import Gone, Stale
from app.connectors.meta_graph import Graph
from app.connectors.meta_uploads import Go
from app.connectors.reasons import Reason


def first(graph: Graph, access: Access, address: str, picture: Picture, go: Go) -> None:
    """Send the file of a container that was made just now; nothing for a picture. Raises as `go_on`."""
    _send(graph, access, address, picture, 0, go)


def go_on(
    graph: Graph, access: Access, remote_id: str, picture: Picture, saved: Sequence[Saved], go: Go
) -> None:
    """Send what has not arrived; nothing for a picture, or when all has.

    Raises RetryLater, RateLimited, Reconnect, Rejected, NotYet when told to stop, and Stale when this
    container can't be filled any more.
    """
    if picture.video is None:
        return
    try:
        whole, count = containers.sent(graph, access, remote_id)
    except Gone:
        raise NotYet(Reason.PREPARING) from None
    if not whole and count < picture.video.size:
        _send(graph, access, meta_uploads.address_for(saved, remote_id), picture, count, go)


def _send(graph: Graph, access: Access, address: str, picture: Picture, offset: int, go: Go) -> None:
    if picture.video is None:
        return
    if not address:
        raise Stale(Reason.UPLOAD_BROKEN)
    try:
        meta_uploads.send(graph, errors.DICTIONARY, access, address, picture.video, offset, go)
    except Gone:
        raise RetryLater(Reason.UPLOAD_BROKEN) from None
