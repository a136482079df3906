"""Lists in pages, with cursors (Meta, Graph API, paginated results). Pages may be short or empty; the end is
where there is no `next`."""

import base64
import binascii
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from app.practice.calls import Call
from app.practice.errors import GraphError, bad

MOST = 100
NORMAL = 25


class Dated(Protocol):
    """What can stand in a list: it has a time, and a number that tells it from others of that time."""

    created_at: datetime
    seq: int


Row = TypeVar("Row", bound=Dated)


def cursor(row: Dated) -> str:
    """An opaque place in a list: just at this row."""
    return base64.urlsafe_b64encode(f"{row.created_at.timestamp():.6f}/{row.seq}".encode()).decode()


def _place(text: str) -> tuple[float, int]:
    # "~" at the end says: an empty page was given here already.
    try:
        when, _, seq = base64.urlsafe_b64decode(text.rstrip("~")).decode().partition("/")
        return float(when), int(seq)
    except (binascii.Error, ValueError, UnicodeDecodeError):
        raise bad("Invalid cursor") from None


def _key(row: Dated) -> tuple[float, int]:
    return round(row.created_at.timestamp(), 6), row.seq


def check_weight(call: Call) -> None:
    """Refuse too much in one call, as Meta does: halve the limit and ask again."""
    if call.count("limit", NORMAL, MOST) > call.switches.expansion_rows:
        raise GraphError(1, "Please reduce the amount of data you're asking for, then retry your request")


def page(
    call: Call, found: Sequence[Row], show: Callable[[Row], Any], oldest_first: bool = False
) -> dict[str, Any]:
    """One page of what was found, newest first unless it shall be the other way round."""
    limit = call.count("limit", NORMAL, MOST)
    rows = sorted(found, key=_key, reverse=not oldest_first)
    after, before = call.params.get("after"), call.params.get("before")
    if before:
        place = _place(before)
        rows = [row for row in rows if _key(row) != place and (_key(row) < place) is oldest_first]
        return _answer(call, rows[-limit:] if limit else [], False, len(rows) > limit, show)
    if after:
        place = _place(after)
        rows = [row for row in rows if _key(row) != place and (_key(row) > place) is oldest_first]
    way = call.switches.list_pages
    if (
        rows
        and limit
        and (call.bend == "empty_page" or (way == "empty" and after and not after.endswith("~")))
    ):
        return _empty(call, after, rows[0], oldest_first)
    if (way == "short" or call.bend == "short_page") and limit > 2:
        limit = limit * 2 // 3
    return _answer(call, rows[:limit], len(rows) > limit, bool(after), show)


def by_id(call: Call, ids: Iterable[str], show: Callable[[str], Any]) -> dict[str, Any]:
    """One page of things that have no time, by their ids. The cursor is an id; "~" at its end says that an
    empty page was given there already."""
    limit, after = call.count("limit", NORMAL, MOST), call.params.get("after", "")
    rows = [one for one in sorted(ids) if one > after.rstrip("~")]
    way = call.switches.list_pages
    if rows and (call.bend == "empty_page" or (way == "empty" and after and not after.endswith("~"))):
        mark = after.rstrip("~") + "~"
        return {"data": [], "paging": {"cursors": {"after": mark}, "next": _link(call, after=mark)}}
    if (way == "short" or call.bend == "short_page") and limit > 2:
        limit = limit * 2 // 3
    some = rows[:limit]
    answer: dict[str, Any] = {"data": [show(one) for one in some]}
    if some:
        answer["paging"] = {"cursors": {"before": some[0], "after": some[-1]}}
        if len(rows) > limit:
            answer["paging"]["next"] = _link(call, after=some[-1])
    return answer


def _empty(call: Call, after: str | None, first: Dated, oldest_first: bool) -> dict[str, Any]:
    # The place just before the first row: the next page starts with it.
    mark = after.rstrip("~") if after else _beside(first, -1 if oldest_first else 1)
    return {"data": [], "paging": {"cursors": {"after": mark + "~"}, "next": _link(call, after=mark + "~")}}


def _beside(first: Dated, step: int) -> str:
    text = f"{first.created_at.timestamp():.6f}/{first.seq + step}"
    return base64.urlsafe_b64encode(text.encode()).decode()


def _answer(
    call: Call, rows: Sequence[Row], more: bool, back: bool, show: Callable[[Row], Any]
) -> dict[str, Any]:
    answer: dict[str, Any] = {"data": [show(row) for row in rows]}
    if rows:
        paging: dict[str, Any] = {"cursors": {"before": cursor(rows[0]), "after": cursor(rows[-1])}}
        if more or call.params.get("before"):
            paging["next"] = _link(call, after=cursor(rows[-1]))
        if back:
            paging["previous"] = _link(call, before=cursor(rows[0]))
        answer["paging"] = paging
    return answer


def _link(call: Call, **place: str) -> str:
    # As at Meta the token stands in the address, so nobody may store or log it.
    kept = {k: v for k, v in call.params.items() if k not in ("after", "before", "appsecret_proof")}
    query = urlencode({**kept, "access_token": call.token_text or "", **place})
    return f"{call.base_url}/{call.version}/{call.node}/{call.edge}?{query}"
