"""The results as files, opened again and held against the page."""

import csv
import io
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from httpx2 import Response
from openpyxl import load_workbook

from app.domain.posts import Tone
from app.domain.roles import Actor
from tests.cast import Cast
from tests.outings import Out, both_tones
from tests.web.scene import Scene
from tests.web.test_results import YEAR, publish, text
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
EVIL = '=HYPERLINK("https://evil.example";"Prize")'


@pytest.fixture
def manager(app: FastAPI, cast: Cast, visit: Visit) -> Visitor:
    """Koivuranta's manager, with twenty posts to look at, one of them with an evil title."""
    publish(Scene(app, cast), *both_tones(10), Out(EVIL, Tone.HUMAN, 9, reach=None, views=0))
    return visit(cast.manager)


def table(answer: Response) -> list[list[str]]:
    """The lines of a CSV file."""
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_the_list_as_csv(manager: Visitor) -> None:
    answer = manager.get(f"/results/posts.csv?{YEAR}")
    assert answer.headers["content-disposition"].startswith('attachment; filename="kuliss-posts-20')
    heads, *lines = table(answer)
    assert len(lines) == 21
    first = dict(zip(heads, lines[0], strict=True))
    assert first["Post"] == f"'{EVIL}"
    assert first["Reach"] == ""  # not told, and not 0
    assert first["Views"] == "0"  # told
    assert first["Simulated"] == "yes"
    second = dict(zip(heads, lines[1], strict=True))
    assert (second["Post"], second["Tone"], second["Reach"]) == ("human 00", "Human", "800")
    assert second["Engagement"] == "44"  # 40 reactions, 3 comments, 1 share
    assert second["Engagement rate"] == "0,055"
    assert second["Days after publication"] == "7"
    by_reach = table(manager.get(f"/results/posts.csv?{YEAR}&sort=reach&tone=human"))
    assert [line[0] for line in by_reach[1:4]] == ["human 09", "human 08", "human 07"]
    assert len(by_reach) == 1 + 11


def test_the_list_as_a_workbook(manager: Visitor) -> None:
    answer = manager.get(f"/results/posts.xlsx?{YEAR}")
    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Posts", "What it means", "Where the numbers come from"]
    heads, first, second = ([cell.value for cell in row] for row in book["Posts"].iter_rows(max_row=3))
    assert first[0] == EVIL
    assert book["Posts"]["A2"].data_type == "s"  # text, not a formula
    told = dict(zip(heads, second, strict=True))
    assert (told["Reach"], told["Engagement"], told["Engagement rate"]) == (800, 44, pytest.approx(0.055))
    assert dict(zip(heads, first, strict=True))["Reach"] is None
    assert book["Posts"].cell(3, heads.index("Engagement rate") + 1).number_format == "0.0%"
    meaning = {row[0].value: row[1].value for row in book["What it means"].iter_rows()}
    assert meaning["Simulated"]
    assert meaning["Unit, with everything below it"] == "Koivuranta"
    assert meaning["Version of Meta's interface in use now"].startswith("v")
    assert "never added up" in meaning["Reach"]
    names = {row[3].value for row in book["Where the numbers come from"].iter_rows(min_row=2)}
    assert "post_total_media_view_unique" in names


def test_the_three_questions_say_the_same_as_the_page(manager: Visitor) -> None:
    page = text(manager.get(f"/results?{YEAR}").text)
    lines = table(manager.get(f"/results/overview.csv?{YEAR}"))
    figures = {line[1]: line for line in lines if len(line) > 4}
    reach = figures["Reach of a usual post"]
    assert reach[2:5] == ["645", "20", "1"]
    assert "Reach of a usual post 645" in page
    assert "middle value of 20 posts · 1 not told" in page
    assert figures["Posts that went out"][2] == "21"
    assert figures["Clicks"][2:4] == ["", "0"]
    assert "Clicks not told" in page
    book = load_workbook(io.BytesIO(manager.get(f"/results/overview.xlsx?{YEAR}").content))
    assert book.sheetnames == [
        "The three questions", "By channel", "By kind of post", "Human against informative", "Mix",
        "What it means", "Where the numbers come from",
    ]  # fmt: skip
    same = {row[1].value: row for row in book["The three questions"].iter_rows(min_row=2)}
    assert [cell.value for cell in same["Reach of a usual post"][2:5]] == [645, 20, 1]
    compared = [
        [cell.value for cell in row] for row in book["Human against informative"].iter_rows(min_row=2)
    ]
    assert [row[0] for row in compared] == ["Reach", "Engagement", "Engagement rate"]
    assert f"{compared[0][2]:.1f} times as many accounts" in page
    assert compared[0][5:9] == [10, 11, 10, 10]
