"""Words are compared as people here mean them: small or big, å ä ö ø æ apart, the beginning is enough."""

import pytest

from app.domain.finding import asked, begins, fold, fold_once, is_found, spots


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Reading dogs!", " reading dogs "),
        ("ÅÄÖ ØÆ", " åäö øæ "),
        ("A\u030a A\u0308", " å ä "),  # the same letters, written in two parts
        ("Café Ñandú", " cafe nandu "),
        ("straße", " strasse "),
        ("https://library.example/books_1", " https library example books 1 "),
        ("…", " "),
        ("", " "),
    ],
)
def test_texts_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("query", "text", "found", "first"),
    [
        ("LÄS", "Läshundar", True, True),
        ("las", "Läshundar", False, False),
        ("las", "Lasse läser", True, True),
        ("bussen", "Bokbussen kommer", True, False),
        ("hus", "Kulturhuset", False, False),  # a short part would be found everywhere
        ("dogs read", "Reading dogs", True, True),
        ("dogs cats", "Reading dogs", False, False),
        ("smør", "SMØRBRØD", True, True),
        ("smor", "SMØRBRØD", False, False),
    ],
)
def test_words_are_found(query: str, text: str, found: bool, first: bool) -> None:
    words = asked(query)
    assert is_found(words, fold(text)) is found
    assert begins(words, fold(text)) is first


def test_each_word_is_kept_once() -> None:
    assert fold_once("Dogs read, dogs listen, DOGS") == " dogs read listen "
    assert fold_once("") == " "


def test_at_most_six_words_are_looked_for() -> None:
    assert asked("a b A c d e f g") == ["a", "b", "c", "d", "e", "f"]
    assert asked("%_'\"") == []


def test_spots_stand_in_the_text_as_it_was_written() -> None:
    text = "Ett Café och ÖL, kafé"
    found = [text[start:end] for start, end in spots(["cafe", "öl", "caf"], text)]
    assert found == ["Café", "ÖL"]
