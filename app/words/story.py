"""The story of a publication: what people and the clock did, and every try at the network."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.history_facts import NOTHING, Known
from app.domain.publications import AttemptKind, Outcome
from app.domain.results import Paid
from app.foundation.former import FORMER, called
from app.foundation.i18n import N_, format_instant, translations
from app.words.history_facts import without_names
from app.words.results import PAID
from app.words.sentences import sentence

_K, _O = AttemptKind, Outcome


@dataclass(frozen=True)
class Step:
    """One line. state: ok, ask or no; "" where nothing is judged. took: seconds, or None.

    `facts`: what the network itself said, as (name, value), for whoever must ask there.
    """

    at: datetime
    state: str
    words: str
    took: float | None = None
    facts: list[tuple[str, str]] = field(default_factory=list)


SOMEBODY = N_("Somebody")
CLOCK = N_("Kuliss")
NOBODY = N_("nobody in particular")
EVENTS: dict[str, tuple[str, str]] = {
    "planned": ("", N_("%(who)s gave it its time, %(due)s.")),
    "approved": ("ok", N_("%(who)s said yes; it is planned.")),
    "moved": ("", N_("%(who)s gave it a new time, %(due)s.")),
    "published_now": ("", N_("%(who)s sent it out at once.")),
    "held": ("ask", N_("%(who)s holds it.")),
    "stopped": ("ask", N_("It stands still.")),
    "released": ("", N_("%(who)s released it.")),
    "cancelled": ("", N_("%(who)s cancelled it.")),
    "answered_no": ("", N_("%(who)s answered: it is not on the page.")),
    "found_out": ("ok", N_("%(who)s answered: it was out already.")),
    "answered_yes": ("ok", N_("%(who)s answered: it is on the page.")),
    "unapproved": ("ask", N_("%(who)s changed the post, so its yes does not count any more.")),
    "missed": ("no", N_("Its time passed and it did not go out.")),
    "published": ("ok", N_("It is public.")),
    "rejected": ("no", N_("It was sent back.")),
    "unsure": ("ask", N_("Nobody knows for certain whether it is public.")),
    "still_hidden": ("ask", N_("It is still hidden, so the same post is shown once more.")),
    "stage_anew": ("ask", N_("What lay ready is not there any more; it is laid ready once more.")),
    "zone_changed": ("ask", N_("The rules of the time zone have changed; its time is now %(due)s.")),
    "reconnected": ("ok", N_("%(who)s connected the channel again.")),
    "stopped_with_all": ("ask", N_("%(who)s stopped the queue.")),
    "hold_ended": ("", N_("%(who)s ended one reason to hold it. Another is left.")),
    "to_do": ("", N_("It is a person's turn: no program reaches this channel.")),
    "assigned": ("", N_("%(who)s said who posts it: %(name)s.")),
    "handed_over": ("", N_("%(who)s handed it over from %(of)s to %(name)s.")),
    "done": ("ok", N_("%(who)s posted it by hand.")),
    "correction_asked": ("", N_("%(who)s asked for the newest text on the live post.")),
    "corrected": ("ok", N_("The live post has the new text.")),
    "corrected_by_hand": ("ok", N_("%(who)s corrected it there by hand.")),
    "correct_by_hand": ("ask", N_("The new text was not taken, so a person must correct it there.")),
    "removal_asked": ("ask", N_("%(who)s asked that it is taken down.")),
    "taken_down": ("ok", N_("It was taken down.")),
    "taken_down_by_hand": ("ok", N_("%(who)s took it down by hand.")),
    "remove_by_hand": ("ask", N_("It was not taken down, so a person must do it there.")),
    "wish_given_up": ("", N_("%(who)s left the post as it is.")),
    "coming_out": ("", N_("The network took it and makes it public by itself.")),
    "shown_elsewhere": ("ask", N_("What lay hidden at the network was shown there by somebody else.")),
    "commented": ("ok", N_("The first comment is there.")),
    "comment_unsure": ("ask", N_("Nobody knows for certain whether the first comment is there.")),
    "comment_by_hand": ("ask", N_("The first comment was not taken, so a person must write it there.")),
    "comment_there": ("ok", N_("%(who)s answered: the first comment is there.")),
    "comment_again": ("", N_("%(who)s answered: the first comment is not there. It shall be written.")),
    "comment_left_out": ("", N_("%(who)s left the first comment out.")),
    "paid_said": ("", N_("%(who)s said of money behind it: %(paid)s.")),
    "found_gone": ("ask", N_("It is not on the page any more.")),
}
QUOTED = N_("“%(words)s”")
OTHER_EVENT = ("", N_("%(who)s changed it."))
DONE: dict[AttemptKind, str] = {
    _K.STAGE: N_("Laid it ready at the network, hidden."),
    _K.SHOW: N_("Showed it."),
    _K.LOOK: N_("Looked at the network."),
    _K.DISCARD: N_("Cleared away what lay hidden."),
    _K.CORRECT: N_("Exchanged the text."),
    _K.REMOVE: N_("Deleted it at the network."),
    _K.FIND: N_("Found the post's number and address."),
    _K.COMMENT: N_("Wrote the first comment."),
}
UNDER_WAY: dict[AttemptKind, str] = {
    _K.STAGE: N_("Laying it ready, hidden."),
    _K.SHOW: N_("Asking the network to show it."),
    _K.LOOK: N_("Looking at the network."),
    _K.DISCARD: N_("Clearing away what lies hidden."),
    _K.CORRECT: N_("Exchanging the text."),
    _K.REMOVE: N_("Asking the network to delete it."),
    _K.FIND: N_("Looking for the post's number and address."),
    _K.COMMENT: N_("Seeing to the first comment."),
}
TRIED: dict[AttemptKind, str] = {
    _K.STAGE: N_("Tried to lay it ready."),
    _K.SHOW: N_("Asked the network to show it."),
    _K.LOOK: N_("Tried to look."),
    _K.DISCARD: N_("Tried to clear away what lies hidden."),
    _K.CORRECT: N_("Tried to exchange the text."),
    _K.REMOVE: N_("Asked the network to delete it."),
    _K.FIND: N_("Looked for the post's number and address."),
    _K.COMMENT: N_("Saw to the first comment."),
}
SEEN: dict[Outcome, tuple[str, str]] = {
    _O.LIVE: ("ok", N_("Looked: it is public.")),
    _O.HIDDEN: ("ok", N_("Looked: it lies there, hidden.")),
    _O.GONE: ("no", N_("Looked: it is not there.")),
    _O.UNKNOWN: ("ask", N_("Looked: the network does not tell.")),
}
CLEARED: dict[Outcome, tuple[str, str]] = {
    _O.GONE: ("ok", N_("Cleared away what lay hidden.")),
    _O.LIVE: ("ask", N_("Cleared nothing away: it is public.")),
}
ENDED: dict[Outcome, tuple[str, str]] = {
    _O.LATER: ("ask", N_("Not now.")),
    _O.LIMITED: ("ask", N_("The network asks us to wait.")),
    _O.RECONNECT: ("no", N_("The channel must be connected again.")),
    _O.REJECTED: ("no", N_("The network said no.")),
    _O.NO_ANSWER: ("ask", N_("No clear answer came.")),
    _O.LOST: ("ask", N_("Kuliss was stopped before the answer came.")),
    _O.UNKNOWN: ("ask", N_("The network does not tell.")),
    _O.HIDDEN: ("ask", N_("It still lies there, hidden.")),
    _O.NOT_YET: ("ask", N_("The network still works at it.")),
}
FOUND: dict[Outcome, tuple[str, str]] = {
    _O.LIVE: ("ok", N_("Found the post's number and address.")),
    _O.UNKNOWN: ("ask", N_("The network does not list it yet.")),
}
COMMENTED: dict[Outcome, tuple[str, str]] = {
    _O.LIVE: ("ok", N_("Looked: the first comment is there.")),
    _O.GONE: ("ask", N_("Looked: the first comment is not there.")),
    _O.UNKNOWN: ("ask", N_("Looked for the first comment: the network does not tell.")),
}

JUDGED = {_K.LOOK: SEEN, _K.DISCARD: CLEARED, _K.FIND: FOUND, _K.COMMENT: COMMENTED}


def story(
    events: Sequence[Any], attempts: Sequence[Any], zone: str, locale: str, known: Known = NOTHING
) -> list[Step]:
    """Rows of history and of attempts as one list of steps, in order of time. `known`: names in the facts."""
    steps = [_event(row, zone, locale, known) for row in events] + [_attempt(row, locale) for row in attempts]
    return sorted(steps, key=lambda step: step.at)


def _event(row: Any, zone: str, locale: str, known: Known) -> Step:
    say = translations(locale).gettext
    state, words = EVENTS.get(_verb(row), OTHER_EVENT)
    who = _starting(row.person or "", locale) or say(CLOCK if row.via == "clock" else SOMEBODY)
    due = _instant(row.facts.get("due_at"), zone, locale)
    name = _named(row, "to", known, locale) or say(NOBODY)
    paid = say(PAID[row.facts.get("paid", Paid.UNKNOWN)])
    of = _named(row, "of", known, locale) or say(NOBODY)
    told = [say(words) % {"who": who, "due": due, "name": name, "paid": paid, "of": of}]
    if row.facts.get("note"):
        told.append(say(QUOTED) % {"words": row.facts["note"]})
    if row.facts.get("reason"):
        told.append(sentence(row.facts["reason"], locale))
    return Step(row.at, state, " ".join(told))


def _verb(row: Any) -> str:
    """The same verb means another thing when it was the answer to a proposal, or done by the clock."""
    if row.verb == "planned" and row.old_state:
        return "approved"
    return "stopped" if row.verb == "held" and row.person is None else str(row.verb)


def _instant(text: Any, zone: str, locale: str) -> str:
    try:
        return format_instant(datetime.fromisoformat(str(text)), zone, locale)
    except ValueError:
        return "…"


def _attempt(row: Any, locale: str) -> Step:
    state, words = _outcome(row, locale)
    took = (row.ended_at - row.started_at).total_seconds() if row.ended_at else None
    return Step(row.started_at, state, words, took, _facts(row, locale))


def _outcome(row: Any, locale: str) -> tuple[str, str]:
    say = translations(locale).gettext
    if row.outcome is None:
        return "", say(UNDER_WAY[row.kind])
    if row.outcome is _O.OK:
        return "ok", say(DONE[row.kind])
    told = JUDGED.get(row.kind, {}).get(row.outcome)
    if told:
        return told[0], say(told[1])
    state, words = ENDED.get(row.outcome, ("ask", ""))
    why = sentence(row.reason, locale) if row.reason else say(words)
    return state, f"{say(TRIED[row.kind])} {why}".strip()


def _named(row: Any, key: str, known: Known, locale: str) -> str:
    """The name of today behind a number; before history held numbers alone the name itself stood there."""
    old = without_names(row.verb, row.facts, known, locale).get("name", "") if key == "to" else ""
    return called(known.people.get(row.facts.get(key) or 0, ""), locale) or old


def _starting(name: str, locale: str) -> str:
    """A name with which a sentence begins: words that stand for an erased one get a capital letter."""
    words = called(name, locale)
    return words[:1].upper() + words[1:] if name == FORMER else words


def _facts(row: Any, locale: str) -> list[tuple[str, str]]:
    say = translations(locale).gettext
    code = " / ".join(str(part) for part in (row.code, row.subcode) if part is not None)
    told = (
        (say(N_("The network's words")), row.message),
        (say(N_("Code")), code),
        (say(N_("Trace id")), row.trace_id),
    )
    return [(name, value) for name, value in told if value]
