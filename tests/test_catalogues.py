"""Every sentence of the code stands in every catalogue, translated, with its placeholders; none is left."""

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tools.catalogues import LOCALES, extracted, is_missing, path_of


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
