"""Comparing two texts or two lists of pictures: nothing is lost or made up, whatever they are."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.domain.changes import (
    Change,
    Difference,
    PictureChange,
    Piece,
    compare,
    compare_contents,
    compare_pictures,
)
from app.domain.contents import Contents, Shot, Variant
from app.domain.networks import NetworkKind
from app.domain.pictures import Box

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


A, B, C, D = (Shot(number, alt_text=f"Picture {number}") for number in range(1, 5))
_lists = st.lists(st.sampled_from([A, B, C, D, replace(A, alt_text="Anew")]), max_size=6)


def steps(old: list[Shot], new: list[Shot]) -> list[tuple[PictureChange, int]]:
    return [(step.change, step.place) for step in compare_pictures(old, new)]


def test_pictures_that_came_and_went() -> None:
    assert steps([A, B], [A, B]) == []
    assert steps([A, B], [C, A]) == [(PictureChange.REMOVED, 2), (PictureChange.ADDED, 1)]
    assert steps([A], [A, A]) == [(PictureChange.ADDED, 2)]


def test_only_what_passed_another_one_has_moved() -> None:
    assert steps([A, B, C, D], [D, A, B, C]) == [(PictureChange.MOVED, 1)]
    assert steps([A, B, C], [B, C]) == [(PictureChange.REMOVED, 1)]
    assert steps([A, B, C], [D, A, C, B]) == [(PictureChange.ADDED, 1), (PictureChange.MOVED, 3)]


def test_what_is_said_about_a_picture() -> None:
    cropped = replace(A, crops={NetworkKind.INSTAGRAM: Box(0, 0, 0.5, 0.5)})
    assert steps([A], [replace(A, alt_text="Anew")]) == [(PictureChange.ALT_TEXT, 1)]
    assert steps([A], [replace(A, decorative=True)]) == [(PictureChange.ALT_TEXT, 1)]
    assert steps([A], [cropped]) == [(PictureChange.CROP, 1)]
    [step] = compare_pictures([A], [cropped])
    assert (step.before, step.after) == (A, cropped)


@given(_lists, _lists)
def test_the_changes_account_for_every_picture(old: list[Shot], new: list[Shot]) -> None:
    found = compare_pictures(old, new)
    added = sum(step.change is PictureChange.ADDED for step in found)
    removed = sum(step.change is PictureChange.REMOVED for step in found)
    assert len(old) - removed == len(new) - added
    assert (found == []) == ([shot.said for shot in old] == [shot.said for shot in new])
    for step in found:
        assert step.before in (None, *old)
        assert step.after in (None, *new)


def test_each_channel_with_something_of_its_own_is_told() -> None:
    old = Contents(text="One", pictures=(A,), variants={7: Variant(text="Own"), 8: Variant(text="Same")})
    new = Contents(text="Two", pictures=(A,), variants={8: Variant(text="Same"), 9: Variant(pictures=(A, B))})
    told = {one.channel_id: one for one in compare_contents(old, new)}
    assert told.keys() == {None, 7, 9}
    assert told[None].pictures == []
    assert [piece.text for piece in told[7].text] == ["Own", "Two"]
    assert [step.change for step in told[9].pictures] == [PictureChange.ADDED]
    assert compare_contents(old, old) == []
    assert isinstance(told[7], Difference)
