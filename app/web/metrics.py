"""`/metrics`: an installation's numbers for Prometheus ("Exposition formats", prometheus.io).

Answered on the machine itself, or to whoever brings the token of the setting METRICS_TOKEN. For others there
is nothing here.
"""

import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app.dependencies.database import Configured
from app.errands.metrics import Numbers, numbers
from app.foundation.settings import Settings
from app.web.ground import Grounded

router = APIRouter(include_in_schema=False)
TYPE = "text/plain; version=0.0.4; charset=utf-8"
_LOOPBACK = frozenset({"127.0.0.1", "::1"})
# A proxy on the same machine asks for somebody else, and says so.
_PASSED_ON = ("x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded", "x-real-ip", "via")


@router.get("/metrics")
def metrics(request: Request, settings: Configured, ground: Grounded) -> Response:
    """The numbers, or 404 for whoever may not have them."""
    if not _may(request, settings):
        raise HTTPException(404)
    return PlainTextResponse(written(numbers(ground)), media_type=TYPE)


def _may(request: Request, settings: Settings) -> bool:
    if settings.metrics_token:
        given = request.headers.get("authorization", "").encode()
        return secrets.compare_digest(given, f"Bearer {settings.metrics_token}".encode())
    here = request.client is not None and request.client.host in _LOOPBACK
    return here and not any(name in request.headers for name in _PASSED_ON)


def written(told: Numbers) -> str:
    """The numbers as lines: what each is, its kind, its values."""
    return "".join(f"{line}\n" for line in _lines(told))


def _lines(told: Numbers) -> Iterator[str]:
    about = {"version": told.version, "database": told.database}
    yield from _one("info", "gauge", "Version of Kuliss and kind of database.", {_labels(about): 1})
    by_status = {_labels({"status": status}): count for status, count in told.publications.items()}
    yield from _one("publications", "gauge", "Publications by status.", by_status)
    yield from _one(
        "publications_due", "gauge", "Their time has come, and they are not settled.", _plain(told.due)
    )
    yield from _one("publications_late", "gauge", "The same for more than ten minutes.", _plain(told.late))
    yield from _lateness(told)
    yield from _one("clocks", "gauge", "Publishing clocks that run.", _plain(told.clocks))
    yield from _one("clock_tick_age_seconds", "gauge", "Since a clock was last seen.", _plain(told.tick_age))
    yield from _one("channel_leases", "gauge", "Channels that a clock works for.", _plain(told.leases))
    yield from _one("channels_paused", "gauge", "Channels whose network asked to wait.", _plain(told.paused))
    by_reason = {_labels({"reason": reason}): count for reason, count in told.holds.items()}
    yield from _one("holds", "gauge", "Reasons why publications stand still.", by_reason)
    by_severity = {_labels({"severity": one.name.lower()}): count for one, count in told.notices.items()}
    yield from _one("notices", "gauge", "Warnings that stand now.", by_severity)
    yield from _one("mails_waiting", "gauge", "Mails that are not sent yet.", _plain(told.mails_waiting))
    yield from _one("mails_given_up_total", "counter", "Mails given up.", _plain(told.mails_given_up))
    yield from _one("database_bytes", "gauge", "Size of the database.", _plain(told.database_bytes))
    yield from _one("history_entries_total", "counter", "Entries of history.", _plain(told.events))
    yield from _one("history_unsealed", "gauge", "Entries without a seal yet.", _plain(told.unsealed))
    yield from _one("backup_age_seconds", "gauge", "Since the last backup.", _plain(told.backup_age))


def _one(name: str, kind: str, words: str, values: Mapping[str, float | None]) -> Iterator[str]:
    yield f"# HELP kuliss_{name} {words}"
    yield f"# TYPE kuliss_{name} {kind}"
    yield from (
        f"kuliss_{name}{labels} {_number(value)}" for labels, value in values.items() if value is not None
    )


def _lateness(told: Numbers) -> Iterator[str]:
    name, late = "kuliss_lateness_seconds", told.lateness
    yield f"# HELP {name} How long after its second a post was public, by our own call's answer."
    yield f"# TYPE {name} histogram"
    yield from (f'{name}_bucket{{le="{bound}"}} {count}' for bound, count in late.within.items())
    yield f'{name}_bucket{{le="+Inf"}} {late.count}'
    yield f"{name}_sum {_number(late.sum)}"
    yield f"{name}_count {late.count}"


def _plain(value: float | None) -> dict[str, float | None]:
    return {"": value}


def _labels(values: Mapping[str, Any]) -> str:
    return "{" + ",".join(f'{name}="{value}"' for name, value in values.items()) + "}"


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.3f}"
