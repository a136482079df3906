"""A wish about a post that is out, in words: what was asked, whose turn it is, what comes next."""

from typing import Any

from app.connectors.reasons import Reason
from app.domain.publications import Wish
from app.foundation.i18n import N_, translations
from app.words.sentences import sentence
from app.words.statuses import EDITOR, NOBODY, Standing

SOMEBODY = N_("Somebody")
ASKED = {
    Wish.CORRECT: N_("%(who)s asked for the text of revision %(number)s on the live post."),
    Wish.REMOVE: N_("%(who)s asked that it is taken down."),
}
STILL = {
    Wish.CORRECT: N_("The public still reads the old text."),
    Wish.REMOVE: N_("It is still public."),
}
NEXT = {
    Wish.CORRECT: N_("It is being corrected: %(network)s is asked to exchange the text."),
    Wish.REMOVE: N_("It is being taken down: %(network)s is asked to delete it."),
    Wish.COMMENT: N_("Kuliss writes it at %(network)s."),
}
BY_HAND = {
    Wish.CORRECT: N_("Open it, correct it there, then say so here."),
    Wish.REMOVE: N_("Open it, take it down there, then say so here."),
    Wish.COMMENT: N_("Open the post, write the comment there, then say so here."),
}
# Said by the standing itself.
_OWN_WORDS = frozenset({Reason.NOT_OFFERED, Reason.UNCLEAR_ANSWER, Reason.NO_ANSWER})
NOT_OFFERED = N_("Kuliss can't do that at %(network)s.")


def wish_standing(wish: Any, network: str, locale: str) -> Standing:
    """The words for an open wish (a row of `queries.wishes`). `network`: its label."""
    if wish.kind is Wish.COMMENT:
        return _comment_standing(wish, network, locale)
    say = translations(locale).gettext
    facts = {"who": wish.person or say(SOMEBODY), "number": wish.revision, "network": network}
    told = [say(ASKED[wish.kind]) % facts]
    if wish.note:
        told.append(say(N_("“%(words)s”")) % {"words": wish.note})
    if wish.reason == Reason.NOT_OFFERED:
        told.append(say(NOT_OFFERED) % facts)
    elif wish.reason:
        told.append(sentence(wish.reason, locale))
    told.append(say(STILL[wish.kind]))
    if wish.by_hand:
        return Standing(" ".join(told), say(EDITOR), say(BY_HAND[wish.kind]))
    return Standing(" ".join(told), say(NOBODY), say(NEXT[wish.kind]) % facts)


_NOT_WRITTEN = N_("The first comment was not written.")
_NOT_CERTAIN = N_("It is not certain whether the first comment is there.")


def _comment_standing(wish: Any, network: str, locale: str) -> Standing:
    """Of a first comment: written soon, looked for after a doubt, asked about, or a person's to write."""
    say = translations(locale).gettext
    facts = {"network": network}
    doubt = wish.tried_at is not None
    why = sentence(wish.reason, locale) if wish.reason and wish.reason not in _OWN_WORDS else ""
    if wish.by_hand and doubt:
        happened = say(N_("Nobody knows for certain whether the first comment is there."))
        return Standing(happened, say(EDITOR), say(N_("Open the post, look at its comments, and answer.")))
    if wish.by_hand:
        unknown = say(N_("Which post it is there could not be told, so Kuliss can't write below it."))
        told = why or (unknown if wish.reason == Reason.NOT_OFFERED else "")
        happened = f"{say(_NOT_WRITTEN)} {told}".strip()
        return Standing(happened, say(EDITOR), say(BY_HAND[Wish.COMMENT]))
    if doubt:
        happened = f"{say(_NOT_CERTAIN)} {why}".strip()
        then = say(N_("Kuliss looks for it, and writes it only if it is not there."))
        return Standing(happened, say(NOBODY), then)
    happened = why or say(N_("The first comment is not written yet."))
    return Standing(happened, say(NOBODY), say(NEXT[Wish.COMMENT]) % facts)
