"""Numbers of a page's stories, which have names of their own and are asked by the story's own id.

We know a story by the picture or video that it was made of; the page's list of stories tells its id. Source:
Meta, Page stories (insights).
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from app.connectors import meta_days
from app.connectors.contract import Access, Numbered, Numbers
from app.connectors.facebook.errors import DICTIONARY
from app.connectors.facebook.orphans import made_at
from app.connectors.facebook.profile import PROFILE
from app.connectors.meta_days import Asked
from app.connectors.meta_graph import Graph
from app.connectors.meta_lists import walk
from app.domain.metrics import About, today
from app.domain.networks import NetworkKind
from app.domain.readings import STORY_LIFE
from app.foundation import clock

SOURCES = today(NetworkKind.FACEBOOK, About.STORY, insight=True)
_FIELDS = "post_id,media_id,creation_time"
_BACK = STORY_LIFE + timedelta(hours=12)


def read(graph: Graph, access: Access, media_ids: Sequence[str], dead: Sequence[str]) -> Numbered:
    """Numbers of stories by the id of what they show. Raises RateLimited, Reconnect (token), RetryLater."""
    with DICTIONARY.reading():
        since = clock.now() - _BACK
        listed = walk(graph, access, f"{access.remote_id}/stories", _FIELDS, since, made_at)
    stories = {str(row.get("media_id")): str(row.get("post_id")) for row in listed.rows if row.get("post_id")}
    asked = {media: stories[media] for media in media_ids if media in stories}
    names = tuple(name for name in SOURCES.values() if name not in dead)
    if not asked or not names:
        return Numbered(())

    def addresses(wanted: Sequence[str]) -> list[str]:
        query = urlencode({"metric": ",".join(wanted)}, safe=",")
        return [f"{story}/insights?{query}" for story in asked.values()]

    told = meta_days.ask(graph, access, DICTIONARY, names, addresses)
    return Numbered(tuple(_numbers(list(asked), told)), told.dead)


def _numbers(media_ids: Sequence[str], told: Asked) -> Iterator[Numbers]:
    sources = {ours: theirs for ours, theirs in SOURCES.items() if theirs in told.names}
    for media_id, item in zip(media_ids, told.items, strict=True):
        if item is not None:
            yield Numbers(media_id, _values(item), sources, told.network_at)


def _values(item: dict[str, Any]) -> dict[str, int | None]:
    found = {name: value for name, value, _ in meta_days.rows(item)}
    return {metric: found.get(SOURCES.get(metric, "")) for metric in PROFILE.metrics}
