"""A post laid ready on a Facebook page, hidden: a saved one, an orphan of ours, or a new one.

Source: Meta, Pages API, posts; Graph API reference, Page Feed and Page Photos (published, attached_media).
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from app.connectors.contract import Access, Outgoing, Remember, Saved, Staged
from app.connectors.facebook import errors, photos
from app.connectors.facebook.orphans import find_orphan
from app.connectors.facebook.publish import FIELDS, look
from app.connectors.failures import Reconnect, Rejected, RetryLater, Unsure
from app.connectors.meta_errors import Gone
from app.connectors.meta_graph import Graph
from app.connectors.reasons import Reason
from app.domain.networks import RemoteKind, Seen
from app.domain.texts import with_link
from app.foundation import clock

_POSTS = (RemoteKind.HIDDEN_POST, RemoteKind.PUBLIC_POST)
# An uploaded photo that no public post carries lives about as long.
_PHOTOS_LIVE = timedelta(hours=24)
# What a post is refused for when a photo that was uploaded earlier is gone, or can't be used again.
_PERHAPS_OLD_PHOTOS = (Reason.POST_GONE, Reason.REFUSED, Reason.PHOTO_REFUSED)


def stage(
    graph: Graph, access: Access, outgoing: Outgoing, saved: Sequence[Saved], remember: Remember
) -> Staged:
    """A hidden post with this text and link, or text and pictures.

    If Facebook published it against our word, its id is remembered and returned all the same: a look tells.
    """
    found = _use_saved(graph, access, saved)
    if not found and outgoing.unanswered_since and _may_be_there(outgoing, saved):
        known = photos.all_ids(saved)
        found = _adopt(graph, access, outgoing, outgoing.unanswered_since, known, remember)
    return found or _create(graph, access, outgoing, saved, remember)


def _use_saved(graph: Graph, access: Access, saved: Sequence[Saved]) -> Staged | None:
    """The saved post that is public, else the newest that is still hidden; None when all are gone.

    All are looked at: were an older one public, showing a newer one would put the same post out twice.
    """
    hidden: Staged | None = None
    for one in reversed([one for one in saved if one.kind in _POSTS]):
        told = look(graph, access, one.remote_id)
        if told.seen is Seen.LIVE and told.receipt:
            return Staged(one.remote_id, told.receipt.permalink, receipt=told.receipt)
        if told.seen is Seen.UNKNOWN:
            raise RetryLater(Reason.UNCLEAR_ANSWER)
        if told.seen is Seen.HIDDEN:
            hidden = hidden or (None if one.old else Staged(one.remote_id))
        elif one.kind is RemoteKind.PUBLIC_POST:
            # It was public once and somebody took it away: making it anew is a person's decision.
            raise Unsure(Reason.POST_GONE)
    return hidden


def _may_be_there(outgoing: Outgoing, saved: Sequence[Saved]) -> bool:
    """A post with pictures is made only when every one of them was uploaded and remembered."""
    return {picture.part for picture in outgoing.pictures} <= photos.uploaded(saved).keys()


def _adopt(
    graph: Graph,
    access: Access,
    outgoing: Outgoing,
    since: datetime,
    known: frozenset[str],
    remember: Remember,
) -> Staged | None:
    try:
        with errors.reading():
            found = find_orphan(graph, access, outgoing, since, known)
    except Gone:
        raise Reconnect(Reason.PAGE_NOT_SEEN) from None
    if found:
        remember(RemoteKind.HIDDEN_POST, found)
    return Staged(found) if found else None


def _create(
    graph: Graph, access: Access, outgoing: Outgoing, saved: Sequence[Saved], remember: Remember
) -> Staged:
    there = photos.uploaded(saved)
    reused = any(picture.part in there for picture in outgoing.pictures)
    photo_ids = photos.upload_missing(graph, access, outgoing.pictures, there, remember)
    try:
        return _post(graph, access, outgoing, photo_ids, remember)
    except (Gone, Rejected) as refused:
        posted = refused.reason == Reason.PHOTOS_ALREADY_POSTED
        if not posted and not (reused and refused.reason in _PERHAPS_OLD_PHOTOS):
            raise _meaning(refused, outgoing) from None
    known = photos.all_ids(saved) | set(photo_ids)
    since = outgoing.unanswered_since or clock.now() - _PHOTOS_LIVE
    found = _adopt(graph, access, outgoing, since, known, remember) if posted else None
    return found or _once_more(graph, access, outgoing, remember)


def _once_more(graph: Graph, access: Access, outgoing: Outgoing, remember: Remember) -> Staged:
    photo_ids = photos.upload_missing(graph, access, outgoing.pictures, {}, remember)
    try:
        return _post(graph, access, outgoing, photo_ids, remember)
    except (Gone, Rejected) as refused:
        raise _meaning(refused, outgoing) from None


def _post(
    graph: Graph, access: Access, outgoing: Outgoing, photo_ids: Sequence[str], remember: Remember
) -> Staged:
    with errors.hidden():
        reply = graph.ask(access, "POST", f"{access.remote_id}/feed", _form(outgoing, photo_ids))
    remote_id = reply.data.get("id")
    if not isinstance(remote_id, str) or not remote_id:
        raise Unsure(Reason.UNCLEAR_ANSWER)
    remember(RemoteKind.HIDDEN_POST, remote_id)
    return Staged(remote_id, str(reply.data.get("permalink_url") or ""))


def _form(outgoing: Outgoing, photo_ids: Sequence[str]) -> dict[str, str]:
    form = {"published": "false", "fields": FIELDS}
    text = with_link(outgoing.text, outgoing.link) if photo_ids else outgoing.text
    if text:
        form["message"] = text
    if outgoing.link and not photo_ids:
        form["link"] = outgoing.link
    for place, photo_id in enumerate(photo_ids):
        form[f"attached_media[{place}]"] = json.dumps({"media_fbid": photo_id})
    return form


def _meaning(refused: Gone | Rejected, outgoing: Outgoing) -> Reconnect | Rejected | RetryLater:
    """No such page: sign in again. "Duplicate" after an unanswered try may mean our own orphan, not listed
    yet: then try again.
    """
    if isinstance(refused, Gone):
        return Reconnect(Reason.PAGE_NOT_SEEN)
    if outgoing.unanswered_since is None or refused.reason != Reason.DUPLICATE_TEXT:
        return refused
    return RetryLater(
        refused.reason,
        refused.message,
        code=refused.code,
        subcode=refused.subcode,
        trace_id=refused.trace_id,
    )
