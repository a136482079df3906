"""The words for who is shown in a picture and why it may be published, in the reader's language."""

from app.domain.pictures import Rights, Shown
from app.foundation.i18n import N_, translations

SHOWN: dict[Shown, str] = {
    Shown.NOBODY: N_("Nobody who can be recognised"),
    Shown.STAFF: N_("Staff"),
    Shown.ADULTS: N_("Adults who visit"),
    Shown.CHILDREN: N_("Children"),
}
_SHOWN_MORE: dict[Shown, str] = {
    Shown.STAFF: N_("They said yes to this picture."),
    Shown.ADULTS: N_("They said yes, best in writing."),
    Shown.CHILDREN: N_(
        "Their guardians must say yes in writing. Without that, choose a picture of hands, backs or things."
    ),
}
RIGHTS: dict[Rights, str] = {
    Rights.OWN: N_("Taken by our own staff"),
    Rights.PERMISSION: N_("Whoever made it said yes"),
    Rights.LICENCE: N_("An open licence, named in the credit"),
    Rights.BOUGHT: N_("Bought from a picture agency"),
    Rights.FREE: N_("The protection has ended"),
}


def shown_name(shown: Shown, locale: str) -> str:
    """Who is shown, in short: "Children"."""
    return translations(locale).gettext(SHOWN[shown])


def shown_options(locale: str) -> list[tuple[str, str, str]]:
    """Who may be shown, to choose from: (value, words, what it asks for)."""
    say = translations(locale).gettext
    return [
        (shown.value, say(words), say(_SHOWN_MORE[shown]) if shown in _SHOWN_MORE else "")
        for shown, words in SHOWN.items()
    ]


def rights_options(locale: str) -> list[tuple[str, str]]:
    """Why we may publish it, to choose from: (value, words)."""
    say = translations(locale).gettext
    return [(rights.value, say(words)) for rights, words in RIGHTS.items()]
