"""Long files on their way to Meta: sent in one call from where the server stands, never held whole.

A broken line leaves there what had arrived; the next call asks how much that is and goes on from it. Sources:
Meta, Graph API, resumable uploads; Video API, reels publishing; Instagram Platform, resumable uploads.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from app.connectors.contract import Access, Saved, VideoFile
from app.connectors.failures import NotYet, Rejected, RetryLater
from app.connectors.meta_errors import Dictionary, Stale
from app.connectors.meta_graph import Graph
from app.connectors.reasons import Reason
from app.domain.networks import Realm, RemoteKind

PIECE = 4 * 1024 * 1024
# Uploads begun for one file before we give up: the same bytes would be refused once more.
UPLOADS_MOST = 4
_COUNTS = ("bytes_transfered", "bytes_transferred")  # Meta writes both

Go = Callable[[int, int], bool]


def pieces(video: VideoFile, offset: int, go: Go) -> Iterator[bytes]:
    """The rest of a file from an offset on. Raises NotYet between two pieces when `go` says stop."""
    while offset < video.size:
        if not go(offset, video.size):
            raise NotYet(Reason.PREPARING)
        piece = video.piece(offset, min(PIECE, video.size - offset))
        if not piece:
            raise Rejected(Reason.PICTURE_LOST)
        yield piece
        offset += len(piece)


def address_for(saved: Sequence[Saved], remote_id: str) -> str:
    """Where the file of an object is sent to, as it was told when that was begun; "" when not known."""
    for one in reversed(saved):
        if one.kind is RemoteKind.UPLOAD and urlsplit(one.remote_id).path.rsplit("/", 1)[-1] == remote_id:
            return one.remote_id
    return ""


def is_theirs(access: Access, address: str) -> bool:
    """Whether an address is the network's own: our token goes there."""
    endpoint, parts = access.app.endpoint, urlsplit(address)
    ours = [(there.scheme, there.netloc) for there in map(urlsplit, (endpoint.graph, endpoint.dialog))]
    if (parts.scheme, parts.netloc) in ours:
        return True
    host = parts.hostname or ""
    return endpoint.realm is Realm.META and parts.scheme == "https" and host.endswith(".facebook.com")


def send(
    graph: Graph, dictionary: Dictionary, access: Access, address: str, video: VideoFile, offset: int, go: Go
) -> None:
    """The rest of a file to the address given for it. Raises RetryLater (to be gone on with), Stale (another
    upload may do), NotYet when told to stop, Rejected.
    """
    if not is_theirs(access, address) or offset > video.size:
        raise Stale(Reason.UPLOAD_BROKEN)
    headers = {"offset": str(offset), "file_size": str(video.size), **_length(video, offset)}
    with dictionary.reading():
        reply = graph.carry(access, "POST", address, headers, pieces(video, offset, go))
    if reply.data.get("success") is not True:
        raise Stale(Reason.UPLOAD_BROKEN)
    go(video.size, video.size)


def arrived(phase: Any) -> tuple[bool, int]:
    """Whether a file has arrived whole, and how many bytes of it, by an uploading_phase."""
    told = phase if isinstance(phase, dict) else {}
    counts = [told[name] for name in _COUNTS if name in told]
    count = int(counts[0]) if counts and str(counts[0]).isdigit() else 0
    return told.get("status") == "complete", count


def begin(graph: Graph, dictionary: Dictionary, access: Access, video: VideoFile) -> str:
    """An upload at the app's own door; returns its id. Nobody sees it, and it goes by itself."""
    form = {"file_name": "video.mp4", "file_length": str(video.size), "file_type": "video/mp4"}
    with dictionary.hidden():
        reply = graph.ask(access, "POST", f"{access.app.app_id}/uploads", form)
    upload_id = reply.data.get("id")
    if not isinstance(upload_id, str) or not upload_id.startswith("upload:"):
        raise Stale(Reason.UPLOAD_BROKEN)
    return upload_id


def handle(
    graph: Graph, dictionary: Dictionary, access: Access, upload_id: str, video: VideoFile, go: Go
) -> str:
    """The handle of a file that was sent whole by such an upload; sends what is missing. Raises as `send`.

    Whether it is told a second time, when the first answer was lost, is not known: Stale where it is not.
    """
    address = _address(access, upload_id)
    with dictionary.reading():
        told = graph.carry(access, "GET", address).data.get("file_offset")
    offset = int(str(told)) if str(told).isdigit() else 0
    if offset > video.size:
        raise Stale(Reason.UPLOAD_BROKEN)
    headers = {"file_offset": str(offset), **_length(video, offset)}
    try:
        with dictionary.reading():
            reply = graph.carry(access, "POST", address, headers, pieces(video, offset, go))
    except (RetryLater, Rejected):
        if offset < video.size:
            raise
        raise Stale(Reason.UPLOAD_BROKEN) from None
    found = reply.data.get("h")
    if "file_offset" in reply.data and not found:
        raise RetryLater(Reason.UPLOAD_BROKEN)
    if not isinstance(found, str) or not found:
        raise Stale(Reason.UPLOAD_BROKEN)
    go(video.size, video.size)
    return found


def _address(access: Access, upload_id: str) -> str:
    return f"{access.app.endpoint.graph}/{access.app.endpoint.version}/{upload_id}"


def _length(video: VideoFile, offset: int) -> dict[str, str]:
    return {"content-length": str(video.size - offset), "content-type": "application/octet-stream"}
