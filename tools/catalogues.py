"""Brings app/locale up to date with the sentences in app/.

New sentences come in empty, gone ones go, and nothing is guessed from something alike: what is left to
translate is told at the end, and tests fail on it. English stands in the code, so its catalogue fills itself.
"""

from copy import deepcopy
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

APP = Path(__file__).parents[1] / "app"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
# Both as app/web/rendering.py has them; a template that can't be read stops the run.
OPTIONS = {"extensions": "jinja2.ext.do", "silent": "false"}
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None}
LOCALES = ("en", "sv", "fi", "nb")


def empty(locale: str | None = None) -> Catalog:
    """A catalogue without sentences."""
    us = "Kuliss contributors"
    return Catalog(
        locale,
        project="Kuliss",
        version="1",
        header_comment=f"# Kuliss. MIT licence, {us}.",
        copyright_holder=us,
        last_translator=us,
        language_team=us,
        msgid_bugs_address="-",
        charset="utf-8",
        fuzzy=False,
    )


def extracted() -> Catalog:
    """Every sentence of app/, without translations."""
    catalog = empty()
    options = {glob: OPTIONS for glob, method in METHODS if method == "jinja2"}
    for _, _, message, comments, context in extract_from_dir(
        APP, METHODS, options, KEYWORDS, ["Translators:"]
    ):
        catalog.add(message, None, auto_comments=comments, context=context)
    return catalog


def updated(locale: str, template: Catalog) -> Catalog:
    """The locale's catalogue with exactly the sentences of the template, keeping what is translated."""
    path = path_of(locale)
    catalog = empty(locale)
    if path.exists():
        with path.open("rb") as source:
            catalog = read_po(source, locale=locale)
    # The catalogue takes the template's messages as its own, so it gets a template of its own.
    catalog.update(deepcopy(template), no_fuzzy_matching=True, update_creation_date=False)
    for message in catalog:
        if locale == "en" and message.id:
            message.string = message.id
    return catalog


def path_of(locale: str) -> Path:
    """The file of a locale's catalogue."""
    return APP / "locale" / locale / "LC_MESSAGES" / "kuliss.po"


def is_missing(message: Message) -> bool:
    """Whether a translation, or one of its plural forms, is empty."""
    forms = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    return bool(message.id) and not all(forms)


def main() -> None:
    """Writes the four catalogues and says how many sentences each still lacks."""
    template = extracted()
    for locale in LOCALES:
        catalog = updated(locale, template)
        path = path_of(locale)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as target:
            write_po(target, catalog, width=110, no_location=True, sort_output=True, ignore_obsolete=True)
        missing = sum(is_missing(message) for message in catalog)
        print(f"{locale}: {len(catalog)} sentences, {missing} to translate")


if __name__ == "__main__":
    main()
