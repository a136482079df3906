"""The registry of metrics: which name a network has for each of our numbers, since when, until when.

A network renames, redefines and drops its numbers. A rename is a break: what was counted before and after is
never held against each other, and a chart shows where it was. What each of our names means is told in
`words.metrics`. Sources: Meta, Page Insights and Instagram Platform, changelogs and lists of removed metrics.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.networks import Format, NetworkKind


class About(StrEnum):
    """What a number is about: one post, one reel, one story, or one day of a page or profile."""

    POST = "post"
    REEL = "reel"
    STORY = "story"
    DAY = "day"


@dataclass(frozen=True)
class Metric:
    """One name at one network. `ours`: our name; `since` None: longer than we know; `until`: the last day on
    which it answered, None while it does; `version`: the first API version that knows it, empty for all.

    `insight`: asked as a metric; else it is a field of the thing itself.
    """

    network: NetworkKind
    about: About
    ours: str
    theirs: str
    since: date | None = None
    until: date | None = None
    version: str = ""
    insight: bool = True


@dataclass(frozen=True)
class Break:
    """From `day` on the network counts one of our numbers by another name, so in another way."""

    day: date
    ours: str
    before: str
    after: str


_FB, _IG = NetworkKind.FACEBOOK, NetworkKind.INSTAGRAM
_POST, _REEL, _STORY, _DAY = About.POST, About.REEL, About.STORY, About.DAY
# Impressions gave way to views, on Facebook and on Instagram; unique impressions to unique views.
_FB_VIEWS, _FB_REACH, _IG_VIEWS = date(2025, 11, 15), date(2026, 6, 15), date(2025, 4, 21)
_NEW = "v23.0"


def _renamed(
    network: NetworkKind, about: About, ours: str, old: str, new: str, day: date, version: str = ""
) -> tuple[Metric, Metric]:
    last = day - timedelta(days=1)
    before = Metric(network, about, ours, old, until=last)
    return before, Metric(network, about, ours, new, since=day, version=version)


def _fields(network: NetworkKind, about: About, names: Mapping[str, str]) -> tuple[Metric, ...]:
    return tuple(Metric(network, about, ours, theirs, insight=False) for ours, theirs in names.items())


METRICS: tuple[Metric, ...] = (
    *_renamed(_FB, _POST, "views", "post_impressions", "post_media_view", _FB_VIEWS, _NEW),
    *_renamed(
        _FB, _POST, "reach", "post_impressions_unique", "post_total_media_view_unique", _FB_REACH, _NEW
    ),
    Metric(_FB, _POST, "clicks", "post_clicks"),
    *_fields(_FB, _POST, {"reactions": "reactions", "comments": "comments", "shares": "shares"}),
    # Facebook tells no reach of reels (Meta, Video API, reels publishing; Video insights).
    Metric(_FB, _REEL, "views", "blue_reels_play_count"),
    *_fields(_FB, _REEL, {"reactions": "reactions", "comments": "comments", "shares": "shares"}),
    *_renamed(
        _FB, _STORY, "views", "PAGE_STORY_IMPRESSIONS_BY_STORY_ID", "STORY_MEDIA_VIEW", _FB_REACH, _NEW
    ),
    *_renamed(
        _FB, _STORY, "reach", "PAGE_STORY_IMPRESSIONS_BY_STORY_ID_UNIQUE", "STORY_TOTAL_MEDIA_VIEW_UNIQUE",
        _FB_REACH, _NEW,
    ),
    Metric(_FB, _STORY, "reactions", "PAGES_FB_STORY_THREAD_LIGHTWEIGHT_REACTIONS"),
    Metric(_FB, _STORY, "comments", "PAGES_FB_STORY_REPLIES"),
    Metric(_FB, _STORY, "shares", "PAGES_FB_STORY_SHARES"),
    *_renamed(_FB, _DAY, "views", "page_impressions", "page_media_view", _FB_VIEWS, _NEW),
    *_renamed(
        _FB, _DAY, "reach", "page_impressions_unique", "page_total_media_view_unique", _FB_REACH, _NEW
    ),
    *_renamed(_FB, _DAY, "followers", "page_fans", "page_follows", _FB_VIEWS),
    Metric(_FB, _DAY, "engagement", "page_post_engagements"),
    Metric(_FB, _DAY, "visits", "page_views_total"),
    *_renamed(_IG, _POST, "views", "impressions", "views", _IG_VIEWS),
    Metric(_IG, _POST, "reach", "reach"),
    Metric(_IG, _POST, "shares", "shares"),
    Metric(_IG, _POST, "saves", "saved"),
    *_fields(_IG, _POST, {"reactions": "like_count", "comments": "comments_count"}),
    *_renamed(_IG, _REEL, "views", "plays", "views", _IG_VIEWS),
    Metric(_IG, _REEL, "reach", "reach"),
    Metric(_IG, _REEL, "shares", "shares"),
    Metric(_IG, _REEL, "saves", "saved"),
    *_fields(_IG, _REEL, {"reactions": "like_count", "comments": "comments_count"}),
    *_renamed(_IG, _STORY, "views", "impressions", "views", _IG_VIEWS),
    Metric(_IG, _STORY, "reach", "reach"),
    Metric(_IG, _STORY, "shares", "shares"),
    Metric(_IG, _STORY, "comments", "replies"),
    *_fields(_IG, _STORY, {"reactions": "like_count"}),
    *_renamed(_IG, _DAY, "views", "impressions", "views", _IG_VIEWS),
    Metric(_IG, _DAY, "reach", "reach"),
    Metric(_IG, _DAY, "engagement", "total_interactions"),
    Metric(_IG, _DAY, "visits", "profile_views"),
    *_fields(_IG, _DAY, {"followers": "followers_count"}),
)  # fmt: skip


def about_of(wanted: Format) -> About:
    """Whose numbers something in a format has."""
    return {Format.REEL: About.REEL, Format.STORY: About.STORY}.get(wanted, About.POST)


def today(network: NetworkKind, about: About, *, insight: bool) -> dict[str, str]:
    """Our name -> the network's of today: those asked as metrics, or those that are fields."""
    return {
        one.ours: one.theirs
        for one in METRICS
        if one.network is network and one.about is about and one.until is None and one.insight is insight
    }


def breaks(network: NetworkKind, about: About, ours: str, first: date, last: date) -> list[Break]:
    """Where one of our numbers breaks between two days, the earliest first."""
    names = [one for one in METRICS if (one.network, one.about, one.ours) == (network, about, ours)]
    found = []
    for old in names:
        new = next((one for one in names if old.until and one.since == old.until + timedelta(days=1)), None)
        if new and new.since and first < new.since <= last:
            found.append(Break(new.since, ours, old.theirs, new.theirs))
    return sorted(found, key=lambda one: one.day)


def breaks_seen(days: Iterable[tuple[date, Mapping[str, str]]]) -> list[Break]:
    """Where the names changed in what was told: days with their `sources`, the earliest first."""
    last: dict[str, str] = {}
    found = []
    for day, sources in days:
        for ours, theirs in sorted(sources.items()):
            if last.get(ours, theirs) != theirs:
                found.append(Break(day, ours, last[ours], theirs))
            last[ours] = theirs
    return found


def comparable(ours: str, one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two sets of numbers (their `sources`) have one of ours by the same name of the network's."""
    return ours in one and one[ours] == other.get(ours)


def ours_of(network: NetworkKind, theirs: str) -> str:
    """What a name of a network's stands for here; an empty text for one that we don't know."""
    return next((one.ours for one in METRICS if (one.network, one.theirs) == (network, theirs)), "")
