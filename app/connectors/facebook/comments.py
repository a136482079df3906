"""Comments of the page's own below its posts, reels and videos: written, and looked for.

Writing is never repeated by the network: each call makes another comment. Source: Meta, Graph API reference,
Object comments (filter, summary).
"""

import unicodedata
from typing import Any

from app.connectors.contract import Access, Commented
from app.connectors.facebook import errors
from app.connectors.failures import Rejected, Unsure
from app.connectors.meta_errors import Gone
from app.connectors.meta_graph import Graph
from app.connectors.reasons import Reason

_FIELDS = "id,message,from{id}"
_PAGES_MOST = 5


def write(graph: Graph, access: Access, remote_id: str, text: str) -> str:
    """A comment of the page; returns its id. A post that is not there is a person's matter: Rejected."""
    try:
        with errors.commenting():
            reply = graph.ask(access, "POST", f"{remote_id}/comments", {"message": text})
    except Gone as gone:
        raise Rejected(gone.reason, gone.message, code=gone.code, trace_id=gone.trace_id) from None
    comment_id = reply.data.get("id")
    if not isinstance(comment_id, str) or not comment_id:
        raise Unsure(Reason.UNCLEAR_ANSWER)
    return comment_id


def find(graph: Graph, access: Access, remote_id: str, text: str) -> Commented:
    """Newest first. Whose a comment is isn't told without a permission: then our words leave it open."""
    asked = {"fields": _FIELDS, "filter": "toplevel", "order": "reverse_chronological"}
    asked |= {"summary": "true", "limit": "100"}
    seen, open_question = 0, False
    for _ in range(_PAGES_MOST):
        try:
            with errors.reading():
                reply = graph.ask(access, "GET", f"{remote_id}/comments", asked)
        except Gone as gone:
            raise Rejected(gone.reason, gone.message, code=gone.code, trace_id=gone.trace_id) from None
        rows = [row for row in reply.data.get("data") or () if isinstance(row, dict)]
        for row in rows:
            if same_words(str(row.get("message") or ""), text):
                whose = str((row.get("from") or {}).get("id") or "")
                if whose == access.remote_id:
                    return Commented(str(row.get("id") or ""))
                open_question |= not whose
        seen += len(rows)
        paging = reply.data.get("paging") or {}
        after = (paging.get("cursors") or {}).get("after")
        if not paging.get("next") or not after:
            return Commented(whole=not open_question and seen == _counted(reply.data))
        asked = {**asked, "after": str(after)}
    return Commented()


def same_words(one: str, other: str) -> bool:
    """Whether two comments say the same: spaces, line ends and ways to write a letter don't count."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> list[str]:
    return unicodedata.normalize("NFC", text).split()


def _counted(data: dict[str, Any]) -> int | None:
    summary = data.get("summary")
    count = summary.get("total_count") if isinstance(summary, dict) else None
    return count if isinstance(count, int) else None
