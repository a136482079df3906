"""A post that we made hidden and whose answer was lost: found again, so that it is not made twice.

Source: Meta, Graph API reference, Page Feed (it lists unpublished posts as well, with their attachments).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from app.connectors.contract import Access, Outgoing
from app.connectors.meta_graph import Graph, Reply, following
from app.domain.texts import normalise
from app.foundation import clock

_FIELDS = "id,message,is_published,created_time,application"
_ATTACHED = "attachments{target{id},subattachments{target{id}}}"
_PAGES_MOST = 3
_EARLY = timedelta(seconds=5)


def find_orphan(
    graph: Graph, access: Access, outgoing: Outgoing, since: datetime, photos: frozenset[str] = frozenset()
) -> str:
    """The id of the one post of ours, made at or after `since` (our clock, less 5 s); "" if none or several.

    Without pictures it is known by its text, with pictures by carrying as many as ours, all of them among
    `photos`, the ids that we stored: no other post can. A hidden one comes first; one that is public counts
    too, for making a second would show the same post twice.
    """
    fields = f"{_FIELDS},{_ATTACHED}" if outgoing.pictures else _FIELDS
    rows = pages_since(graph, access, since, fields)
    matches = [row for _, row in rows if _is_ours(row, access, outgoing, photos)]
    hidden = [str(row["id"]) for row in matches if row.get("is_published") is False]
    public = [str(row["id"]) for row in matches if row.get("is_published") is True]
    found = hidden or public
    return found[0] if len(found) == 1 else ""


def _is_ours(row: dict[str, Any], access: Access, outgoing: Outgoing, photos: frozenset[str]) -> bool:
    if str(row["id"]) in outgoing.taken:
        return False
    return _carries(row, outgoing, photos) if outgoing.pictures else _says(row, access, outgoing)


def _says(row: dict[str, Any], access: Access, outgoing: Outgoing) -> bool:
    application = row.get("application") or {}
    return (
        bool(outgoing.text)
        and normalise(str(row.get("message") or "")) == normalise(outgoing.text)
        # A post that a person wrote at Facebook bears no app: never theirs, even with the same words.
        and str(application.get("id", "")) == access.app.app_id
    )


def _carries(row: dict[str, Any], outgoing: Outgoing, photos: frozenset[str]) -> bool:
    attached = set(_attached(row))
    return len(attached) == len(outgoing.pictures) and attached <= photos


def _attached(row: dict[str, Any]) -> Iterator[str]:
    """Ids of the photos that a post carries: of several, each stands under the one attachment."""
    for attachment in _data(row.get("attachments")):
        for one in _data(attachment.get("subattachments")) or [attachment]:
            yield str((one.get("target") or {}).get("id", ""))


def _data(told: Any) -> list[dict[str, Any]]:
    found = told.get("data") if isinstance(told, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def pages_since(
    graph: Graph, access: Access, since: datetime, fields: str, edge: str = "feed"
) -> Iterator[tuple[Reply, dict[str, Any]]]:
    """Posts made since, hidden ones too, each with the answer that it came in. Their times are by the
    network's clock, which may differ from ours (see `ahead`).
    """
    asked = {"fields": fields, "limit": "100"}
    for _ in range(_PAGES_MOST):
        reply = graph.ask(access, "GET", f"{access.remote_id}/{edge}", asked)
        from_then = since - _EARLY + ahead(reply)
        yield from ((reply, row) for row in reply.data.get("data") or () if made_at(row) >= from_then)
        after = following(reply.data)
        if not after:
            return
        asked = {**asked, "after": after}


def ahead(reply: Reply) -> timedelta:
    """How far the network's clock is ahead of ours."""
    return reply.network_at - clock.now() if reply.network_at else timedelta(0)


def made_at(row: dict[str, Any]) -> datetime:
    """When a post, reel or story was made, by the network's clock; of a story perhaps told in seconds."""
    told = str(row.get("created_time") or row["creation_time"])
    return datetime.fromtimestamp(int(told), UTC) if told.isdigit() else datetime.fromisoformat(told)
