"""What is public on a profile: listed, told from others', found again, deleted.

Publishing a container makes a medium with an id of its own, and the container never tells it. Source: Meta,
Instagram Platform, content publishing; reference, ig-user/media and ig-media (delete).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from app.connectors.contract import Access, Receipt, Staged
from app.connectors.failures import Reconnect, Rejected, RetryLater, Unsure
from app.connectors.instagram import errors
from app.connectors.meta_errors import Gone
from app.connectors.meta_graph import Graph, Reply, following
from app.connectors.public_posts import PublicPost
from app.connectors.reasons import Reason
from app.domain.networks import Format
from app.domain.texts import same_words
from app.foundation import clock

_FIELDS = "id,caption,timestamp,permalink,media_product_type"
_LISTED, _PAGES_MOST = 50, 3
_EARLY = timedelta(seconds=5)


@dataclass(frozen=True)
class Medium:
    """One public post of a profile; `made_at` by Instagram's clock (UTC), None when not told.

    `product`: where it stands ("FEED", "REELS", "STORY"), empty when not told.
    """

    remote_id: str
    caption: str
    permalink: str
    made_at: datetime | None
    product: str = ""


@dataclass(frozen=True)
class Listed:
    """The newest media, and how far Instagram's clock is ahead of ours."""

    media: tuple[Medium, ...]
    ahead: timedelta
    network_at: datetime | None

    @property
    def ids(self) -> tuple[str, ...]:
        """Their ids."""
        return tuple(one.remote_id for one in self.media)


def newest(graph: Graph, access: Access, wanted: Format = Format.POST) -> Listed:
    """The newest fifty, in any order: the stories of a day, or all the rest.

    Raises RetryLater, RateLimited or Reconnect.
    """
    found: list[Medium] = []
    ahead, network_at = timedelta(0), None
    for reply in _pages(graph, access, "stories" if wanted is Format.STORY else "media"):
        found += [_medium(row) for row in reply.data.get("data") or () if isinstance(row, dict)]
        network_at = reply.network_at
        ahead = network_at - clock.now() if network_at else timedelta(0)
        if len(found) >= _LISTED:
            break
    return Listed(tuple(found[:_LISTED]), ahead, network_at)


def since(graph: Graph, access: Access, then: datetime) -> list[PublicPost]:
    """See `contract.Network.newest`. One whose time is not told counts as new."""
    found = [
        PublicPost(
            one.remote_id, one.caption, one.permalink,
            one.made_at - listed.ahead if one.made_at else clock.now(),
            wanted,
        )
        for wanted in (Format.POST, Format.STORY)
        for listed in [newest(graph, access, wanted)]
        for one in listed.media
    ]  # fmt: skip
    return [one for one in found if one.made_at >= then - _EARLY]


def fitting(listed: Listed, staged: Staged) -> list[Medium]:
    """Those that may have come out of this container: not known before and not another's of ours, with the
    same caption, made when it had been shown (`since`, less 5 s; any time when that is not known).
    """
    from_then = staged.since - _EARLY + listed.ahead if staged.since else None
    words = words_of(staged.text, staged.format)
    return [
        one
        for one in listed.media
        if one.remote_id not in staged.known
        and one.remote_id not in staged.taken
        and same_words(one.caption, words)
        and (staged.format is not Format.REEL or one.product in ("REELS", ""))
        and (from_then is None or (one.made_at is not None and one.made_at >= from_then))
    ]


def the_one(found: list[Medium], staged: Staged, network_at: datetime | None) -> Receipt | None:
    """The receipt, when exactly one fits. Without words nothing tells ours from a colleague's: None."""
    if len(found) != 1 or not words_of(staged.text, staged.format).strip():
        return None
    return Receipt(found[0].remote_id, found[0].permalink, network_at)


def find(graph: Graph, access: Access, staged: Staged, remote_id: str) -> Receipt | None:
    """The address of a known medium, or the one that fits; None when none or several do."""
    if not remote_id:
        listed = newest(graph, access, staged.format)
        return the_one(fitting(listed, staged), staged, listed.network_at)
    try:
        with errors.reading():
            reply = graph.ask(access, "GET", remote_id, {"fields": _FIELDS})
    except Gone:
        return None
    return Receipt(remote_id, str(reply.data.get("permalink") or ""), reply.network_at)


def remove(graph: Graph, access: Access, remote_id: str) -> None:
    """Deletes a public post, and looks after every answer that is not a clear one: "no such object" is also
    said where deleting is not allowed, and trouble also where it was done.
    """
    try:
        _delete(graph, access, remote_id)
    except Reconnect as refused:
        if refused.reason != Reason.PERMISSION_MISSING:
            raise
        raise Rejected(refused.reason, refused.message, code=refused.code) from None
    except Unsure as doubt:
        if not _is_there(graph, access, remote_id, doubt):
            return
        if doubt.reason == Reason.POST_GONE:
            raise Rejected(Reason.NOT_OFFERED, doubt.message, code=doubt.code) from None
        raise


def _is_there(graph: Graph, access: Access, remote_id: str, doubt: Unsure) -> bool:
    try:
        return find(graph, access, Staged(remote_id), remote_id) is not None
    except RetryLater:
        raise doubt from None


def _delete(graph: Graph, access: Access, remote_id: str) -> None:
    with errors.visible():
        reply = graph.ask(access, "DELETE", remote_id)
    if reply.data.get("success") is not True:
        raise Unsure(Reason.UNCLEAR_ANSWER)


def words_of(text: str, wanted: Format) -> str:
    """The words that stand below it: none below a story."""
    return "" if wanted is Format.STORY else text


def _pages(graph: Graph, access: Access, edge: str) -> Iterator[Reply]:
    asked = {"fields": _FIELDS, "limit": str(_LISTED)}
    for _ in range(_PAGES_MOST):
        try:
            with errors.reading():
                reply = graph.ask(access, "GET", f"{access.remote_id}/{edge}", asked)
        except Gone:
            raise Reconnect(Reason.PAGE_NOT_SEEN) from None
        yield reply
        after = following(reply.data)
        if not after:
            return
        asked = {**asked, "after": after}


def _medium(row: dict[str, Any]) -> Medium:
    caption, permalink = str(row.get("caption") or ""), str(row.get("permalink") or "")
    made_at, product = _instant(row.get("timestamp")), str(row.get("media_product_type") or "")
    return Medium(str(row.get("id") or ""), caption, permalink, made_at, product)


def _instant(told: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(told)).astimezone(UTC)
    except ValueError:
        return None
