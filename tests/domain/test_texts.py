"""Counting and cutting as the networks do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.texts import (
    TextLimits,
    check_fit,
    count,
    cut,
    hashtags,
    host_of,
    is_web_address,
    normalise,
)

LIMITS = TextLimits(most=20, shown=10)


@pytest.mark.parametrize(("text", "length"), [("", 0), ("åäö", 3), ("👋", 2), ("👨‍👩‍👧", 8), ("a\nb", 3)])
def test_length_in_utf16_units(text: str, length: int) -> None:
    assert count(text) == length


def test_fit() -> None:
    assert check_fit("x" * 20, "", LIMITS) == []
    assert check_fit("", "https://example.org", LIMITS) == []
    assert [fault.code for fault in check_fit("", "", LIMITS)] == ["text_missing"]
    too_long = check_fit("x" * 21, "", LIMITS)[0]
    assert (too_long.code, too_long.field, too_long.params) == (
        "text_too_long",
        "text",
        {"length": 21, "most": 20},
    )


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
