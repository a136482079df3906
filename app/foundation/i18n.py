"""Languages: catalogues made from their .po files, the choice of a language, local forms."""

import gettext as std_gettext
import io
import os
import sys
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers

LOCALES = ("en", "sv", "fi", "nb")
NAMES = {"en": "English", "sv": "Svenska", "fi": "Suomi", "nb": "Norsk"}
FOLDER = Path(__file__).parent.parent / "locale"
_ALIASES = {"no": "nb", "nn": "nb"}


def N_(message: str) -> str:  # noqa: N802 - the name that extraction knows
    """Mark a sentence for the catalogues where it can't be translated yet."""
    return message


@cache
def translations(locale: str) -> std_gettext.NullTranslations:
    """The catalogue of a locale of LOCALES; sentences that it lacks come back in English."""
    path = FOLDER / locale / "LC_MESSAGES" / "kuliss.po"
    if not path.exists():
        return std_gettext.NullTranslations()
    return std_gettext.GNUTranslations(io.BytesIO(compiled(path)))


def compiled(path: Path) -> bytes:
    """A .po file as gettext's .mo, kept beside Python's own compiled modules and with the same rules.

    To read the .po takes ten times as long, and some MB of memory that stay.
    """
    source = path.read_bytes()
    kept, known = path.parent / "__pycache__" / f"{path.stem}.mo", sha256(source).digest()
    with suppress(OSError):
        found = kept.read_bytes()
        if found.startswith(known):
            return found.removeprefix(known)
    made = _made(source)
    if not sys.dont_write_bytecode:
        with suppress(OSError):  # a folder that nobody may write in
            kept.parent.mkdir(exist_ok=True)
            part = kept.with_suffix(f".{os.getpid()}")
            part.write_bytes(known + made)
            part.replace(kept)
    return made


def _made(source: bytes) -> bytes:
    # Here, not above: read once for each change of a catalogue.
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    made = io.BytesIO()
    write_mo(made, read_po(io.BytesIO(source)))
    return made.getvalue()


def pick(accept_language: str | None, wanted: str | None = None) -> str:
    """The locale for a reader: their own choice, else the browser's best offer, else English."""
    if wanted in LOCALES:
        return wanted
    offers: list[tuple[float, str]] = []
    for part in (accept_language or "").split(","):
        tag, _, weight = part.strip().partition(";q=")
        code = tag.split("-")[0].lower()
        code = _ALIASES.get(code, code)
        if code in LOCALES:
            try:
                offers.append((float(weight or 1), code))
            except ValueError:
                continue
    return max(offers, key=lambda offer: offer[0])[1] if offers else "en"


@cache
def babel_locale(locale: str) -> Locale:
    """Babel's locale; English is written the European way, with a 24-hour clock."""
    return Locale.parse("en_GB" if locale == "en" else locale)


_PATTERNS = {
    "time": {"en": "H.mm", "sv": "H.mm", "fi": "H.mm", "nb": "H.mm"},
    "seconds": {"en": "H.mm.ss", "sv": "H.mm.ss", "fi": "H.mm.ss", "nb": "H.mm.ss"},
    "day": {"en": "EEE d MMM", "sv": "EEE d MMM", "fi": "ccc d.M.", "nb": "EEE d. MMM"},
    "long": {"en": "EEEE d MMMM y", "sv": "EEEE d MMMM y", "fi": "cccc d.M.y", "nb": "EEEE d. MMMM y"},
}


@lru_cache(4096)  # the same times stand in list after list
def format_instant(instant: datetime, zone: str, locale: str, style: str = "day time") -> str:
    """An instant in local words. style: one or more of time, seconds, day, long, with spaces between."""
    local = instant.astimezone(ZoneInfo(zone)) if instant.tzinfo else instant
    parts = [
        dates.format_datetime(local, _PATTERNS[name][locale], locale=babel_locale(locale))
        for name in style.split()
    ]
    return " ".join(parts)


def typed_number(value: float | Decimal, locale: str) -> str:
    """A number as a reader types it into a field: 1234,5."""
    return str(numbers.format_decimal(value, "0.###", locale=babel_locale(locale), group_separator=False))


def format_number(value: float, locale: str) -> str:
    """A number with the reader's separators: 12 345,6."""
    return numbers.format_decimal(value, locale=babel_locale(locale))
