"""Which part of a picture a network is shown, and in which size: always inside the picture and the limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.pictures import (
    ALT_MOST,
    WHOLE,
    Box,
    PictureLimits,
    box_for,
    check_pictures,
    ratio_of,
    read_box,
    size_for,
)

ANY = PictureLimits(most=10, widest=2048)
NARROW = PictureLimits(most=10, least_ratio=4 / 5, most_ratio=1.91, widest=1440, narrowest=320, required=True)
MIDDLE = (0.5, 0.5)

_pixels = st.integers(16, 12_000)
_share = st.floats(0, 1)
_focal = st.tuples(_share, _share)
_limits = st.sampled_from([ANY, NARROW])


@st.composite
def _boxes(draw: st.DrawFn) -> Box:
    width, height = draw(st.floats(0.02, 1)), draw(st.floats(0.02, 1))
    x, y = draw(st.floats(0, 1)) * (1 - width), draw(st.floats(0, 1)) * (1 - height)
    return read_box((x, y, width, height))


def inside(box: Box, outer: Box = WHOLE) -> bool:
    slack = 1e-9
    return (
        box.x >= outer.x - slack
        and box.y >= outer.y - slack
        and box.x + box.width <= outer.x + outer.width + slack
        and box.y + box.height <= outer.y + outer.height + slack
        and box.width > 0
        and box.height > 0
    )


def test_a_picture_that_fits_is_shown_whole() -> None:
    assert box_for(1200, 900, (0.1, 0.9), NARROW) == WHOLE
    assert box_for(100, 9000, MIDDLE, ANY) == WHOLE


def test_a_high_picture_is_cut_around_its_focal_point() -> None:
    box = box_for(1000, 2000, (0.5, 0.2), NARROW)
    assert (box.x, box.y, box.width, box.height) == pytest.approx((0, 0, 1, 0.625))
    assert box_for(1000, 2000, (0.5, 0.6), NARROW).y == pytest.approx(0.6 - 0.3125)
    assert box_for(1000, 2000, (0.5, 1.0), NARROW).y == pytest.approx(0.375)


def test_a_wide_picture_is_cut_at_its_sides() -> None:
    box = box_for(3000, 1000, (1.0, 0.5), NARROW)
    assert (box.y, box.height) == (0, 1)
    assert ratio_of(3000, 1000, box) == pytest.approx(1.91)
    assert box.x + box.width == pytest.approx(1)


def test_what_a_person_chose_is_kept_and_only_cut_further() -> None:
    chosen = Box(0.1, 0.1, 0.5, 0.5)
    assert box_for(1200, 900, (0.9, 0.9), NARROW, chosen) == chosen
    tall = Box(0.1, 0.0, 0.2, 1.0)
    cut = box_for(1200, 900, (0.9, 0.9), NARROW, tall)
    assert inside(cut, tall)
    assert ratio_of(1200, 900, cut) == pytest.approx(0.8)


def test_all_pictures_of_a_post_can_have_one_shape() -> None:
    first = ratio_of(1200, 1200)
    assert ratio_of(1600, 900, box_for(1600, 900, MIDDLE, NARROW, shape=first)) == pytest.approx(1)
    assert ratio_of(1600, 900, box_for(1600, 900, MIDDLE, ANY, shape=first)) == pytest.approx(1)


def test_pictures_are_never_wider_than_shown_and_made_wide_enough() -> None:
    assert size_for(4000, 3000, WHOLE, NARROW) == (1440, 1080)
    assert size_for(200, 200, WHOLE, NARROW) == (320, 320)
    assert size_for(3000, 6000, WHOLE, ANY) == (1024, 2048)
    assert size_for(300, 200, WHOLE, ANY) == (300, 200)


@given(_pixels, _pixels, _focal, _limits, st.none() | _boxes(), st.none() | st.floats(0.3, 3))
def test_the_part_lies_inside_the_picture_and_has_a_shape_that_is_taken(
    width: int,
    height: int,
    focal: tuple[float, float],
    limits: PictureLimits,
    chosen: Box | None,
    shape: float | None,
) -> None:
    box = box_for(width, height, focal, limits, chosen, shape)
    assert inside(box, chosen or WHOLE)
    ratio = ratio_of(width, height, box)
    if shape is not None:
        assert ratio == pytest.approx(limits.ratio_for(shape))
    assert (limits.least_ratio or 0) - 1e-6 <= ratio <= (limits.most_ratio or ratio) + 1e-6


@given(_pixels, _pixels, _focal, _limits, st.none() | _boxes())
def test_the_size_is_within_the_limits(
    width: int, height: int, focal: tuple[float, float], limits: PictureLimits, chosen: Box | None
) -> None:
    box = box_for(width, height, focal, limits, chosen)
    wide, high = size_for(width, height, box, limits)
    assert wide >= 1
    assert high >= 1
    assert wide <= limits.widest
    if limits.any_shape:
        assert max(wide, high) <= limits.widest
    else:
        assert limits.narrowest <= wide
        assert (limits.least_ratio or 0) <= wide / high <= (limits.most_ratio or 1e9)


@pytest.mark.parametrize(
    "values",
    [
        (0, 0, 1),
        (0, 0, 1, 1, 1),
        (-0.1, 0, 1, 1),
        (0.5, 0, 0.6, 1),
        (0, 0.5, 1, 0.6),
        (0, 0, 0.01, 1),
        (0, 0, 1, 0),
        (float("nan"), 0, 1, 1),
        (0, 0, float("inf"), 1),
    ],
)
def test_a_part_outside_the_picture_is_refused(values: tuple[float, ...]) -> None:
    with pytest.raises(Invalid) as refused:
        read_box(values, "pictures.0.crops.instagram")
    fault = refused.value.faults[0]
    assert (fault.code, fault.field) == ("bad_crop", "pictures.0.crops.instagram")


def test_a_part_that_stands_out_by_a_hair_is_taken_as_meant() -> None:
    assert inside(read_box((0.33333, 0.66667, 0.66668, 0.33338)))


@given(_boxes())
def test_a_part_is_written_and_read_alike(box: Box) -> None:
    assert inside(box)
    again = read_box(box.values)
    assert again.values == read_box(again.values).values


def test_what_keeps_pictures_from_a_network() -> None:
    assert check_pictures([], ANY) == []
    assert [fault.code for fault in check_pictures([], NARROW)] == ["picture_needed"]
    assert check_pictures(["", "A dog"], NARROW) == []
    assert [fault.code for fault in check_pictures(["x"] * 11, ANY)] == ["too_many_pictures"]
    assert check_pictures(["x"] * 11, PictureLimits(most=0)) == []
    long = check_pictures(["x", "📚" * 501], ANY)[0]
    assert (long.code, long.params) == ("alt_too_long", {"length": 1002, "most": ALT_MOST, "place": 2})
