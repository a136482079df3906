"""Words in files of units: headings and values, as they are written and as they are understood.

A file may come from a colleague with another language, so all four are understood at once. Headings stand
here and not in the catalogues: a file that was written once must be understood for ever.
"""

from collections.abc import Mapping
from functools import cache

from app.domain.units import UnitKind
from app.foundation.i18n import LOCALES, N_, NAMES, babel_locale, translations
from app.words.roles import UNIT_KINDS, kind_name

# Column -> its headings; the first of a language is the one that is written.
HEADS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "name": {"en": ("Name", "Unit"), "sv": ("Namn", "Enhet"), "fi": ("Nimi", "Yksikkö"), "nb": ("Navn",)},
    "kind": {"en": ("Kind", "Type"), "sv": ("Slag", "Typ"), "fi": ("Laji", "Tyyppi"), "nb": ("Slag", "Type")},
    "parent": {
        "en": ("Parent", "Belongs to", "Unit above"),
        "sv": ("Överordnad", "Hör till", "Enheten ovanför", "Enhet ovanför"),
        "fi": ("Yläyksikkö", "Kuuluu", "Ylempi yksikkö"), "nb": ("Overordnet", "Hører til", "Enheten over"),
    },
    "zone": {"en": ("Time zone", "Zone"), "sv": ("Tidszon",), "fi": ("Aikavyöhyke",), "nb": ("Tidssone",)},
    "locale": {
        "en": ("Language", "Locale"), "sv": ("Språk",), "fi": ("Kieli",), "nb": ("Språk", "Målform"),
    },
    "country": {"en": ("Country",), "sv": ("Land",), "fi": ("Maa",), "nb": ("Land",)},
    "population": {
        "en": ("Population", "Inhabitants"), "sv": ("Folkmängd", "Invånare"),
        "fi": ("Asukasluku", "Väestö", "Väkiluku"), "nb": ("Folketall", "Innbyggere"),
    },
    "opens_on": {
        "en": ("Opens on", "First day"), "sv": ("Öppnar", "Första dag"),
        "fi": ("Avataan", "Ensimmäinen päivä"), "nb": ("Åpner", "Første dag"),
    },
    "closes_on": {
        "en": ("Closes on", "Last day"), "sv": ("Stänger", "Sista dag"),
        "fi": ("Suljetaan", "Viimeinen päivä"), "nb": ("Stenger", "Siste dag"),
    },
}  # fmt: skip
EXAMPLES = (N_("North Area Library"), N_("Harbour Branch"), N_("The Bookmobile"))


def plain(words: str) -> str:
    """Words as they are compared: small letters, and neither blanks, hyphens nor low lines count."""
    return "".join(sign for sign in words.casefold() if sign not in " -_")


@cache
def columns() -> Mapping[str, str]:
    """Plain heading -> column: of every language, and the names that programs use."""
    found = {plain(column): column for column in HEADS}
    for column, heads in HEADS.items():
        found |= {plain(head): column for one in heads.values() for head in one}
    return found


def heads(locale: str) -> list[str]:
    """The headings of a file in one language, in the usual order."""
    return [one[locale][0] for one in HEADS.values()]


def head(column: str, locale: str) -> str:
    """The heading of a column."""
    return HEADS[column][locale][0]


@cache
def kinds() -> Mapping[str, UnitKind]:
    """Plain word -> kind of unit, of every language."""
    found = {plain(kind.value): kind for kind in UNIT_KINDS}
    return found | {plain(kind_name(kind, one)): kind for one in LOCALES for kind in UNIT_KINDS}


@cache
def languages() -> Mapping[str, str]:
    """Plain word -> locale: its code, or the language's own name."""
    return {plain(word): code for code, name in NAMES.items() for word in (code, name)}


@cache
def countries(codes: frozenset[str]) -> Mapping[str, str]:
    """Plain word -> code of a country: the code, or its name in one of the languages."""
    found = {plain(code): code for code in codes}
    for one in LOCALES:
        named = babel_locale(one).territories
        found |= {plain(str(named[code])): code for code in codes if code in named}
    return found


def examples(locale: str, top: str) -> list[list[str]]:
    """Rows to show what a file looks like, below the unit `top`."""
    say = translations(locale).gettext
    area, branch, mobile = (say(name) for name in EXAMPLES)
    kind = {one: kind_name(one, locale) for one in UnitKind}
    zone = {"sv": "Europe/Stockholm", "nb": "Europe/Oslo"}.get(locale, "Europe/Helsinki")
    country = {"sv": "SE", "nb": "NO"}.get(locale, "FI")
    language = "fi" if locale == "en" else locale
    return [
        [area, kind[UnitKind.AREA], top, "", "", "", "", "", ""],
        [branch, kind[UnitKind.BRANCH], area, zone, language, country, "8400", "2027-01-11", ""],
        [mobile, kind[UnitKind.BOOKMOBILE], top, "", "", "", "", "", "2027-05-31"],
    ]
