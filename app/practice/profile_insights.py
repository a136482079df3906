"""Numbers of a profile per day, under today's names only (Meta, Instagram platform, IG User insights)."""

from datetime import date, datetime, timedelta
from typing import Any

from app.practice.calls import Call, Operation, Operations
from app.practice.errors import bad
from app.practice.insights import FEWEST_FOLLOWERS, asked_names, told_days
from app.practice.people import Profile
from app.practice.simulation import of_day

# Usual value of a day, in thousandths of the followers.
METRICS: dict[str, float] = {
    "views": 120,
    "reach": 55,
    "accounts_engaged": 6,
    "total_interactions": 8,
    "likes": 6,
    "comments": 0.6,
    "saves": 0.5,
    "shares": 0.7,
    "replies": 0.2,
    "reposts": 0.2,
    "profile_links_taps": 0.4,
    "profile_views": 3,
    "website_clicks": 0.3,
    "follows_and_unfollows": 0.8,
    "follower_count": 0.7,
}
UNIQUE = frozenset({"reach", "accounts_engaged"})
IN_A_ROW = frozenset({"reach", "follower_count"})
NEED_FOLLOWERS = frozenset({"follower_count", "follows_and_unfollows"})
MOST_DAYS = 90


def read(call: Call) -> Any:
    """GET /{ig-user}/insights: a total over the window (metric_type=total_value), or a value a day."""
    asked = _names(call)
    if call.params.get("period") != "day":
        raise bad("Param period must be day")
    way = call.params.get("metric_type", "time_series")
    if way not in ("total_value", "time_series"):
        raise bad("Param metric_type must be one of total_value, time_series")
    odd = set(asked) - IN_A_ROW if way == "time_series" else set(asked) & {"follower_count"}
    if odd:
        raise bad(f"The metric {min(odd)} does not go with metric_type={way}")
    days = _days(call)
    profile = call.the_profile()
    if call.switches.insights_answer == "empty" or not days:
        return {"data": []}
    small = profile.followers < FEWEST_FOLLOWERS
    shown = [name for name in asked if not (small and name in NEED_FOLLOWERS)]
    if way == "total_value":
        return {"data": [_total(profile, name, days) for name in shown]}
    return {"data": [_row(profile, name, days) for name in shown]}


def _names(call: Call) -> list[str]:
    asked = asked_names(call.params.get("metric", ""))
    if not asked:
        raise bad("The parameter metric is required")
    dead = set(call.switches.dead_metrics)
    if call.bend == "dead_metric":
        dead.add(asked[-1])
    for n, name in enumerate(asked):
        if name not in METRICS or name in dead:
            raise bad(f"metric[{n}] must be one of the following values: {', '.join(sorted(METRICS))}")
    return asked


def _days(call: Call) -> list[date]:
    """The days of the window that have numbers by now; without one, the last 24 hours."""
    until = call.instant("until") or call.now
    since = call.instant("since") or until - timedelta(days=1)
    if not timedelta(0) <= until - since <= timedelta(days=MOST_DAYS):
        raise bad(f"There cannot be more than {MOST_DAYS} days between since and until")
    return told_days(call, since, until)


def _value(profile: Profile, name: str, day: date) -> int:
    return of_day(profile.id, name, day, METRICS[name] * profile.followers / 1000)


def _total(profile: Profile, name: str, days: list[date]) -> dict[str, Any]:
    total = sum(_value(profile, name, day) for day in days)
    if name in UNIQUE:  # somebody seen on two days counts once
        total = round(total * (1 + len(days)) / (2 * len(days)))
    return {**_words(profile, name), "total_value": {"value": total}}


def _row(profile: Profile, name: str, days: list[date]) -> dict[str, Any]:
    values = []
    for day in days:
        end = datetime.combine(day + timedelta(days=1), datetime.min.time()) + timedelta(hours=8)
        told = {"value": _value(profile, name, day), "end_time": end.strftime("%Y-%m-%dT%H:%M:%S+0000")}
        values.append(told)
    return {**_words(profile, name), "values": values}


def _words(profile: Profile, name: str) -> dict[str, Any]:
    title = name.replace("_", " ").capitalize()
    more = {"title": title, "description": f"{title} (simulated)"}
    return {"name": name, "period": "day", **more, "id": f"{profile.id}/insights/{name}/day"}


ASKED = frozenset({"metric", "period", "metric_type", "since", "until"})
NEEDS = ("instagram_basic", "instagram_manage_insights", "pages_read_engagement")

OPERATIONS: Operations = {
    ("GET", "profile", "insights"): Operation("profile_insights", read, ASKED, "either", NEEDS),
}
