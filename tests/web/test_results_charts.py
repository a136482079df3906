"""The drawings of the results: in percent and pixels, never outside, and never by colour alone."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Page
from starlette.requests import Request

from app.web import results_charts as charts
from app.web.rendering import environment, render
from tests.support.browser import NARROW
from tests.web.gallery import frame

STYLES = (Path(charts.__file__).parent / "static" / "kuliss.css").read_text()


def drawn(source: str) -> str:
    """A drawing as a page would get it."""
    scope = {"type": "http", "path": "/", "headers": [], "query_string": b"", "state": {"frame": frame()}}
    request = Request({**scope, "method": "GET", "scheme": "http", "server": ("kuliss.example", 80)})
    page = render(request, environment().from_string(source), charts=charts, Bar=charts.Bar)
    return bytes(page.body).decode()


@pytest.mark.parametrize(
    ("most", "top"), [(0, 2), (2, 2), (9, 10), (21, 30), (101, 200), (600, 600), (1e6, 1e6)]
)
def test_axes_end_at_round_numbers(most: float, top: float) -> None:
    assert charts.nice(most) == top


def test_a_week_without_a_figure_says_so_and_is_no_bar() -> None:
    page = drawn(
        "{{ charts.bars([Bar('45', 412), Bar('46', none), Bar('47', 0), Bar('48', 90, true)], 365) }}"
    )
    assert page.count('class="bar"') == 2  # also one of 0, which is told
    assert page.count('class="bar now"') == 1
    assert ">none</text>" in page
    assert 'class="own"' in page
    assert "style=" not in page


def test_of_weeks_without_a_figure_that_follow_each_other_a_phone_names_the_first() -> None:
    page = drawn("{{ charts.bars([Bar('45', 412), Bar('46', none), Bar('47', none), Bar('48', none)]) }}")
    assert page.count(">none</text>") == 3
    assert len(re.findall(r'<text class="spare"[^>]*>none<', page)) == 2


@pytest.mark.parametrize(
    ("labels", "kept"),
    [
        ([str(week) for week in range(41, 49)], 8),
        ("des jan feb mar apr mai jun jul aug sep okt nov".split(), 6),
        ("joulu tammi helmi maalis huhti touko kesä heinä elo syys loka marras".split(), 6),
    ],
    ids=["weeks", "nb", "fi"],
)  # fmt: skip
def test_on_a_phone_labels_do_not_run_into_each_other(page: Page, labels: list[str], kept: int) -> None:
    given = ", ".join(f"Bar('{label}', 3)" for label in labels)
    page.set_content(f"<style>{STYLES}</style><main>{drawn('{{ charts.bars([' + given + ']) }}')}</main>")
    there = page.locator(".chart text").filter(has_text=re.compile(r"^\D+$|^4\d$")).all()
    boxes = [box for one in there if (box := one.bounding_box())]
    size = page.viewport_size
    assert size
    assert len(boxes) == (kept if size == NARROW else len(labels))
    assert all(one["x"] + one["width"] < other["x"] for one, other in pairwise(boxes))
    assert there[-1].bounding_box(), "the last one, which is now"


@pytest.mark.parametrize(
    ("labels", "wide", "kept"),
    [
        ([str(week) for week in range(11, 37)], 13, 13),
        ("tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu".split() * 2, 12, 6),
    ],
    ids=["weeks", "fi"],
)
def test_of_many_bars_some_are_named_counted_from_now(
    page: Page, labels: list[str], wide: int, kept: int
) -> None:
    given = ", ".join(f"Bar('{label}', 3)" for label in labels)
    page.set_content(f"<style>{STYLES}</style><main>{drawn('{{ charts.bars([' + given + ']) }}')}</main>")
    there = page.locator(".chart text").filter(has_text=re.compile(r"^(\D+|\d\d)$")).all()
    seen = [(one.text_content(), box) for one in there if (box := one.bounding_box())]
    size = page.viewport_size
    assert size
    names = [name for name, _ in seen]
    assert len(names) == (kept if size == NARROW else wide)
    assert names == labels[:: -(len(labels) // len(names))][::-1], "in their order, the last one among them"
    assert all(one["x"] + one["width"] < other["x"] for (_, one), (_, other) in pairwise(seen))


@pytest.mark.parametrize(
    ("ratio", "low", "high", "arrows"),
    [
        (1.4, 1.1, 1.8, 0),
        (1.4, 0.01, 1.8, 1),
        (3.0, 0.2, 100.0, 2),
        (50.0, 20.0, 100.0, 1),
        (0.1, 0.05, 0.3, 1),
    ],
)
def test_an_interval_that_has_no_end_in_sight_ends_in_an_arrow(
    ratio: float, low: float, high: float, arrows: int
) -> None:
    page = str(charts.interval(ratio, low, high))
    assert page.count("ci far") == arrows
    assert all(0 <= float(x) <= 100 for x in re.findall(r'x\d?="([\d.]+)%"', page))


def test_the_mix_has_stripes_a_border_and_a_bracket() -> None:
    page = str(charts.mix("m1", 0.31, (0.4, 0.6), (0.2, 0.43)))
    assert 'fill="url(#m1)"' in page
    assert page.count('class="ci"') == 4  # how sure we are, and the bracket
    assert "31.0%" in page
