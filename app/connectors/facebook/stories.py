"""Stories of a page: one uploaded picture or video, made public by the call that makes a story of it.

A story has an id of its own; it is known by the id of what it was made of, which can make only one. The list
of stories tells which are out; whether it lags behind is not known. Source: Meta, Page stories.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.connectors.contract import Access, Look, Outgoing, Receipt, Remember, Saved, Staged
from app.connectors.facebook import errors, photos
from app.connectors.failures import Reconnect, Rejected, RetryLater, Unsure
from app.connectors.meta_errors import Gone
from app.connectors.meta_graph import Graph, following
from app.connectors.reasons import Reason
from app.domain.networks import Format, RemoteKind, Seen
from app.foundation import clock

_FIELDS = "post_id,media_id,status,url"
_PAGES_MOST = 5
# Stories whose day is over stay listed: without a limit a page that has told many would have no end.
BACK, EVER = timedelta(days=30), timedelta(days=366 * 20)


@dataclass(frozen=True)
class Listed:
    """What was found among a page's stories; `whole`: the list was read to its end."""

    receipt: Receipt | None = None
    whole: bool = True


def stage(
    graph: Graph, access: Access, outgoing: Outgoing, saved: Sequence[Saved], remember: Remember
) -> Staged:
    """An uploaded picture that nobody sees. Raises as any hidden call."""
    picture = outgoing.pictures[0]
    kept = [one for one in saved if one.kind is RemoteKind.STORY_PHOTO]
    for one in kept:
        listed = among(graph, access, one.remote_id)
        if listed.receipt:
            return _staged(one.remote_id, listed.receipt)
        if not listed.whole:
            raise RetryLater(Reason.UNCLEAR_ANSWER)
    for one in reversed(kept):
        if not one.old and _is_there(graph, access, one.remote_id):
            return _staged(one.remote_id)
    there: dict[str, str] = {}
    (photo_id,) = photos.upload_missing(graph, access, (picture,), there, remember, RemoteKind.STORY_PHOTO)
    return _staged(photo_id)


def show(graph: Graph, access: Access, staged: Staged) -> Receipt:
    """The one visible call. The same picture makes no second story: it is refused, a look finds the first."""
    with errors.making():
        reply = graph.ask(access, "POST", f"{access.remote_id}/photo_stories", {"photo_id": staged.remote_id})
    if reply.data.get("success") is not True:
        raise Unsure(Reason.UNCLEAR_ANSWER)
    return Receipt(staged.remote_id, "", reply.network_at)


def look(graph: Graph, access: Access, staged: Staged) -> Look:
    """Looks among the page's stories, and whether the picture is still there."""
    try:
        listed = among(graph, access, staged.remote_id, staged.since)
        if listed.receipt:
            return Look(Seen.LIVE, listed.receipt)
        if not listed.whole:
            return Look(Seen.UNKNOWN)
        return Look(Seen.HIDDEN if _is_there(graph, access, staged.remote_id) else Seen.GONE)
    except (RetryLater, Rejected):
        return Look(Seen.UNKNOWN)


def among(
    graph: Graph,
    access: Access,
    media_id: str,
    shown_at: datetime | None = None,
    back: timedelta = BACK,
) -> Listed:
    """The story that was made of a picture or video, also one whose day is over. Raises as any reading.

    Of the last days alone (`back`), counted from when it was first shown, if it was.
    """
    since = (shown_at or clock.now()) - back
    asked = {"fields": _FIELDS, "limit": "100", "since": str(int(since.timestamp()))}
    for _ in range(_PAGES_MOST):
        try:
            with errors.reading():
                reply = graph.ask(access, "GET", f"{access.remote_id}/stories", asked)
        except Gone:
            raise Reconnect(Reason.PAGE_NOT_SEEN) from None
        for row in _rows(reply.data):
            if str(row.get("media_id") or "") == media_id:
                return Listed(Receipt(media_id, str(row.get("url") or ""), reply.network_at))
        after = following(reply.data)
        if not after:
            return Listed()
        asked = {**asked, "after": after}
    return Listed(whole=False)


def _rows(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (row for row in data.get("data") or () if isinstance(row, dict))


def _is_there(graph: Graph, access: Access, photo_id: str) -> bool:
    """Whether an uploaded picture is still there; "no such object" counts when it is said twice."""
    for _ in range(2):
        try:
            with errors.reading():
                graph.ask(access, "GET", photo_id, {"fields": "id"})
            return True
        except Gone:
            continue
    return False


def _staged(photo_id: str, receipt: Receipt | None = None) -> Staged:
    permalink = receipt.permalink if receipt else ""
    return Staged(photo_id, permalink, receipt=receipt, kind=RemoteKind.STORY_PHOTO, format=Format.STORY)
