"""History in words: kinds of things, what was done to them, from which state to which, and the details."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from app.foundation.i18n import N_, format_instant, translations
from app.words.sentences import sentence, table

THINGS: dict[str, str] = {
    "post": N_("Post"),
    "publication": N_("Publication"),
    "channel": N_("Channel"),
    "person": N_("Person"),
    "unit": N_("Unit"),
    "asset": N_("Picture or video"),
    "token": N_("API token"),
    "feed": N_("Calendar feed"),
}
VERBS: dict[str, str] = {
    "account_linked": N_("linked to a work account"),
    "account_unlinked": N_("no longer linked to a work account"),
    "activated": N_("account opened again"),
    "added": N_("added"),
    "answered_no": N_("answered: it is not there"),
    "answered_yes": N_("answered: it is there"),
    "app_changed": N_("its Meta app changed"),
    "approved": N_("approved"),
    "assigned": N_("handed to somebody"),
    "cancelled": N_("cancelled"),
    "changed": N_("changed"),
    "changes_requested": N_("changes asked"),
    "closed": N_("closed"),
    "coming_out": N_("taken by the network"),
    "comment_again": N_("first comment to be written again"),
    "comment_by_hand": N_("first comment to be written by hand"),
    "comment_left_out": N_("first comment left out"),
    "comment_there": N_("first comment is there"),
    "comment_unsure": N_("first comment in doubt"),
    "commented": N_("first comment written"),
    "connected": N_("connected"),
    "copied": N_("copied from another"),
    "correct_by_hand": N_("to be corrected by hand"),
    "corrected": N_("corrected there"),
    "corrected_by_hand": N_("corrected by hand"),
    "corrected_in_review": N_("corrected in review"),
    "correction_asked": N_("correction asked"),
    "created": N_("begun"),
    "deactivated": N_("account closed"),
    "described": N_("described"),
    "done": N_("posted by hand"),
    "edited": N_("edited"),
    "found_gone": N_("found gone"),
    "found_out": N_("found public"),
    "found_paid_said": N_("said of found posts whether paid"),
    "held": N_("held"),
    "hold_ended": N_("one hold ended"),
    "link_made": N_("one-time link made"),
    "made": N_("made"),
    "meta_app_removed": N_("Meta app removed"),
    "meta_app_set": N_("Meta app entered"),
    "missed": N_("missed its time"),
    "moved": N_("moved"),
    "opened": N_("opened again"),
    "paid_said": N_("said whether paid"),
    "password_changed": N_("password changed"),
    "password_forgotten": N_("asked for a new password"),
    "planned": N_("given a time"),
    "promised": N_("its rhythm promised"),
    "published": N_("published"),
    "published_now": N_("sent out at once"),
    "reconnected": N_("connected again"),
    "recovery_code_used": N_("signed in with a recovery code"),
    "recovery_codes_made": N_("new recovery codes made"),
    "rejected": N_("sent back"),
    "released": N_("released"),
    "removal_asked": N_("taking down asked"),
    "remove_by_hand": N_("to be taken down by hand"),
    "removed": N_("removed"),
    "renewed": N_("renewed"),
    "restored": N_("brought back"),
    "revoked": N_("revoked"),
    "roles": N_("roles changed"),
    "second_factor_not_wanted": N_("second factor no longer wanted"),
    "second_factor_removed": N_("second factor removed"),
    "second_factor_set": N_("second factor set up"),
    "second_factor_wanted": N_("second factor wanted of people with powers"),
    "shared": N_("shared with the units below"),
    "shown_elsewhere": N_("shown by somebody else"),
    "sign_in_died": N_("sign-in no longer accepted"),
    "sign_in_taken_over": N_("another sign-in took over"),
    "signed_out": N_("signed out"),
    "signed_out_everywhere": N_("signed out everywhere"),
    "stage_anew": N_("to be laid ready again"),
    "still_hidden": N_("still hidden"),
    "stopped_with_all": N_("stopped with the queue"),
    "submitted": N_("handed in for review"),
    "taken_down": N_("taken down"),
    "taken_down_by_hand": N_("taken down by hand"),
    "to_do": N_("became a task"),
    "token_removed": N_("a sign-in removed"),
    "tones_said": N_("tones of found posts said"),
    "unapproved": N_("its yes taken back"),
    "unshared": N_("no longer shared"),
    "unsure": N_("in doubt"),
    "wish_given_up": N_("left as it is"),
    "withdrawn": N_("withdrawn"),
    "zone_changed": N_("moved by a new rule of its time zone"),
}
VIA: dict[str, str] = {
    "clock": N_("Kuliss"),
    "cli": N_("The command line"),
    "web": N_("Somebody"),
    "api": N_("A program"),
}
ERASED = N_("Somebody (name erased)")
_INSTANTS = frozenset({"due_at", "at", "until"})


def thing(name: str, locale: str) -> str:
    """A kind of thing: "Post". One without a word of its own keeps its name."""
    return translations(locale).gettext(THINGS[name]) if name in THINGS else _plain(name)


def verb(name: str, locale: str) -> str:
    """What was done: "approved"."""
    return translations(locale).gettext(VERBS[name]) if name in VERBS else _plain(name)


def who(person_id: int | None, name: str, via: str, locale: str) -> str:
    """Who did it: a person's name, or what it was that no person did."""
    if name:
        return name
    return translations(locale).gettext(ERASED if person_id else VIA.get(via, VIA["clock"]))


def things(locale: str) -> list[tuple[str, str]]:
    """Kinds of things to choose from, in their usual order."""
    say = translations(locale).gettext
    return [(name, say(words)) for name, words in THINGS.items()]


def verbs(locale: str, chosen: str = "") -> list[tuple[str, str]]:
    """Verbs to choose from, by their words. `chosen`: one that is listed even if it has no word."""
    names = {*VERBS, chosen} - {""}
    return sorted(((name, verb(name, locale)) for name in names), key=lambda pair: pair[1].casefold())


def states(old: str | None, new: str | None, words: Mapping[str, str], locale: str) -> str:
    """From which state to which, "Draft → In review"; empty when none changed. `words`: state to its word."""
    say = translations(locale).gettext
    told = [say(words[each]) if each in words else _plain(each) for each in (old, new) if each]
    return " → ".join(dict.fromkeys(told)) if old != new else ""


def details(facts: Mapping[str, Any], zone: str, locale: str) -> str:
    """The facts of an event on one line; instants in local words, codes of reasons as sentences."""
    return "; ".join(
        f"{_plain(name)}: {_fact(name, value, zone, locale)}"
        for name, value in facts.items()
        if value not in (None, "", [], {})
    )


def _fact(name: str, value: Any, zone: str, locale: str) -> str:
    if isinstance(value, str) and name in _INSTANTS:
        try:
            return format_instant(datetime.fromisoformat(value), zone, locale, "long time")
        except ValueError:
            return value
    if name == "reason" and value in table():
        return sentence(value, locale)
    if isinstance(value, Mapping):
        return ", ".join(f"{_plain(str(key))} {_fact('', part, zone, locale)}" for key, part in value.items())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(_fact("", part, zone, locale) for part in value)
    return str(value)


def _plain(name: str) -> str:
    return name.replace("_", " ")
