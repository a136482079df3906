"""An approver's correction: other words, while pictures, their order and their crops stay as they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.domain.contents import Contents, Shots, Variant, own_only, placed
from app.domain.errors import Fault
from app.domain.pictures import ALT_MOST
from app.domain.texts import count, is_web_address


@dataclass(frozen=True)
class OwnWords:
    """What one channel is told in words of its own; None: as it stands."""

    text: str | None = None
    first_comment: str | None = None


@dataclass(frozen=True)
class Words:
    """New words, without blanks around them; None and what is not named: as it stands.

    `variants`: channel -> its own words. `alt_texts`: what a picture shows, by its place as `Contents.shots`
    names it: "pictures.0", "variants.7.pictures.1".
    """

    text: str | None = None
    link: str | None = None
    first_comment: str | None = None
    variants: Mapping[int, OwnWords] = field(default_factory=dict)
    alt_texts: Mapping[str, str] = field(default_factory=dict)


def corrected(said: Contents, words: Words) -> Contents:
    """The same content in the new words. A channel without words of its own gets none by this."""
    variants = {
        channel_id: replace(
            one,
            text=_new(one.text, words.variants.get(channel_id, OwnWords()).text),
            first_comment=_new(one.first_comment, words.variants.get(channel_id, OwnWords()).first_comment),
            pictures=None
            if one.pictures is None
            else _described(f"variants.{channel_id}.pictures", one.pictures, words.alt_texts),
        )
        for channel_id, one in said.variants.items()
    }
    whole = replace(
        said,
        text=said.text if words.text is None else words.text,
        link=said.link if words.link is None else words.link,
        first_comment=said.first_comment if words.first_comment is None else words.first_comment,
        pictures=_described("pictures", said.pictures, words.alt_texts),
        variants=variants,
    )
    return own_only(whole)


def faults_of(said: Contents, words: Words) -> list[Fault]:
    """What is wrong with new words for a content; fields as `actions.contents.ContentInput` names them."""
    found = []
    if words.link and not is_web_address(words.link):
        found.append(Fault("bad_link", "link"))
    if any(_unknown(said.variants.get(key), own) for key, own in words.variants.items()):
        found.append(Fault("no_own_words", "variants"))
    places = {where for where, shot in said.shots() if not (shot.decorative or shot.video)}
    for where, alt in words.alt_texts.items():
        facts = {"length": count(alt), "most": ALT_MOST, "place": int(where.rpartition(".")[2]) + 1}
        if where not in places:
            found.append(Fault("no_alt_there", "alt_texts"))
        elif facts["length"] > ALT_MOST:
            found.append(Fault("alt_too_long", f"{where}.alt_text", facts))
    return found


def _unknown(stands: Variant | None, own: OwnWords) -> bool:
    """Whether words are given for a channel that says the same as everywhere."""
    pairs = (
        (own.text, stands and stands.text),
        (own.first_comment, stands and stands.first_comment),
    )
    return any(given is not None and before is None for given, before in pairs)


def _new(before: str | None, given: str | None) -> str | None:
    return before if before is None or given is None else given


def _described(where: str, shots: Shots, alt_texts: Mapping[str, str]) -> Shots:
    return tuple(
        replace(shot, alt_text=alt_texts[place]) if place in alt_texts else shot
        for place, shot in placed(where, shots)
    )
