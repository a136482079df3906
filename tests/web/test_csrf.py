"""A form is ours when the browser says so and the token fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Forbidden
from app.web import csrf

ORIGIN = "https://kuliss.example"
SECRET = "the-secret-of-a-session"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_masked_secret_comes_back(secret: str) -> None:
    assert csrf.unmask(csrf.mask(secret)) == secret


def test_a_secret_never_looks_the_same_twice() -> None:
    assert len({csrf.mask(SECRET) for _ in range(50)}) == 50


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_nothing_else_is_a_token(token: str) -> None:
    assert csrf.unmask(token) != SECRET


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"origin": ORIGIN},
        {"origin": "http://127.0.0.1:8000", "host": "127.0.0.1:8000"},
        {"sec-fetch-site": "same-origin", "origin": "null"},
    ],
)
def test_our_own_forms_pass(headers: dict[str, str]) -> None:
    csrf.check(headers, csrf.mask(SECRET), secret=SECRET, origin=ORIGIN)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": ORIGIN},
        {"origin": "https://evil.example", "host": "kuliss.example"},
        {"origin": "null", "host": "kuliss.example"},
        {"origin": "http://[", "host": "kuliss.example"},
        {"origin": "null"},
    ],
)
def test_forms_from_elsewhere_are_refused_with_the_right_token(headers: dict[str, str]) -> None:
    with pytest.raises(Forbidden, match="foreign_form"):
        csrf.check(headers, csrf.mask(SECRET), secret=SECRET, origin=ORIGIN)


@pytest.mark.parametrize(
    "token",
    ["", "x", SECRET, csrf.mask("another"), csrf.mask(""), "\u00e5\U0001f4da"],
    ids=["empty", "rubbish", "the-secret-itself", "another", "of-nobody", "letters"],
)
def test_a_token_of_another_session_is_refused(token: str) -> None:
    with pytest.raises(Forbidden, match="stale_form"):
        csrf.check({}, token, secret=SECRET, origin=ORIGIN)


def test_no_session_has_no_token() -> None:
    with pytest.raises(Forbidden, match="stale_form"):
        csrf.check({}, csrf.mask(""), secret="", origin=ORIGIN)
