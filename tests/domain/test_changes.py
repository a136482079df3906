"""Comparing two texts: nothing is lost or made up, whatever they are."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.changes import Change, Piece, compare

_texts = st.text(alphabet="ab \n#é", max_size=60)


def test_the_words_that_differ_are_told() -> None:
    assert compare("a red face. Don’t worry!\n\nBring it.", "a red face. It happened.\n\nBring it.") == [
        Piece(Change.SAME, "a red face."),
        Piece(Change.REMOVED, " Don’t worry!"),
        Piece(Change.ADDED, " It happened."),
        Piece(Change.SAME, "\n\nBring it."),
    ]


def test_nothing_and_something() -> None:
    assert compare("", "") == []
    assert compare("", "New") == [Piece(Change.ADDED, "New")]
    assert compare("Old", "") == [Piece(Change.REMOVED, "Old")]


@given(_texts, _texts)
def test_both_texts_can_be_read_from_the_pieces(old: str, new: str) -> None:
    pieces = compare(old, new)
    assert "".join(piece.text for piece in pieces if piece.change is not Change.ADDED) == old
    assert "".join(piece.text for piece in pieces if piece.change is not Change.REMOVED) == new


def test_very_long_texts_are_shown_as_written_anew() -> None:
    old, new = "a " * 5000 + "x", "b " * 5000 + "x"
    assert [piece.change for piece in compare(old, new)] == [Change.REMOVED, Change.ADDED, Change.SAME]
