"""First comments below what is out, at both of Meta's networks: written, and looked for.

Writing is never repeated by the network: each call makes another comment. Sources: Meta, Graph API reference,
Object comments; Instagram Platform, ig-media/comments.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from app.connectors.contract import Access, Commented
from app.connectors.failures import Unsure
from app.connectors.meta_errors import Dictionary, gone_is_refused
from app.connectors.meta_graph import Graph, Reply, following
from app.connectors.reasons import Reason
from app.domain.texts import same_words

_PAGES_MOST = 5
Row = dict[str, Any]


@dataclass(frozen=True)
class Below:
    """How a network tells what stands below a post.

    `asked`: the parameters of its list. `words`: the field of a comment's words. `is_ours`: whether the page
    or profile wrote it; None: that is not told. `stands_for`: how many comments a row is, with those below
    it. `counted`: how many the network counts, given the last page of the list; None: not told.
    """

    dictionary: Dictionary
    asked: Mapping[str, str]
    words: str
    is_ours: Callable[[Graph, Access, Row], bool | None]
    stands_for: Callable[[Row], int]
    counted: Callable[[Graph, Access, str, Reply], int | None]


def write(
    graph: Graph, access: Access, remote_id: str, text: str, making: AbstractContextManager[None]
) -> str:
    """A comment of ours; returns its id. A post that is not there is a person's matter: Rejected.

    `making`: goes around the call, so that only a listed and clear "no" is believed.
    """
    with gone_is_refused(), making:
        reply = graph.ask(access, "POST", f"{remote_id}/comments", {"message": text})
    comment_id = reply.data.get("id")
    if not isinstance(comment_id, str) or not comment_id:
        raise Unsure(Reason.UNCLEAR_ANSWER)
    return comment_id


def find(graph: Graph, access: Access, remote_id: str, text: str, below: Below) -> Commented:
    """Whether a comment of ours with these words is listed, and whether all that is counted was listed.

    One with our words that does not tell whose it is leaves it open.
    """
    asked, listed, open_question = dict(below.asked), 0, False
    for _ in range(_PAGES_MOST):
        reply = read(graph, access, below.dictionary, f"{remote_id}/comments", asked)
        rows = [row for row in reply.data.get("data") or () if isinstance(row, dict)]
        said = [row for row in rows if same_words(str(row.get(below.words) or ""), text)]
        found, unclear = _ours(said, lambda row: below.is_ours(graph, access, row))
        if found:
            return Commented(found)
        open_question |= unclear
        listed += sum(map(below.stands_for, rows))
        after = following(reply.data)
        if not after:
            counted = below.counted(graph, access, remote_id, reply)
            return Commented(whole=not open_question and listed == counted)
        asked["after"] = after
    return Commented()


def read(graph: Graph, access: Access, dictionary: Dictionary, path: str, params: Mapping[str, str]) -> Reply:
    """One reading of a post that is out, or of what stands below it."""
    with gone_is_refused(), dictionary.reading():
        return graph.ask(access, "GET", path, params)


def _ours(rows: Iterable[Row], is_ours: Callable[[Row], bool | None]) -> tuple[str, bool]:
    """The id of the first one of ours; and whether one may be ours and does not tell."""
    unclear = False
    for row in rows:
        ours = is_ours(row)
        if ours:
            return str(row.get("id") or ""), unclear
        unclear |= ours is None
    return "", unclear
