"""Pictures of a hidden post: each uploaded by itself, hidden, and its id remembered at once.

An upload whose answer was lost is made again: nobody sees the first, and Facebook deletes it within a day.
Source: Meta, Graph API reference, Page Photos (published, alt_text_custom, source).
"""

from collections.abc import Sequence

from app.connectors.contract import Access, Picture, Remember, Saved
from app.connectors.facebook import errors
from app.connectors.failures import Reconnect, Unsure
from app.connectors.meta_errors import Gone
from app.connectors.meta_graph import Graph
from app.connectors.reasons import Reason
from app.domain.networks import RemoteKind


def uploaded(saved: Sequence[Saved]) -> dict[str, str]:
    """What was uploaded before: part -> photo id, the newest of each."""
    return {one.part: one.remote_id for one in saved if one.kind is RemoteKind.PHOTO}


def all_ids(saved: Sequence[Saved]) -> frozenset[str]:
    """Every photo id that was stored for this publication and revision."""
    return frozenset(one.remote_id for one in saved if one.kind is RemoteKind.PHOTO)


def upload_missing(
    graph: Graph,
    access: Access,
    pictures: Sequence[Picture],
    there: dict[str, str],
    remember: Remember,
    kind: RemoteKind = RemoteKind.PHOTO,
) -> list[str]:
    """The photo ids of the pictures in their order; uploads those that are not `there` and adds them."""
    for picture in pictures:
        if picture.part not in there:
            there[picture.part] = _upload(graph, access, picture)
            remember(kind, there[picture.part], picture.part)
    return [there[picture.part] for picture in pictures]


def _upload(graph: Graph, access: Access, picture: Picture) -> str:
    form = {"published": "false"}
    if picture.alt_text:
        form["alt_text_custom"] = picture.alt_text
    try:
        with errors.hidden():
            reply = graph.upload(access, f"{access.remote_id}/photos", form, picture.read())
    except Gone:
        raise Reconnect(Reason.PAGE_NOT_SEEN) from None
    photo_id = reply.data.get("id")
    if not isinstance(photo_id, str) or not photo_id:
        raise Unsure(Reason.UNCLEAR_ANSWER)
    return photo_id
