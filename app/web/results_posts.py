"""Every post that went out, with its figures: the list behind each number of the results."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from markupsafe import Markup, escape
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.dependencies.database import Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.networks import Format, Realm
from app.domain.posts import Tone
from app.domain.results import Outcome
from app.foundation.database import read_id
from app.foundation.i18n import N_, translations
from app.queries import channels
from app.queries import results as questions
from app.queries.results import PostRow, Wanted
from app.web import formats, paging
from app.web.forms import said
from app.web.rendering import render
from app.web.results_choice import Choice, Chosen, choose, period_options, period_words
from app.words import results as words
from app.words import videos

router = APIRouter(prefix="/results/posts")
A_PAGE = 50
NEWEST = "newest"
ORDERS = {
    NEWEST: N_("Newest"),
    "reach": N_("Reach"),
    "views": N_("Views"),
    "engagement": N_("Engagement"),
    "rate": N_("Engagement rate"),
}
SO_FAR = N_("%(value)s so far")
OUR_USUAL = N_("our usual: %(value)s")
BREAK = Markup("<br>")
_Word = Annotated[str, Query(max_length=20)]


@dataclass(frozen=True)
class Narrowed:
    """The words of an address that narrow and order the list, not judged yet."""

    channel: str = ""
    format: str = ""
    tone: str = ""
    behind: str = ""
    sort: str = ""


def narrowed(
    channel: _Word = "", format: _Word = "", tone: _Word = "", behind: _Word = "", sort: _Word = ""  # noqa: A002 - the word in the address
) -> Narrowed:  # fmt: skip
    """What an address asks for."""
    return Narrowed(channel, format, tone, behind, sort)


Narrow = Annotated[Narrowed, Depends(narrowed)]


@dataclass(frozen=True)
class Line:
    """One post. cells: name and figure of each column. age: of the post when it was read, "" if it was not.

    address: its page here, or where it is public, or "".
    """

    row: PostRow
    cells: Sequence[tuple[str, Markup]]
    age: str
    address: str


def wanted(asked: Narrowed) -> Wanted:
    """What the list is narrowed to; nonsense narrows nothing."""
    return Wanted(
        channel_id=_number(asked.channel),
        format=Format(asked.format) if asked.format in list(Format) else None,
        tone=Tone(asked.tone) if asked.tone in list(Tone) else None,
        side_of=Outcome(asked.behind) if asked.behind in list(Outcome) else None,
    )


def _number(text: str) -> int | None:
    return read_id(text)


@router.get("")
def listed(
    request: Request,
    viewer: SignedIn,
    session: Reads,
    choice: Choice,
    asked: Narrow,
    after: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """The list: the newest first, or the highest of one figure, fifty at a time."""
    chosen = choose(session, viewer, choice)
    only = wanted(asked)
    sort = asked.sort if asked.sort in ORDERS else NEWEST
    rows, more = _page(session, viewer, chosen, only, sort, after)
    say = translations(viewer.locale).gettext
    realm = rows[0].realm if rows else questions.realm(session, viewer.actor.scope)
    return render(
        request,
        "results/posts.html",
        chosen.refusal.status if chosen.refusal else 200,
        chosen=chosen,
        errors=said(request, chosen.refusal),
        periods=period_options(viewer.locale),
        days=period_words(chosen.period, viewer.locale),
        simulated_here=realm is Realm.PRACTICE,
        lines=[_line(row, viewer.locale) for row in rows],
        wanted=only,
        sort=sort,
        behind=say(words.OUTCOMES[only.side_of]) if only.side_of else "",
        channels=[(row.id, row.name) for row in channels.listed(session, viewer.actor.scope)],
        formats=[(one.value, say(videos.SHORT[one])) for one in Format],
        overview=chosen.address("/results"),
        **_addresses(chosen, only, sort, after, more, viewer.locale),
    )


def _addresses(chosen: Chosen, only: Wanted, sort: str, after: str, more: str, locale: str) -> dict[str, Any]:
    """Where the list leads, narrowed as it is: its orders, its files, its other pages."""
    kept = {
        "channel": only.channel_id, "format": only.format, "tone": only.tone, "behind": only.side_of,
    }  # fmt: skip
    sorted_ = {**kept, "sort": "" if sort == NEWEST else sort}
    say = translations(locale).gettext
    path = "/results/posts"
    orders = [
        (chosen.address(path, **kept, sort="" if name == NEWEST else name), say(title), name)
        for name, title in ORDERS.items()
    ]
    return {
        "orders": orders,
        "files": {kind: chosen.address(f"{path}.{kind}", **sorted_) for kind in ("xlsx", "csv")},
        "first": chosen.address(path, **sorted_) if after else None,
        "next": chosen.address(path, **sorted_, after=more) if more else None,
    }


def _page(
    session: Session, viewer: Viewer, chosen: Chosen, only: Wanted, sort: str, after: str
) -> tuple[Sequence[PostRow], str]:
    """The rows of one page, and where the next begins ("" after the last)."""
    scope = viewer.actor.scope
    if sort == NEWEST:
        place = paging.place(after)
        rows = questions.posts(session, scope, chosen.unit_id, chosen.period, only, place, A_PAGE + 1)
        shown = rows[:A_PAGE]
        last = shown[-1] if len(rows) > A_PAGE else None
        return shown, paging.mark(*mark_of(last)) if last else ""
    start = _number(after) or 0
    rows = questions.posts(
        session, scope, chosen.unit_id, chosen.period, only, limit=A_PAGE + 1, order=sort, skip=start
    )
    return rows[:A_PAGE], str(start + A_PAGE) if len(rows) > A_PAGE else ""


def mark_of(row: PostRow) -> tuple[datetime, int]:
    """A row's place in the list by time."""
    return row.published_at, row.id


def at_seven_days(row: PostRow, name: str) -> float | None:
    """One figure of a post at seven days; None: not told."""
    value: float | None = getattr(row.at_seven_days, name) if row.at_seven_days else None
    return value


def _line(row: PostRow, locale: str) -> Line:
    usual = {"reach": row.baseline.reach, "engagement": row.baseline.engagement, "rate": row.baseline.rate}
    cells = [_cell(row, name, usual.get(name), locale) for name in ORDERS if name != NEWEST]
    read = row.at_seven_days or row.latest
    return Line(
        row,
        cells,
        formats.span(read.age.total_seconds(), locale) if read else "",
        f"/publications/{row.publication_id}" if row.publication_id else row.permalink,
    )


def _cell(row: PostRow, name: str, usual: float | None, locale: str) -> tuple[str, Markup]:
    """One figure: at seven days, else what there is so far or that it is not told; under it our own usual."""
    say = translations(locale).gettext
    value, latest = at_seven_days(row, name), getattr(row.latest, name) if row.latest else None
    if value is not None:
        shown = escape(_written(name, value, locale))
    elif latest is not None:
        shown = _aside(say(SO_FAR) % {"value": _written(name, latest, locale)})
    else:
        shown = _aside(say(words.NOT_TOLD))
    if usual is not None:
        shown += BREAK + _aside(say(OUR_USUAL) % {"value": _written(name, usual, locale)})
    return say(ORDERS[name]), Markup(f"<span>{shown}</span>")  # noqa: S704 - escaped above


def _aside(said: str) -> Markup:
    return Markup(f'<span class="meta">{escape(said)}</span>')  # noqa: S704 - escaped here


def _written(name: str, value: float, locale: str) -> str:
    return words.percent(value, locale) if name == "rate" else words.amount(value, locale)
