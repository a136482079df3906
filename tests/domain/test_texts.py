"""Counting and cutting as the networks do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.texts import (
    count,
    cut,
    hashtags,
    holds_link,
    host_of,
    is_web_address,
    mentions,
    normalise,
    same_words,
    with_link,
)


@pytest.mark.parametrize(("text", "length"), [("", 0), ("åäö", 3), ("👋", 2), ("👨‍👩‍👧", 8), ("a\nb", 3)])
def test_length_in_utf16_units(text: str, length: int) -> None:
    assert count(text) == length


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("With @library and @house.of_books.", ["@library", "@house.of_books"]),
        ("Write to info@library.example", []),
        ("(@one)@two @", ["@one", "@two"]),
        ("https://library.example/@one", []),
    ],
)
def test_mentions(text: str, found: list[str]) -> None:
    assert mentions(text) == found


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("See https://library.example/dogs.", True),
        ("See WWW.library.example", True),
        ("At library.example", False),
        ("awww.", False),
    ],
)
def test_a_link_in_a_text(text: str, there: bool) -> None:
    assert holds_link(text) is there


def test_a_link_at_the_end_of_a_text() -> None:
    link = "https://library.example/dogs"
    assert with_link("Dogs", link) == f"Dogs\n\n{link}"
    assert with_link("", link) == link
    assert with_link("Dogs", "") == "Dogs"
    assert with_link(f"Dogs: {link}!", link) == f"Dogs: {link}!"


@given(st.text(), st.integers(1, 50))
def test_a_cut_text_is_a_beginning_of_it_and_short_enough(text: str, shown: int) -> None:
    head, was_cut = cut(text, shown)
    assert text.startswith(head)
    assert count(head) <= shown
    assert was_cut == (count(text) > shown)


def test_cut_between_words() -> None:
    assert cut("one two three", 9) == ("one two", True)


@pytest.mark.parametrize(
    "link",
    ["https://kirjasto.example/syksy?x=1#y", "http://example.org", "https://bücher.example/ä"],
)
def test_web_addresses(link: str) -> None:
    assert is_web_address(link)


@pytest.mark.parametrize(
    "link",
    [
        "", "example.org", "ftp://example.org", "javascript:alert(1)", "https://", "https://localhost",
        "https://user:word@example.org", "https://a b.org", "https://example.org:99999", "https://[x]/",
        "//example.org",
    ],
)  # fmt: skip
def test_what_is_no_web_address(link: str) -> None:
    assert not is_web_address(link)


def test_small_things() -> None:
    assert normalise("  a\r\nb\r\x00c ") == "a\nb\nc"
    assert hashtags("#Läsning a#b #2024 https://x.org/#y #KoivurantaLibrary") == [
        "#Läsning",
        "#KoivurantaLibrary",
    ]
    assert host_of("https://www.example.org/x") == "example.org"


def test_words_are_the_same_however_their_letters_are_written() -> None:
    """Typed on one system, an ä is two signs; a network may keep it as one."""
    assert same_words("Va\u0308lkommen  in", "V\u00e4lkommen in")
    assert not same_words("Valkommen in", "V\u00e4lkommen in")
