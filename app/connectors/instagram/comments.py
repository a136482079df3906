"""Comments of the profile's own below its posts and reels: written, and looked for.

Source: Meta, Instagram Platform, ig-media/comments; reference, ig-comment (user is told of our own alone).
"""

from typing import Any

from app.connectors.contract import Access, Commented
from app.connectors.failures import Rejected, Unsure
from app.connectors.instagram import errors
from app.connectors.instagram.media import same_caption
from app.connectors.meta_errors import Gone
from app.connectors.meta_graph import Graph, Reply
from app.connectors.reasons import Reason

_FIELDS = "id,text,from{id,username},username,user,replies{id}"
_PAGES_MOST = 5


def write(graph: Graph, access: Access, remote_id: str, text: str) -> str:
    """A comment of the profile; returns its id. A post that is not there is a person's matter: Rejected."""
    try:
        with errors.visible():
            reply = graph.ask(access, "POST", f"{remote_id}/comments", {"message": text})
    except Gone as gone:
        raise Rejected(gone.reason, gone.message, code=gone.code, trace_id=gone.trace_id) from None
    comment_id = reply.data.get("id")
    if not isinstance(comment_id, str) or not comment_id:
        raise Unsure(Reason.UNCLEAR_ANSWER)
    return comment_id


def find(graph: Graph, access: Access, remote_id: str, text: str) -> Commented:
    """Compares words and who wrote them. Instagram keeps some comments back: then nothing is certain."""
    asked = {"fields": _FIELDS, "limit": "50"}
    listed, open_question = 0, False
    for _ in range(_PAGES_MOST):
        reply = _ask(graph, access, f"{remote_id}/comments", asked)
        rows = [row for row in reply.data.get("data") or () if isinstance(row, dict)]
        for row in rows:
            if same_caption(str(row.get("text") or ""), text):
                ours = _is_ours(graph, access, row)
                if ours:
                    return Commented(str(row.get("id") or ""))
                open_question |= ours is None
        listed += sum(1 + len((row.get("replies") or {}).get("data") or ()) for row in rows)
        paging = reply.data.get("paging") or {}
        after = (paging.get("cursors") or {}).get("after")
        if not paging.get("next") or not after:
            counted = _ask(graph, access, remote_id, {"fields": "comments_count"}).data.get("comments_count")
            return Commented(whole=not open_question and listed == counted)
        asked = {**asked, "after": str(after)}
    return Commented()


def _is_ours(graph: Graph, access: Access, row: dict[str, Any]) -> bool | None:
    """Whether the profile wrote a comment; None when that is not told."""
    told = [row.get(name) or {} for name in ("user", "from")]
    if access.remote_id in [str(one.get("id") or "") for one in told]:
        return True
    username = row.get("username") or told[1].get("username")
    if not username:
        return None
    own = _ask(graph, access, access.remote_id, {"fields": "username"}).data.get("username")
    return bool(own == username) if own else None


def _ask(graph: Graph, access: Access, path: str, params: dict[str, str]) -> Reply:
    try:
        with errors.reading():
            return graph.ask(access, "GET", path, params)
    except Gone as gone:
        raise Rejected(gone.reason, gone.message, code=gone.code, trace_id=gone.trace_id) from None
