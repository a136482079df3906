"""What goes back over the wire: an answer with its headers, or nothing at all because the line is cut."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from app.practice.calls import Call
from app.practice.errors import GraphError, limit_error
from app.practice.transcript import dump
from app.practice.world import Usage

PAGE_LIMIT, INSTAGRAM_LIMIT = 80001, 80002


@dataclass
class Reply:
    """status and JSON body; text instead of JSON for what a broken proxy sends; cut: close the socket."""

    status: int = 200
    body: Any = None
    text: str | None = None
    cut: bool = False
    null: bool = False
    done: bool = False
    fault: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def payload(self) -> str:
        """The body as it is sent."""
        return self.text if self.text is not None else dump(self.body)


def refusal(error: GraphError) -> Reply:
    """A reply that carries an error."""
    return Reply(error.status, error.body())


def count_call(call: Call) -> None:
    """Count a call against its limit. Raises GraphError once the limit is reached, until it is regained."""
    usage = call.world.usage.setdefault(call.place_id or "", Usage())
    now, switches = call.now, call.switches
    if usage.refused_until and now >= usage.refused_until:
        usage.refused_until, usage.calls, usage.code = None, 0, None
    usage.calls += 1
    if usage.refused_until is None and percent(call) >= 100:
        usage.refused_until = now + timedelta(minutes=switches.regain_minutes)
    if usage.refused_until:
        raise limit_error(usage.code or _limit_code(call))


def _limit_code(call: Call) -> int:
    code = int(call.switches.limit_code)
    return INSTAGRAM_LIMIT if call.profile and code == PAGE_LIMIT else code


def percent(call: Call) -> int:
    """How much of the limit is used up, in percent."""
    usage = call.world.usage.get(call.place_id or "", Usage())
    return round(call.switches.usage_percent + call.switches.usage_rise * max(0, usage.calls - 1))


def usage_headers(call: Call, minutes: int | None = None) -> dict[str, str]:
    """X-App-Usage and, for Page tokens, X-Business-Use-Case-Usage (Meta, Graph API, rate limits).

    minutes: what a scripted limit says about the time to regain access; else what is really left.
    """
    usage = call.world.usage.get(call.place_id or "", Usage())
    used = 100 if minutes or usage.refused_until else percent(call)
    left = minutes or 0
    if usage.refused_until and not minutes:
        left = max(1, round((usage.refused_until - call.now).total_seconds() / 60))
    counts = {"call_count": used, "total_time": used, "total_cputime": used}
    headers = {"x-app-usage": json.dumps(counts), "facebook-api-version": call.version}
    if call.place_id and call.token and call.token.kind == "PAGE":
        kind = "instagram" if call.profile else "pages"
        row = {"type": kind, **counts, "estimated_time_to_regain_access": left}
        headers["x-business-use-case-usage"] = json.dumps({call.place_id: [row]})
    return headers
