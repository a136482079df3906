"""How the numbers of posts on a Facebook page are asked. Source: Meta, Graph API reference, Page Post."""

from typing import Any

from app.connectors.facebook.errors import DICTIONARY
from app.connectors.facebook.profile import COUNTS, INSIGHTS, PROFILE
from app.connectors.meta_insights import Numbering


def _field(name: str) -> str:
    return name if name == "shares" else f"{name}.limit(0).summary(true)"


def _counted(name: str, item: dict[str, Any]) -> Any:
    told = item.get(name) or {}
    return told.get("count") if name == "shares" else (told.get("summary") or {}).get("total_count")


NUMBERING = Numbering(INSIGHTS, COUNTS, PROFILE.metrics, DICTIONARY, _field, _counted)
