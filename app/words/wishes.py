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
}
BY_HAND = {
    Wish.CORRECT: N_("Open it, correct it there, then say so here."),
    Wish.REMOVE: N_("Open it, take it down there, then say so here."),
}
NOT_OFFERED = N_("Kuliss can't do that at %(network)s.")


def wish_standing(wish: Any, network: str, locale: str) -> Standing:
    """The words for an open wish (a row of `queries.wishes`). `network`: its label."""
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
