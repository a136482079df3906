"""How the numbers of posts on a Facebook page are asked, a video's by the post that it stands in.

Source: Meta, Graph API reference, Page Post and Video (post_id).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.connectors.contract import Access, Numbered, Numbers
from app.connectors.facebook import reel_numbers, story_numbers
from app.connectors.facebook.errors import DICTIONARY
from app.connectors.facebook.profile import COUNTS, INSIGHTS, PROFILE
from app.connectors.facebook.ways import is_video
from app.connectors.meta_errors import Call, Verdict
from app.connectors.meta_graph import BATCH_MOST, Graph, GraphError
from app.connectors.meta_insights import Numbering
from app.connectors.reasons import Reason
from app.domain.networks import Format


def _field(name: str) -> str:
    return name if name == "shares" else f"{name}.limit(0).summary(true)"


def _counted(name: str, item: dict[str, Any]) -> Any:
    told = item.get(name) or {}
    return told.get("count") if name == "shares" else (told.get("summary") or {}).get("total_count")


NUMBERING = Numbering(INSIGHTS, COUNTS, PROFILE.metrics, DICTIONARY, _field, _counted)
COUNTING = Numbering({}, COUNTS, PROFILE.metrics, DICTIONARY, _field, _counted)


def read(
    graph: Graph,
    access: Access,
    remote_ids: Sequence[str],
    dead: Sequence[str],
    formats: Mapping[str, Format],
) -> Numbered:
    """As `Numbering.read`. A video that stands in no post is left out of the answer, and so is a story that
    the page does not list."""
    shown = [one for one in remote_ids if formats.get(one) is Format.STORY]
    others = [one for one in remote_ids if formats.get(one) is not Format.STORY]
    told = story_numbers.read(graph, access, shown, dead) if shown else Numbered(())
    found = dict(_posts(graph, access, [one for one in others if is_video(one)]))
    gone = tuple(one for one in found.values() if isinstance(one, Numbers))
    posts = {one: video for video, one in found.items() if isinstance(one, str)}
    # A name that only reels lack must not be taken for dead: they are asked apart, and not for it.
    reels = {one: video for one, video in posts.items() if formats.get(video) is Format.REEL}
    asked = [one for one in others if not is_video(one)] + [one for one in posts if one not in reels]
    in_posts = NUMBERING.read(graph, access, asked, dead)
    of_reels = COUNTING.read(graph, access, list(reels), dead)
    plays = reel_numbers.plays(graph, access, list(reels.values()), dead)
    numbers = [
        *_by_video(in_posts.numbers, posts),
        *plays.added_to(_by_video(of_reels.numbers, reels)),
    ]
    died = {*in_posts.dead, *of_reels.dead, *plays.dead, *told.dead}
    return Numbered((*numbers, *gone, *told.numbers), tuple(sorted(died)))


def _by_video(numbers: Iterable[Numbers], posts: Mapping[str, str]) -> list[Numbers]:
    return [replace(one, remote_id=posts.get(one.remote_id, one.remote_id)) for one in numbers]


def _posts(graph: Graph, access: Access, videos: Sequence[str]) -> Iterator[tuple[str, str | Numbers]]:
    """Each video with the id of its post, or with what is told of one that is gone."""
    for start in range(0, len(videos), BATCH_MOST):
        some = videos[start : start + BATCH_MOST]
        with DICTIONARY.reading():
            batch = graph.batch(access, [f"{one}?fields=post_id" for one in some])
        for video, item in zip(some, batch.items, strict=True):
            if isinstance(item, dict) and item.get("post_id"):
                post = str(item["post_id"])
                yield video, post if "_" in post else f"{access.remote_id}_{post}"
            elif isinstance(item, GraphError):
                verdict, reason = DICTIONARY.rule_for(item)
                if verdict is Verdict.LIMITED or (
                    verdict is Verdict.RECONNECT and reason is not Reason.PERMISSION_MISSING
                ):
                    raise DICTIONARY.failure_for(item, Call.READ)
                if verdict is Verdict.GONE:
                    yield video, Numbers(video, {}, {}, batch.network_at, gone=True)
