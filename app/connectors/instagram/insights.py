"""How the numbers of Instagram's images and carousels are asked.

Only names that all of them have: one that does not fit a medium is answered as "unknown error", without any
number of its own. Source: Meta, Instagram Platform, Instagram media insights.
"""

from typing import Any

from app.connectors.instagram.errors import DICTIONARY
from app.connectors.instagram.profile import COUNTS, INSIGHTS, PROFILE
from app.connectors.meta_insights import Numbering


def _field(name: str) -> str:
    return name


def _counted(name: str, item: dict[str, Any]) -> Any:
    return item.get(name)


NUMBERING = Numbering(INSIGHTS, COUNTS, PROFILE.metrics, DICTIONARY, _field, _counted, vague=True)
