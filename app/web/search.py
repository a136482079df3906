"""The search across everything in sight: a few of each kind, or all of one in pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response

from app.dependencies.database import Reads
from app.dependencies.viewers import SignedIn
from app.domain import finding
from app.foundation.i18n import N_
from app.queries import search as questions
from app.queries.search import KINDS, Group
from app.web import paging
from app.web.rendering import render

router = APIRouter(prefix="/search")
OF_EACH, A_PAGE = 5, 25
QUERY_MOST = 200
AROUND, SNIPPET = 40, 180  # letters before the first word that is found, and in all
WORDS: Mapping[str, str] = {
    "posts": N_("Posts"),
    "publications": N_("Publications"),
    "ideas": N_("Ideas"),
    "pictures": N_("Pictures"),
    "comments": N_("Comments"),
    "people": N_("People"),
    "units": N_("Units"),
    "channels": N_("Channels"),
}


@dataclass(frozen=True)
class Shown:
    """One kind on the page. `all`: the address of the page with all of it, when there are more."""

    name: str
    words: str
    total: int
    rows: Sequence[Any]
    all: str = ""
    more: bool = False


@router.get("")
def search(
    request: Request,
    viewer: SignedIn,
    session: Reads,
    q: str = "",
    kind: str = "",
    skip: str = "",
) -> Response:
    """The page; before anything is asked only the field."""
    q, only = q[:QUERY_MOST], kind if kind in KINDS else ""
    before = int(skip[:6]) // A_PAGE * A_PAGE if only and skip.isascii() and skip.isdigit() else 0
    many, kinds = (A_PAGE, (only,)) if only else (OF_EACH, KINDS)
    scope, locale = viewer.actor.scope, viewer.locale
    groups = questions.found(session, scope, q, kinds, many, before, locale)
    words = finding.asked(q)
    total = sum(group.total for group in groups)
    return render(
        request,
        "search/search.html",
        q=q,
        asked=bool(words),
        only=only,
        total=total,
        many=any(group.more for group in groups),
        groups=[_shown(group, q, only) for group in groups if group.rows],
        marked=lambda text: marked(text, words),
        snippet=lambda text: marked(snippet(text, words), words),
        mine=scope.units,
        before=paging.address("/search", q=q, kind=only, skip=before - A_PAGE) if before else None,
        after=paging.address("/search", q=q, kind=only, skip=before + A_PAGE)
        if only and total > before + A_PAGE
        else None,
    )


def _shown(group: Group, q: str, only: str) -> Shown:
    more = not only and group.total > len(group.rows)
    everything = paging.address("/search", q=q, kind=group.kind) if more else ""
    return Shown(group.kind, WORDS[group.kind], group.total, group.rows, everything, group.more)


def marked(text: str, words: Sequence[str]) -> Markup:
    """A text, escaped, with what was looked for marked in it."""
    pieces, end = [], 0
    for start, stop in finding.spots(words, text):
        pieces += [escape(text[end:start]), Markup("<mark>"), escape(text[start:stop]), Markup("</mark>")]
        end = stop
    return Markup("").join([*pieces, escape(text[end:])])


def snippet(text: str, words: Sequence[str]) -> str:
    """The part of a long text around the first word that is found; its beginning when none is."""
    plain = " ".join(text.split())
    first = next(iter(finding.spots(words, plain)), (0, 0))[0]
    start = 0 if first <= AROUND else plain.find(" ", first - AROUND) + 1
    start = min(start, first)
    part = plain[start : start + SNIPPET]
    if start + SNIPPET < len(plain):
        part = part.rsplit(" ", 1)[0] + " …"
    return f"… {part}" if start else part
