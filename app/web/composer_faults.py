"""Where a fault of the content stands in the composer's form."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.domain.errors import Fault, Invalid
from app.web.composer_form import Draft
from app.words.sentences import Said

_PLAIN = frozenset({"unit_id", "title", "tone", "text", "link", "files", "format", "first_comment"})
_PICTURE = re.compile(
    r"((?:variants\.(\d+)\.)?pictures)\.(\d+)(?:\.(alt_text|decorative|captions|crops\.\w+).*)?"
)
_OWN = re.compile(r"variants\.(\d+)\.(text|pictures|format|first_comment)")
_BY_PLACE = re.compile(r"variants\.(\d+)\b")


def by_channel(refusal: Invalid, draft: Draft) -> list[Fault]:
    """The faults of an input model, that count variants from 0, with the id of each one's channel instead."""
    sent = [channel_id for channel_id, own in draft.variants.items() if own.differs]

    def named(match: re.Match[str]) -> str:
        place = int(match[1])
        return f"variants.{sent[place]}" if place < len(sent) else match[0]

    return [replace(fault, field=_BY_PLACE.sub(named, fault.field or "") or None) for fault in refusal.faults]


def led(errors: Iterable[Said], draft: Draft) -> list[Said]:
    """The errors, each with the field of the form where it can be put right; None where there is none."""
    return [replace(error, field=field_of(error.field or "", draft)) for error in errors]


def field_of(name: str, draft: Draft) -> str | None:
    """The name of the form's field for that of a fault."""
    if name in _PLAIN or name == "pictures" or name.startswith("picture."):
        return name
    own = _OWN.fullmatch(name)
    if own:
        return f"variant.{own[1]}.{own[2]}"
    found = _PICTURE.fullmatch(name)
    if found is None:
        return None
    keys = draft.own(int(found[2])).chosen if found[2] else draft.listed
    return _of_picture(keys, int(found[3]), found[4] or "")


def _of_picture(keys: Sequence[str], place: int, part: str) -> str | None:
    if place >= len(keys):
        return None
    part = part.replace("crops.", "crop.")
    return f"picture.{keys[place]}.{part}" if part else f"picture.{keys[place]}"
