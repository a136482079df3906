"""Where the next page of a list begins: the time and the id of the last row shown, as part of an address."""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

from app.foundation.database import is_id

_STAMP = "%Y%m%dT%H%M%S%f"


def mark(at: datetime, row_id: int) -> str:
    """A row's place in a list that is ordered by instant and id: "20301231T095900000000-17"."""
    return f"{at.astimezone(UTC).strftime(_STAMP)}-{row_id}"


def place(text: str) -> tuple[datetime, int] | None:
    """What `mark` wrote; None for anything else, which is the list's beginning."""
    stamp, _, number = text.partition("-")
    if not (number.isascii() and number.isdigit() and is_id(int(number[:12]))):
        return None
    try:
        return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC), int(number[:12])
    except ValueError:
        return None


def address(path: str, **wanted: object) -> str:
    """An address with its questions, the empty ones left out."""
    kept: Mapping[str, str] = {name: str(value) for name, value in wanted.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path
