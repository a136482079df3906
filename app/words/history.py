"""History in words: kinds of things, what was done to them, from which state to which, and the details."""

from collections.abc import Mapping
from typing import Any

from app.domain.history_facts import NOTHING, Known
from app.foundation.former import FORMER, called
from app.foundation.i18n import N_, translations
from app.words import history_facts

THINGS: dict[str, str] = {
    "post": N_("Post"),
    "publication": N_("Publication"),
    "channel": N_("Channel"),
    "person": N_("Person"),
    "unit": N_("Unit"),
    "asset": N_("Picture or video"),
    "example": N_("Example library"),
    "idea": N_("Idea"),
    "idea_door": N_("Open link for ideas"),
    "strategy": N_("Strategy"),
    "token": N_("API token"),
    "feed": N_("Calendar feed"),
}
VERBS: dict[str, str] = {
    "accepted": N_("made into a post"),
    "account_linked": N_("linked to a work account"),
    "account_unlinked": N_("no longer linked to a work account"),
    "activated": N_("account opened again"),
    "added": N_("added"),
    "adopted": N_("taken into force"),
    "aimed": N_("its goal or pillar named"),
    "answered_no": N_("answered: it is not there"),
    "answered_yes": N_("answered: it is there"),
    "app_changed": N_("its Meta app changed"),
    "approved": N_("approved"),
    "assigned": N_("handed to somebody"),
    "became_another": N_("goes on as the channel that was connected"),
    "cancelled": N_("cancelled"),
    "changed": N_("changed"),
    "changes_requested": N_("changes asked"),
    "closed": N_("closed"),
    "closing_begun": N_("closing begun"),
    "closing_given_up": N_("not closed after all"),
    "closed_for_comments": N_("closed for comments"),
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
    "declined": N_("answered with no"),
    "deactivated": N_("account closed"),
    "described": N_("described"),
    "discarded": N_("thrown away"),
    "done": N_("posted by hand"),
    "edited": N_("edited"),
    "fell_silent": N_("no post for 21 days"),
    "found_gone": N_("found gone"),
    "found_out": N_("found public"),
    "found_paid_said": N_("said of found posts whether paid"),
    "handed_over": N_("handed over"),
    "held": N_("held"),
    "hold_ended": N_("one hold ended"),
    "invited_again": N_("invitation sent again"),
    "keepers_named": N_("owner and deputy named"),
    "link_made": N_("one-time link made"),
    "made": N_("made"),
    "made_active": N_("made active"),
    "meta_app_removed": N_("Meta app removed"),
    "meta_app_set": N_("Meta app entered"),
    "merged": N_("put together with another"),
    "missed": N_("missed its time"),
    "moved": N_("moved"),
    "moved_below": N_("moved below another"),
    "hours_changed": N_("working hours changed"),
    "mails_chosen": N_("mails chosen"),
    "name_erased": N_("name erased"),
    "not_silent": N_("posts come again"),
    "opened": N_("opened again"),
    "opened_for_comments": N_("opened for comments"),
    "paid_said": N_("said whether paid"),
    "parked": N_("kept for later"),
    "password_changed": N_("password changed"),
    "password_forgotten": N_("asked for a new password"),
    "plan_written": N_("its plan written"),
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
    "reopened": N_("waits again"),
    "restored": N_("brought back"),
    "revoked": N_("revoked"),
    "roles": N_("roles changed"),
    "second_factor_not_wanted": N_("second factor no longer wanted"),
    "second_factor_removed": N_("second factor removed"),
    "second_factor_set": N_("second factor set up"),
    "second_factor_wanted": N_("second factor wanted of people with powers"),
    "sender_deleted": N_("deleted by whoever sent it"),
    "sent": N_("sent"),
    "shared": N_("shared with the units below"),
    "shown_elsewhere": N_("shown by somebody else"),
    "sign_in_died": N_("sign-in no longer accepted"),
    "sign_in_taken_over": N_("another sign-in took over"),
    "signed_out": N_("signed out"),
    "signed_out_everywhere": N_("signed out everywhere"),
    "spam": N_("something that was no idea deleted"),
    "stage_anew": N_("to be laid ready again"),
    "stand_in_ended": N_("deputy for some days ended"),
    "stand_in_named": N_("deputy named for some days"),
    "still_hidden": N_("still hidden"),
    "stopped_with_all": N_("stopped with the queue"),
    "strategy_taken_back": N_("made a draft again"),
    "submitted": N_("handed in for review"),
    "taken_down": N_("taken down"),
    "taken_down_by_hand": N_("taken down by hand"),
    "taken_up": N_("considered again"),
    "to_do": N_("became a task"),
    "token_removed": N_("a sign-in removed"),
    "tones_said": N_("tones of found posts said"),
    "unit_came": N_("a unit came below it"),
    "unit_left": N_("a unit left"),
    "turned_down": N_("decided not to be there"),
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
    "door": N_("Somebody over an open link"),
    "mail": N_("Somebody over the link in a mail"),
}


def thing(name: str, locale: str) -> str:
    """A kind of thing: "Post". One without a word of its own keeps its name."""
    return translations(locale).gettext(THINGS[name]) if name in THINGS else _plain(name)


def verb(name: str, locale: str) -> str:
    """What was done: "approved"."""
    return translations(locale).gettext(VERBS[name]) if name in VERBS else _plain(name)


def who(person_id: int | None, name: str, via: str, locale: str) -> str:
    """Who did it: a person's name, or what it was that no person did."""
    if name or person_id:
        return called(name or FORMER, locale)
    return translations(locale).gettext(VIA.get(via, VIA["clock"]))


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


def details(facts: Mapping[str, Any], zone: str, locale: str, known: Known = NOTHING) -> str:
    """The facts of an event on one line; instants in local words, codes of reasons as sentences.

    `known`: the names of today behind its numbers.
    """
    return "; ".join(
        f"{history_facts.label(name, locale)}: {history_facts.told(name, value, known, zone, locale)}"
        for name, value in facts.items()
        if value not in (None, "", [], {}) and value is not False
    )


def _plain(name: str) -> str:
    return name.replace("_", " ")
