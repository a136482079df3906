"""How the numbers of Instagram's images, carousels and reels are asked, and those of stories by other names.

Only names that all of a kind have: one that does not fit a medium is answered as "unknown error", without any
number of its own. Source: Meta, Instagram Platform, Instagram media insights.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.connectors.contract import Access, Numbered
from app.connectors.instagram.errors import DICTIONARY
from app.connectors.instagram.profile import COUNTS, INSIGHTS, PROFILE
from app.connectors.meta_graph import Graph
from app.connectors.meta_insights import Numbering
from app.domain.metrics import About, today
from app.domain.networks import Format, NetworkKind


def _field(name: str) -> str:
    return name


def _counted(name: str, item: dict[str, Any]) -> Any:
    return item.get(name)


NUMBERING = Numbering(INSIGHTS, COUNTS, PROFILE.metrics, DICTIONARY, _field, _counted, vague=True)
STORIES = Numbering(
    today(NetworkKind.INSTAGRAM, About.STORY, insight=True),
    today(NetworkKind.INSTAGRAM, About.STORY, insight=False),
    PROFILE.metrics, DICTIONARY, _field, _counted, vague=True,
)  # fmt: skip


def read(
    graph: Graph,
    access: Access,
    remote_ids: Sequence[str],
    dead: Sequence[str],
    formats: Mapping[str, Format],
) -> Numbered:
    """As `Numbering.read`. A story has numbers only while it stands, none with fewer than five viewers."""
    stories = [one for one in remote_ids if formats.get(one) is Format.STORY]
    others = [one for one in remote_ids if formats.get(one) is not Format.STORY]
    told = NUMBERING.read(graph, access, others, dead)
    of_stories = STORIES.read(graph, access, stories, dead)
    return Numbered((*told.numbers, *of_stories.numbers), tuple(sorted({*told.dead, *of_stories.dead})))
