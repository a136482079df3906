"""Seals: each entry of history is sealed with the seal of the one before, so that nothing is changed unseen.

The seal is of who (the number of a person, never the name), what, when, and the facts: a name can be erased
without breaking it. Whoever can write to the database could of course seal everything anew. Therefore the
newest seal is also kept where the database is not, in the data folder and in the log, and compared with it.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

BEGIN = "0" * 64  # what stands before the first
# The columns of history that are sealed, in this order.
SEALED = (
    "id", "at", "person_id", "via", "thing", "thing_id", "unit_id", "verb", "old_state", "new_state", "facts",
)  # fmt: skip


def seal(before: str, entry: Mapping[Any, Any]) -> str:
    """The seal (SHA-256, 64 hexadecimal signs) of an entry that follows on the seal `before`.

    `entry`: the columns of `SEALED`; `at` is an aware instant, `facts` are as JSON gives them. The same entry
    has the same seal on every database.
    """
    values = [_plain(entry[name]) for name in SEALED]
    text = json.dumps([before, *values], ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode("ascii")).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return value
