"""A post that we made hidden and whose answer was lost: found again, so that it is not made twice.

Source: Meta, Graph API reference, Page Feed (it lists unpublished posts as well).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from app.connectors.contract import Access, Outgoing
from app.connectors.meta_graph import Graph, Reply
from app.domain.texts import normalise
from app.foundation import clock

_FIELDS = "id,message,is_published,created_time,application"
_PAGES_MOST = 3
_EARLY = timedelta(seconds=5)


def find_orphan(graph: Graph, access: Access, outgoing: Outgoing, since: datetime) -> str:
    """The id of the one post with this text, made at or after `since` (our clock, less 5 s); "" if none or
    several.

    A hidden one comes first; one that is public counts too, for making a second would show the same post
    twice.
    """
    matches = [row for row in _recent(graph, access, since) if _is_ours(row, access, outgoing)]
    hidden = [str(row["id"]) for row in matches if row.get("is_published") is False]
    public = [str(row["id"]) for row in matches if row.get("is_published") is True]
    found = hidden or public
    return found[0] if len(found) == 1 else ""


def _is_ours(row: dict[str, Any], access: Access, outgoing: Outgoing) -> bool:
    application = row.get("application") or {}
    return (
        bool(outgoing.text)
        and normalise(str(row.get("message") or "")) == normalise(outgoing.text)
        and str(row["id"]) not in outgoing.taken
        # A post that a person wrote at Facebook bears no app: never theirs, even with the same words.
        and str(application.get("id", "")) == access.app.app_id
    )


def _recent(graph: Graph, access: Access, since: datetime) -> Iterator[dict[str, Any]]:
    """Posts made since, by the network's clock, which may differ from ours."""
    asked = {"fields": _FIELDS, "limit": "100"}
    for _ in range(_PAGES_MOST):
        reply = graph.ask(access, "GET", f"{access.remote_id}/feed", asked)
        from_then = since - _EARLY + _ahead(reply)
        yield from (row for row in reply.data.get("data") or () if _made_at(row) >= from_then)
        paging = reply.data.get("paging") or {}
        after = (paging.get("cursors") or {}).get("after")
        if not paging.get("next") or not after:
            return
        asked = {**asked, "after": str(after)}


def _ahead(reply: Reply) -> timedelta:
    return reply.network_at - clock.now() if reply.network_at else timedelta(0)


def _made_at(row: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(str(row["created_time"]))
