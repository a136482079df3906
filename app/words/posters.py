"""What stands on the poster of a door for ideas, in the language of whoever shall read it there."""

from dataclasses import dataclass

from app.foundation.i18n import N_, translations

_TITLE = N_("Do you have an idea for us?")
_LEAD = N_("What should the library tell about? A sentence and a photo are enough.")
_STEPS = (
    N_("Point your phone’s camera at the square."),
    N_("Write what it is about. Add a photo if you like."),
    N_("Send it. Somebody here reads it, and you can see what becomes of it."),
)
_OR = N_("Or type this address:")
_SMALL = N_("You need no account, and you need not say who you are.")
_PICTURE = N_("QR code with the address that stands below it")


@dataclass(frozen=True)
class Poster:
    """The sentences of a poster."""

    title: str
    lead: str
    steps: tuple[str, ...]
    otherwise: str
    small: str
    picture: str


def poster(locale: str) -> Poster:
    """The poster in one of our languages."""
    say = translations(locale).gettext
    return Poster(say(_TITLE), say(_LEAD), tuple(map(say, _STEPS)), say(_OR), say(_SMALL), say(_PICTURE))
