"""Every sentence of the code stands in every catalogue, translated, with its placeholders; none is left."""

import ast
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tools.catalogues import APP, LOCALES, extracted, is_missing, path_of


@pytest.fixture(scope="module")
def sentences() -> Catalog:
    """What the code says."""
    return extracted()


def catalogue(locale: str) -> Catalog:
    """What a locale's file says."""
    with path_of(locale).open("rb") as source:
        return read_po(source, locale=locale)


def keys(catalog: Catalog) -> set[tuple[str, str]]:
    """The sentences with their contexts."""
    return {(str(message.context or ""), str(message.id)) for message in catalog if message.id}


def texts(messages: list[Message]) -> list[str]:
    """The first form of each sentence."""
    return [message.id if isinstance(message.id, str) else message.id[0] for message in messages]


@pytest.mark.parametrize("locale", LOCALES)
def test_catalogues_hold_what_the_code_says(locale: str, sentences: Catalog) -> None:
    assert keys(catalogue(locale)) == keys(sentences), "make catalogues"


@pytest.mark.parametrize("locale", LOCALES)
def test_everything_is_translated(locale: str) -> None:
    assert texts([message for message in catalogue(locale) if is_missing(message)]) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_is_guessed(locale: str) -> None:
    assert texts([message for message in catalogue(locale) if message.fuzzy]) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_placeholders_are_the_same(locale: str) -> None:
    found = catalogue(locale)
    assert [f"{texts([message])}: {error}" for message in found for error in message.check(found)] == []


def said(source: Path) -> set[str]:
    """Sentences that a module hands to a reader's own gettext or ngettext, whatever name it has there."""
    tree = ast.parse(source.read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    ways = {name for node in ast.walk(tree) if isinstance(node, ast.Assign) for name in renamed(node)}
    return {
        node.args[0].value
        for node in calls
        if isinstance(node.func, ast.Name) and node.func.id in ways
        if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    }


def renamed(node: ast.Assign) -> set[str]:
    """Names that a line gives to some gettext: `say = translations(locale).gettext`."""
    found = set()
    for target in node.targets:
        pairs = [(target, node.value)]
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = list(zip(target.elts, node.value.elts, strict=True))
        for name, value in pairs:
            if isinstance(name, ast.Name) and isinstance(value, ast.Attribute) and "gettext" in value.attr:
                found.add(name.id)
    return found


def test_no_sentence_is_said_that_the_catalogues_never_see(sentences: Catalog) -> None:
    known = set(texts(list(sentences)))
    unseen = {path.name: said(path) - known for path in APP.rglob("*.py")}
    assert {name: lost for name, lost in unseen.items() if lost} == {}, "N_() marks a sentence"
