"""The numbers of the registry (`domain.metrics`) in words: their names, what they mean, where they break."""

from collections.abc import Mapping

from babel import dates

from app.domain.metrics import Break
from app.foundation.i18n import N_, babel_locale, translations

# Our name -> what it is called, what it means.
WORDS: Mapping[str, tuple[str, str]] = {
    "views": (N_("times shown"), N_("How often it was shown or played; one person may count several times.")),
    "reach": (
        N_("reach"),
        N_("How many different accounts saw it, as the network estimates. Never added up."),
    ),
    "clicks": (N_("clicks"), N_("How often somebody clicked on it, wherever that led.")),
    "reactions": (N_("reactions"), N_("Likes and the other signs that people leave with one press.")),
    "comments": (N_("comments"), N_("Comments and answers of others; our own first comment is taken off.")),
    "shares": (N_("shares"), N_("How often people passed it on, as far as the network sees that.")),
    "saves": (N_("saves"), N_("How often people put it aside for themselves. Facebook does not tell it.")),
    "followers": (N_("followers"), N_("Accounts that follow the page at the end of the day.")),
    "engagement": (N_("engagement"), N_("Reactions, comments, shares and saves together.")),
    "visits": (N_("visits"), N_("How often the page itself was opened.")),
}
BROKEN = N_(
    "From %(day)s on the network counts %(what)s in another way (%(after)s instead of %(before)s). What was "
    "before and after can't be held against each other."
)
BY_POSTS = N_(
    "The network tells no numbers of pages with fewer than 100 likes. These are added up from the posts "
    "themselves."
)
UNKNOWN = N_("a number")


def name(ours: str, locale: str) -> str:
    """What a number of ours is called."""
    return translations(locale).gettext(WORDS[ours][0] if ours in WORDS else UNKNOWN)


def meaning(ours: str, locale: str) -> str:
    """What it means."""
    return translations(locale).gettext(WORDS[ours][1])


def broken(where: Break, locale: str) -> str:
    """That a number breaks on a day."""
    day = dates.format_date(where.day, "long", locale=babel_locale(locale))
    words = {"day": day, "what": name(where.ours, locale), "before": where.before, "after": where.after}
    return translations(locale).gettext(BROKEN) % words


def by_posts(locale: str) -> str:
    """Why a small page's days are told by its posts."""
    return translations(locale).gettext(BY_POSTS)
