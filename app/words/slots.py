"""How a week stands against what a channel promised, in the reader's language."""

from app.domain.slots import Kept, Promise
from app.foundation.i18n import N_, translations

RANGE = N_("%(planned)s of %(least)s–%(most)s promised")
LEAST = N_("%(planned)s of %(least)s promised")
ENDS = {
    Kept.SHORT: N_("short"),
    Kept.KEPT: "",
    Kept.OVER: N_("more than promised"),
}


def kept(promise: Promise | None, planned: int, locale: str) -> str:
    """A week with so many posts: "2 of 3 promised, short"; without a promise only how many there are."""
    words = translations(locale)
    if promise is None:
        return words.ngettext("%(num)s post", "%(num)s posts", planned) % {"num": planned}
    least, most = promise.at_least, promise.at_most
    pattern = LEAST if most is None or most == least else RANGE
    said = words.gettext(pattern) % {"planned": planned, "least": least, "most": most}
    end = ENDS[promise.kept(planned)]
    return f"{said}, {words.gettext(end)}" if end else said


def promised(promise: Promise | None, locale: str) -> str:
    """What is promised: "3–5 posts a week"; an empty text for nothing."""
    if promise is None:
        return ""
    words = translations(locale)
    least, most = promise.at_least, promise.at_most
    if most is None:
        many = words.ngettext("at least %(num)s post a week", "at least %(num)s posts a week", least)
        return many % {"num": least}
    if most == least:
        return words.ngettext("%(num)s post a week", "%(num)s posts a week", least) % {"num": least}
    return words.gettext("%(least)s–%(most)s posts a week") % {"least": least, "most": most}
