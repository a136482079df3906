"""The buttons of the composer that save nothing: they change what stands in the form.

preview                     draw it anew
up:{key} down:{key}         a picture one place on
remove:{key}                a picture out of the post
upload                      take in the chosen files
library, library:{channel}  open the library for the post, or for a channel's own choice
find                        look for other words in it
add                         put the ticked pictures there
close                       put the library away
own:{channel}               let a channel have its own choice, for a start the post's
drop:{channel}:{key}        a picture out of a channel's own list
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.contents import MOST_PICTURES
from app.foundation.database import is_id
from app.web.composer_form import Draft, Own, Pick
from app.web.forms import Form

SAVING = frozenset({"save", "submit", "both"})
POST = "post"


@dataclass(frozen=True)
class Shelf:
    """The open library: `into` "post" or a channel's id as text; the words sought in it."""

    into: str
    words: str = ""


def take(draft: Draft, form: Form, added: Sequence[int] = ()) -> Shelf | None:
    """Do what the pressed button says, with the assets just taken in. The library, if it is open then."""
    verb, _, rest = form.text("do").partition(":")
    into = rest or POST if verb == "library" else form.text("shelf")
    put(draft, POST, added)
    if verb in ("up", "down"):
        _move(draft, rest, -1 if verb == "up" else 1)
    elif verb == "remove":
        _remove(draft, rest)
    elif verb == "own" and _number(rest):
        _choose(draft.on(_number(rest)), draft)
    elif verb == "drop":
        _drop(draft, *rest.partition(":")[::2])
    elif verb == "add":
        put(draft, into, [_number(one) for one in form.many("chosen")])
    away = verb in ("add", "close", "upload") or (into != POST and not _number(into))
    return None if away else Shelf(into, form.text("find").replace("\x00", "")[:200])


def put(draft: Draft, into: str, asset_ids: Sequence[int]) -> None:
    """Add pictures at the end of the post's list, or of a channel's own; those in it stay where they are."""
    channel_id = _number(into)
    for asset_id in filter(is_id, asset_ids):
        key = str(asset_id)
        if channel_id:
            _put_on(draft, draft.on(channel_id), key)
        elif key not in draft.listed and len(draft.listed) < MOST_PICTURES:
            draft.picks.setdefault(key, Pick(key, asset_id))
            draft.listed.append(key)


def _put_on(draft: Draft, own: Own, key: str) -> None:
    own.own_pictures = True
    if key in own.chosen or len(own.chosen) >= MOST_PICTURES:
        return
    draft.picks.setdefault(key, Pick(key, int(key)))
    own.chosen.append(key)
    if key not in draft.listed and key not in own.extra:
        own.extra.append(key)


def _number(text: str) -> int:
    """An id as it stands in a button's value; 0 for what is none."""
    found = int(text[:12]) if text.isascii() and text.isdigit() else 0
    return found if is_id(found) else 0


def _move(draft: Draft, key: str, step: int) -> None:
    if key in draft.listed:
        place = draft.listed.index(key)
        draft.listed.remove(key)
        draft.listed.insert(max(0, place + step), key)


def _remove(draft: Draft, key: str) -> None:
    """Out of the post; a channel that has it in its own choice keeps it there."""
    if key in draft.listed:
        draft.listed.remove(key)
        for own in draft.variants.values():
            if own.own_pictures and key in own.chosen:
                own.extra.append(key)
            elif key in own.chosen:
                own.chosen.remove(key)


def _choose(own: Own, draft: Draft) -> None:
    if not own.own_pictures:
        own.own_pictures, own.chosen = True, list(draft.listed)


def _drop(draft: Draft, channel: str, key: str) -> None:
    own = draft.variants.get(_number(channel))
    if own:
        own.chosen = [each for each in own.chosen if each != key]
        own.extra = [each for each in own.extra if each != key]
