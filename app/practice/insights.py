"""Numbers of posts and Pages, under today's names only (Meta, Page Insights)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.practice.calls import Call, Operation, Operations
from app.practice.errors import GraphError, bad
from app.practice.people import Page, Post
from app.practice.simulation import KINDS, at_age, days_between, final, of_day
from app.practice.tokens import check_role, require
from app.practice.versions import number
from app.practice.world import World

FEWEST_FOLLOWERS = 100
POST_METRICS = {
    "post_media_view",
    "post_total_media_view_unique",
    "post_clicks",
    "post_clicks_by_type",
    "post_reactions_by_type_total",
    "post_activity_by_action_type",
    "post_activity_by_action_type_unique",
    "post_video_views",
    "post_video_avg_time_watched",
    *(f"post_reactions_{kind}_total" for kind in KINDS),
}
# Usual value of a day, in thousandths of the followers; page_follows is a running total instead.
PAGE_METRICS: dict[str, float] = {
    "page_media_view": 90,
    "page_total_media_view_unique": 60,
    "page_post_engagements": 6,
    "page_views_total": 5,
    "page_total_actions": 0.5,
    "page_video_views": 4,
    "page_follows": 0,
    "page_daily_follows": 0.6,
    "page_daily_follows_unique": 0.6,
    "page_daily_unfollows_unique": 0.3,
    "page_lifetime_engaged_followers_unique": 40,
    "page_fan_adds_by_paid_non_paid_unique": 0.6,
    **{f"page_actions_post_reactions_{kind}_total": 3 / (n + 1) ** 2 for n, kind in enumerate(KINDS)},
}
SPANS = {"day": 1, "week": 7, "days_28": 28}
MOST_DAYS = 90


def counts(world: World, post: Post) -> dict[str, int]:
    """Reactions, comments, shares, views, reach and clicks of a post now. All 0 while it is hidden."""
    if post.shown_at is None:
        return dict.fromkeys(
            ("reactions", "comments", "shares", "views", "reach", "clicks", "link_clicks"), 0
        )
    age = world.now() - post.shown_at
    end = final(post.id, world.pages[post.page_id].followers, bool(post.link))
    now = {name: at_age(getattr(end, name), age) for name in ("comments", "shares", "clicks", "link_clicks")}
    by_kind = {kind: at_age(end.reactions[n], age) for n, kind in enumerate(KINDS)}
    now["comments"] += world.comments_under(post.id)
    now |= {"reactions": sum(by_kind.values()), "views": at_age(end.views, age), **by_kind}
    now["reach"] = max(at_age(end.reach, age), now["reactions"])
    now["views"] = max(now["views"], now["reach"])
    now["clicks"] = max(now["clicks"], now["link_clicks"])
    if "reactions" in post.counted:
        now |= {**dict.fromkeys(KINDS, 0), "like": post.counted["reactions"]}
    return {**now, **post.counted}


def asked_names(text: str) -> list[str]:
    """The names in a `metric` parameter: with commas between, or a JSON list."""
    return [name for name in text.strip("[]").replace('"', "").replace(" ", "").split(",") if name]


def names(call: Call, text: str, known: set[str]) -> list[str]:
    """The asked-for metrics. Raises GraphError 3001 for none and 100 for any that is not known."""
    asked = asked_names(text)
    if not asked:
        raise GraphError(3001, "(#3001) No metric was specified to be fetched.", 1504028)
    dead = set(call.switches.dead_metrics)
    # The *_media_view names are not known before v23 (Meta, Page Insights, changelog).
    if number(call.version) < 23:
        dead |= {name for name in known if "media_view" in name}
    if call.bend == "dead_metric":
        dead.add(asked[-1])
    if any(name not in known or name in dead for name in asked):
        raise bad("The value must be a valid insights metric")
    return asked


def of_post(call: Call, post: Post, metrics: str) -> dict[str, Any]:
    """The rows of a post, for the edge and for field expansion alike."""
    require(call, "read_insights")
    check_role(call, "ANALYZE")
    asked = names(call, metrics, POST_METRICS)
    page = call.world.pages[post.page_id]
    if post.shown_at is None or page.followers < FEWEST_FOLLOWERS:
        return {"data": []}
    wait = timedelta(hours=call.switches.insights_delay_hours)
    if call.switches.insights_answer == "empty" or call.now - post.shown_at < wait:
        return {"data": []}
    values = _post_values(counts(call.world, post))
    if post.is_reel:  # there is no reach of reels (Meta, Video API, reels publishing)
        del values["post_total_media_view_unique"]
    return {
        "data": [
            row(post.id, name, "lifetime", [{"value": values[name]}]) for name in asked if name in values
        ]
    }


def _post_values(now: dict[str, int]) -> dict[str, Any]:
    reactions = {kind: now[kind] for kind in KINDS if now[kind]}
    acts = {"like": now["reactions"], "comment": now["comments"], "share": now["shares"]}
    acts = {name: value for name, value in acts.items() if value}
    clicks = {"link clicks": now["link_clicks"], "other clicks": now["clicks"] - now["link_clicks"]}
    return {
        "post_media_view": now["views"],
        "post_total_media_view_unique": now["reach"],
        "post_clicks": now["clicks"],
        "post_clicks_by_type": {name: value for name, value in clicks.items() if value},
        "post_reactions_by_type_total": reactions,
        "post_activity_by_action_type": acts,
        "post_activity_by_action_type_unique": acts,
        **{f"post_reactions_{kind}_total": now[kind] for kind in KINDS},
    }


def row(node: str, name: str, period: str, values: list[dict[str, Any]]) -> dict[str, Any]:
    """One metric of a node as Meta writes it."""
    words = name.replace("_", " ").capitalize()
    more = {"title": words, "description": f"{words} (simulated)", "id": f"{node}/insights/{name}/{period}"}
    return {"name": name, "period": period, "values": values, **more}


def read_post(call: Call) -> Any:
    """GET /{post}/insights."""
    if call.params.get("period", "lifetime") != "lifetime":
        raise bad("Param period must be lifetime for a post")
    return of_post(call, call.the_post(), call.params.get("metric", ""))


def read_page(call: Call) -> Any:
    """GET /{page}/insights: one value a day, each for the days that end at its end_time, none before that."""
    asked = names(call, call.params.get("metric", ""), set(PAGE_METRICS))
    period = call.params.get("period", "day")
    if period not in SPANS or (period != "day" and "page_follows" in asked):
        raise bad("Param period must be one of day, week, days_28, and fit the metric")
    since, until = _window(call)
    page = call.the_page()
    if call.switches.insights_answer == "empty" or page.followers < FEWEST_FOLLOWERS:
        return {"data": []}
    days = told_days(call, since, until)
    rows = [row(page.id, name, period, _values(call, page, name, period, days)) for name in asked]
    return {"data": rows, "paging": _neighbours(call, since, until)}


def _window(call: Call) -> tuple[datetime, datetime]:
    until = call.instant("until") or call.now
    since = call.instant("since") or until - timedelta(days=2)
    if not timedelta(0) <= until - since <= timedelta(days=MOST_DAYS):
        raise bad(f"There cannot be more than {MOST_DAYS} days between since and until")
    return since, until


def told_days(call: Call, since: datetime, until: datetime) -> list[date]:
    """The days of a window that are over for so long that they have numbers."""
    delay = timedelta(days=1, hours=call.switches.insights_delay_hours)
    return [
        day
        for day in days_between(since, until)
        if datetime.combine(day, datetime.min.time(), UTC) + delay <= call.now
    ]


def _values(call: Call, page: Page, name: str, period: str, days: list[date]) -> list[dict[str, Any]]:
    values = []
    for day in days:
        span = [day - timedelta(days=n) for n in range(SPANS[period])]
        total = sum(of_day(page.id, name, one, PAGE_METRICS[name] * page.followers / 1000) for one in span)
        if name == "page_follows":
            total = page.followers
        end = datetime.combine(day + timedelta(days=1), datetime.min.time()) + timedelta(hours=8)
        values.append({"value": total, "end_time": end.strftime("%Y-%m-%dT%H:%M:%S+0000")})
    return values


def _neighbours(call: Call, since: datetime, until: datetime) -> dict[str, str]:
    span = until - since
    base = f"{call.base_url}/{call.version}/{call.node}/insights?metric={call.params.get('metric', '')}"
    period = call.params.get("period", "day")

    def link(start: datetime) -> str:
        first, last = int(start.timestamp()), int((start + span).timestamp())
        return f"{base}&period={period}&since={first}&until={last}&access_token={call.token_text}"

    return {"previous": link(since - span), "next": link(until)}


INSIGHTS = frozenset({"metric", "period", "since", "until", "date_preset", "breakdown"})
READ = ("read_insights", "pages_read_engagement")

OPERATIONS: Operations = {
    ("GET", "post", "insights"): Operation("insights", read_post, INSIGHTS, "page", READ, "ANALYZE"),
    ("GET", "page", "insights"): Operation("page_insights", read_page, INSIGHTS, "page", READ, "ANALYZE"),
}
