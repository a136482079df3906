"""Comments of the profile's own below its posts and reels: written, and looked for.

Instagram keeps some comments back: then nothing is certain. Source: Meta, Instagram Platform,
ig-media/comments; reference, ig-comment (user is told of our own alone).
"""

from app.connectors import meta_comments
from app.connectors.contract import Access, Commented
from app.connectors.instagram import errors
from app.connectors.meta_comments import Below, Row
from app.connectors.meta_graph import Graph, Reply


def write(graph: Graph, access: Access, remote_id: str, text: str) -> str:
    """A comment of the profile; returns its id."""
    return meta_comments.write(graph, access, remote_id, text, errors.visible())


def find(graph: Graph, access: Access, remote_id: str, text: str) -> Commented:
    """Compares words and who wrote them."""
    return meta_comments.find(graph, access, remote_id, text, _BELOW)


def _is_ours(graph: Graph, access: Access, row: Row) -> bool | None:
    """Whether the profile wrote a comment; None when that is not told."""
    told = [row.get(name) or {} for name in ("user", "from")]
    if access.remote_id in [str(one.get("id") or "") for one in told]:
        return True
    username = row.get("username") or told[1].get("username")
    if not username:
        return None
    own = _read(graph, access, access.remote_id, "username").data.get("username")
    return bool(own == username) if own else None


def _counted(graph: Graph, access: Access, remote_id: str, _reply: Reply) -> int | None:
    """Answers count too."""
    count = _read(graph, access, remote_id, "comments_count").data.get("comments_count")
    return count if isinstance(count, int) else None


def _with_answers(row: Row) -> int:
    return 1 + len((row.get("replies") or {}).get("data") or ())


def _read(graph: Graph, access: Access, remote_id: str, field: str) -> Reply:
    return meta_comments.read(graph, access, errors.DICTIONARY, remote_id, {"fields": field})


_BELOW = Below(
    errors.DICTIONARY,
    asked={"fields": "id,text,from{id,username},username,user,replies{id}", "limit": "50"},
    words="text",
    is_ours=_is_ours,
    stands_for=_with_answers,
    counted=_counted,
)
