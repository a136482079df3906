"""How much of Meta's allowance is used, from the headers of its answers.

Source: Meta, Graph API, rate limiting (X-App-Usage, X-Business-Use-Case-Usage; X-Page-Usage is older).
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from app.foundation import clock

UNTOLD_PAUSE = timedelta(minutes=15)
_BELIEVED_SECONDS = 300.0
_PERCENTS = ("call_count", "total_time", "total_cputime")


class Usage:
    """Percent used, per page and per app, as last told; forgotten after five minutes.

    `kind`: which of a business's allowances counts ("pages", "instagram"); empty: all of them.
    """

    def __init__(self, kind: str = "") -> None:
        self.kind = kind
        self._told: dict[str, tuple[int, float]] = {}

    def note(self, app_id: str, page_id: str, headers: Mapping[str, str]) -> None:
        """Remember what an answer's headers tell."""
        for key, header in ((f"app {app_id}", "x-app-usage"), (page_id, "x-page-usage")):
            if header in headers:
                self._keep(key, _highest([_parsed(headers[header])]))
        if "x-business-use-case-usage" in headers:
            self._keep(page_id, _highest(_business(headers, page_id, self.kind)))

    def percent(self, app_id: str, page_id: str) -> int:
        """The higher of the page's and its app's use, in percent; 0 when nothing was told lately."""
        oldest = clock.monotonic() - _BELIEVED_SECONDS
        told = (self._told.get(key, (0, 0.0)) for key in (f"app {app_id}", page_id))
        return max(percent if at >= oldest else 0 for percent, at in told)

    def _keep(self, key: str, percent: int) -> None:
        self._told[key] = (percent, clock.monotonic())


def regain_at(headers: Mapping[str, str] | None = None, page_id: str = "", kind: str = "") -> datetime:
    """From when calls are allowed again (UTC): as told for this page, else in a quarter of an hour."""
    entries = _business(headers or {}, page_id, kind)
    minutes = max((_number(entry.get("estimated_time_to_regain_access")) for entry in entries), default=0)
    return clock.now() + (timedelta(minutes=minutes) if minutes > 0 else UNTOLD_PAUSE)


def _business(headers: Mapping[str, str], page_id: str, kind: str) -> list[dict[str, Any]]:
    """The entries for this page; all of them when Meta counts by the business that owns it.

    Of these the ones of a kind, when any is of that kind.
    """
    told = _parsed(headers.get("x-business-use-case-usage", ""))
    entries = {key: list(_dicts(value)) for key, value in told.items()}
    found = entries.get(page_id) or [entry for several in entries.values() for entry in several]
    return [entry for entry in found if kind and entry.get("type") == kind] or found


def _dicts(entries: Any) -> Iterator[dict[str, Any]]:
    return (entry for entry in entries if isinstance(entry, dict)) if isinstance(entries, list) else iter(())


def _parsed(header: str) -> dict[str, Any]:
    try:
        told = json.loads(header) if header else {}
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _highest(entries: list[dict[str, Any]]) -> int:
    """Percent; who is told to wait has used all."""
    waits = any(_number(entry.get("estimated_time_to_regain_access")) > 0 for entry in entries)
    found = max((_number(entry.get(name)) for entry in entries for name in _PERCENTS), default=0)
    return max(found, 100) if waits else found


def _number(value: Any) -> int:
    return int(value) if isinstance(value, int | float) else 0
