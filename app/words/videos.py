"""The words for the form of a post and for whether a video can be followed without hearing it."""

from app.domain.networks import Format
from app.domain.videos import Captions
from app.foundation.i18n import N_, translations

FORMATS: dict[Format, str] = {
    Format.POST: N_("Post in the flow"),
    Format.REEL: N_("Reel: one upright video"),
    Format.STORY: N_("Story: gone after a day"),
}
SHORT: dict[Format, str] = {
    Format.POST: N_("Post"),
    Format.REEL: N_("Reel"),
    Format.STORY: N_("Story"),
}
CAPTIONS: dict[Captions, str] = {
    Captions.SHOWN: N_("The words can be read in the picture"),
    Captions.SILENT: N_("Nothing is said in it"),
    Captions.LATER: N_("Not yet"),
}


def format_options(locale: str) -> list[tuple[str, str]]:
    """The forms to choose from: (value, words)."""
    say = translations(locale).gettext
    return [(one.value, say(words)) for one, words in FORMATS.items()]


def caption_options(locale: str) -> list[tuple[str, str]]:
    """The answers to choose from: (value, words)."""
    say = translations(locale).gettext
    return [(one.value, say(words)) for one, words in CAPTIONS.items()]
