"""The library's accounts as anybody may know them, and the words about them for a privacy notice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.connectors import registry
from app.domain.networks import NetworkKind, Realm
from app.foundation.i18n import N_, translations
from app.foundation.settings import Settings
from app.words import channel_register as words

TITLE = N_("%(unit)s in social media")
INTRO = N_("You find us on these channels:")
NONE = N_("We are on no channel at present.")
COMPANY = N_(
    "Whoever visits us there, follows us or writes to us leaves data with the company that runs the network, "
    "also without an account. That company decides what it does with them, and tells it in its own notice."
)
TOGETHER = N_(
    "For the statistics of our pages we and that company are controllers together (Court of Justice of the "
    "European Union, C-210/16). We see figures in which nobody is named, and use them to plan our work."
)
OPEN_TO_ALL = N_(
    "What you write to us there can be read by others, and may become a public document. Send nothing "
    "private there. You reach us without any account too: at the library, by telephone and on our website."
)
CONTROLLER = N_("Controller: %(unit)s. Contact: [the contact of your data protection officer]")
PRACTICE = N_("practice")


@dataclass(frozen=True)
class Account:
    """A channel as it may be told to anybody. `language`: ISO 639; `address`: "" where none is known."""

    id: int
    name: str
    network: str
    address: str
    purpose: str
    language: str
    practice: bool


def account(row: Any, settings: Settings, locale: str) -> Account:
    """What of a channel (`queries.channel_register.Entry.row`) may be told to anybody."""
    by_hand = row.network is NetworkKind.MANUAL
    label = registry.network(row.network).profile.label
    there = "" if by_hand else registry.page_address(
        settings, row.network, row.realm, row.remote_id, row.name
    )  # fmt: skip
    return Account(
        id=row.id,
        name=row.name,
        network=words.network(row.network, row.service or "", label, locale),
        address=row.address or there,
        purpose=words.purposes(row.purposes or (), row.purpose or "", locale),
        language=row.language or row.locale,
        practice=row.realm is Realm.PRACTICE,
    )


def text(unit: str, accounts: Sequence[Account], locale: str) -> str:
    """The part of a privacy notice about channels, ready to copy; a placeholder stands for the contact."""
    say = translations(locale).gettext
    lines = [say(TITLE) % {"unit": unit}, "", say(INTRO if accounts else NONE)]
    lines += [f"– {_line(one, locale)}" for one in accounts]
    for paragraph in (COMPANY, TOGETHER, OPEN_TO_ALL) if accounts else ():
        lines += ["", say(paragraph)]
    return "\n".join([*lines, "", say(CONTROLLER) % {"unit": unit}])


def _line(one: Account, locale: str) -> str:
    """One line: "Koivuranta library (Facebook), https://…: Inspire, answer questions"."""
    network = f"{one.network}, {translations(locale).gettext(PRACTICE)}" if one.practice else one.network
    named = f"{one.name} ({network})"
    named = f"{named}, {one.address}" if one.address else named
    return f"{named}: {one.purpose}" if one.purpose else named
