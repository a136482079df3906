"""All calls, newest last, without secrets. Bounded, in memory only."""

import json
import re
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

KEEP = 20_000
SECRET_PARAMS = frozenset(
    {"access_token", "appsecret_proof", "client_secret", "code", "fb_exchange_token", "input_token"}
)
# Our own tokens and codes have these beginnings wherever they stand.
_OURS = re.compile(r"(EAAP|AQP)[0-9A-Za-z_-]{16,}")
# A token of somebody else inside a batch.
ADDRESSES = frozenset({"image_url", "video_url", "cover_url", "file_url", "url"})
_NAMED = re.compile(r"((?:access_token|appsecret_proof)[\\\"':= %]+)[^&\\\"'\s,}]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One call. at: practice time; real_at: machine time, both RFC 3339; done: whether it was carried out."""

    n: int
    at: str
    real_at: str
    milliseconds: float
    method: str
    path: str
    call: str
    page: str | None
    params: dict[str, str]
    status: int
    answer: str
    fault: str
    done: bool


class Transcript:
    """The last calls."""

    def __init__(self, app_secret: str) -> None:
        self._secret = app_secret
        self._rows: deque[Entry] = deque(maxlen=KEEP)
        self.count = 0

    def add(self, entry: Entry) -> None:
        """Write a call down."""
        self._rows.append(entry)

    def next(self) -> int:
        """The number of the next call."""
        self.count += 1
        return self.count

    def clean(self, text: str, size: int = 600) -> str:
        """A text without secrets, cut to a length."""
        text = _OURS.sub(r"\1…", text[: size * 4]).replace(self._secret, "…")
        return _NAMED.sub(r"\1…", text)[:size]

    def params(self, params: dict[str, str]) -> dict[str, str]:
        """Parameters without secrets."""
        return {
            name: "…" if name in SECRET_PARAMS else self._value(name, str(value))
            for name, value in params.items()
        }

    def _value(self, name: str, text: str) -> str:
        if name not in ADDRESSES or "://" not in text:
            return self.clean(text, 300)
        # Whoever knows the address of a picture that is not public yet can open it.
        scheme, _, rest = text.partition("://")
        return self.clean(f"{scheme}://{rest.partition('/')[0]}/…", 300)

    def rows(self, after: int = 0, limit: int = 500, call: str = "", page: str = "") -> list[dict[str, Any]]:
        """Calls numbered above `after`, oldest first; with after 0 the last `limit` ones."""
        fit = [
            row
            for row in self._rows
            if row.n > after and (not call or row.call == call) and (not page or row.page == page)
        ]
        return [asdict(row) for row in (fit[:limit] if after else fit[-limit:])]

    def clear(self) -> None:
        """Forget them."""
        self._rows.clear()


def dump(body: Any) -> str:
    """An answer as JSON text, without needless blanks."""
    return json.dumps(body, ensure_ascii=True, separators=(",", ":"))
