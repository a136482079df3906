"""Plays of a page's reels, which are asked of the video itself; there is no reach of reels.

The counts come with the post that a reel stands in. Source: Meta, Video insights; Video API, reels.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from app.connectors import meta_days
from app.connectors.contract import Access, Numbers
from app.connectors.facebook.errors import DICTIONARY
from app.connectors.meta_graph import Graph
from app.domain.metrics import About, today
from app.domain.networks import NetworkKind

SOURCES = today(NetworkKind.FACEBOOK, About.REEL, insight=True)


@dataclass(frozen=True)
class Plays:
    """Our names -> counts by video, by which names they were asked, and names that no longer exist."""

    values: dict[str, dict[str, int | None]]
    sources: dict[str, str]
    dead: tuple[str, ...] = ()

    def added_to(self, numbers: Iterable[Numbers]) -> list[Numbers]:
        """The same numbers with the plays of their videos."""
        return [
            replace(
                one,
                values={**one.values, **self.values.get(one.remote_id, {})},
                sources={**one.sources, **self.sources},
            )
            for one in numbers
        ]


def plays(graph: Graph, access: Access, videos: Sequence[str], dead: Sequence[str]) -> Plays:
    """What is told of some videos. Raises RateLimited, Reconnect (token), RetryLater."""
    names = tuple(name for name in SOURCES.values() if name not in dead)
    if not videos or not names:
        return Plays({}, {})

    def addresses(wanted: Sequence[str]) -> list[str]:
        query = urlencode({"metric": ",".join(wanted)}, safe=",")
        return [f"{video}/video_insights?{query}" for video in videos]

    told = meta_days.ask(graph, access, DICTIONARY, names, addresses)
    found = {
        video: meta_days.by_ours(SOURCES, {name: value for name, value, _ in meta_days.rows(item)})
        for video, item in zip(videos, told.items, strict=True)
    }
    return Plays(found, {ours: name for ours, name in SOURCES.items() if name in told.names}, told.dead)
