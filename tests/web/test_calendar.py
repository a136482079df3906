"""The week, the month and the day: what stands where, what is narrowed, never anything of another branch."""

import gzip
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session
from time_machine import travel

from app.domain.posts import Tone
from app.domain.publications import Status
from app.domain.roles import Actor
from app.models.found import FoundPost
from tests import plans
from tests.cast import Cast
from tests.web.scene import Scene, counted
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
MOST_QUESTIONS = 12
MOST_BYTES = 20_000
NOW = datetime(2030, 2, 20, 7, 30, tzinfo=UTC)  # a Wednesday, 9.30 in Helsinki


@pytest.fixture
def scene(app: FastAPI, cast: Cast) -> Scene:
    """Koivuranta with a channel."""
    return Scene(app, cast)


@travel(NOW, tick=False)
def test_a_week_tells_tone_state_channel_and_time(scene: Scene, cast: Cast, visit: Visit) -> None:
    mine = scene.plan(minutes=30, title="Reading dogs")
    page = visit(cast.editor).get("/calendar").text
    assert "Week 8 · 18–24 Feb" in page
    entry = page.split('class="slot human"')[1].split("</div>")[0]
    assert "<time>10.00</time>" in entry
    assert "Koivuranta page" in entry
    assert "Human" in entry
    assert "Planned" in entry
    assert f'href="/publications/{mine}"' in entry
    today = page.split('data-day="2030-02-20"')[1].split('data-day="')[0]
    assert "Reading dogs" in today
    assert "today" in today
    assert 'href="/calendar/week/2030-W07"' in page
    assert 'href="/calendar/week/2030-W09"' in page


@travel(NOW, tick=False)
def test_the_day_is_the_one_on_the_wall_of_the_unit(scene: Scene, cast: Cast, visit: Visit) -> None:
    scene.plan(minutes=15 * 60, title="After midnight")  # 22.30 UTC, half past midnight in Helsinki
    page = visit(cast.editor).get("/calendar").text
    assert "After midnight" in page.split('data-day="2030-02-21"')[1].split('data-day="')[0]


@travel(NOW, tick=False)
def test_a_month_shows_three_a_day_and_how_many_more(scene: Scene, cast: Cast, visit: Visit) -> None:
    for number in range(5):
        scene.plan(minutes=60 + number, title=f"Post {number}")
    editor = visit(cast.editor)
    page = editor.get("/calendar/month/2030-02").text
    assert "February 2030" in page
    assert "5 posts · 5 human" in page
    assert page.count('class="bit" href="/publications/') == 3
    assert "and 2 more" in page
    assert 'href="/calendar/day/2030-02-20"' in page
    assert 'href="/calendar/week/2030-W08"' in page
    whole = editor.get("/calendar/day/2030-02-20").text
    assert all(f"Post {number}" in whole for number in range(5))
    assert "Nothing on this day." in editor.get("/calendar/day/2030-02-21").text


@travel(NOW, tick=False)
def test_a_long_day_has_pages(scene: Scene, cast: Cast, visit: Visit) -> None:
    for number in range(42):
        scene.plan(minutes=60 + number, title=f"Post {number:02}")
    editor = visit(cast.editor)
    first = editor.get("/calendar/day/2030-02-20").text
    assert "Post 39" in first
    assert "Post 40" not in first
    second = editor.get("/calendar/day/2030-02-20?skip=40").text
    assert "Post 41" in second
    assert "Post 39" not in second


@travel(NOW, tick=False)
def test_it_is_narrowed_and_nonsense_narrows_nothing(scene: Scene, cast: Cast, visit: Visit) -> None:
    scene.plan(title="Planned one")
    scene.plan(Status.MISSED, -60, title="Missed one")
    scene.plan(Status.CANCELLED, title="Called off")
    editor = visit(cast.editor)
    page = editor.get("/calendar").text
    assert "Planned one" in page
    assert "Missed one" in page
    assert "Called off" not in page
    assert "Called off" in editor.get("/calendar?status=cancelled").text
    assert "Planned one" not in editor.get("/calendar?status=missed").text
    assert "Planned one" not in editor.get("/calendar?tone=informative").text
    assert "Planned one" in editor.get("/calendar?tone=human").text
    assert "Planned one" not in editor.get(f"/calendar?channel={scene.channel_id + 999}").text
    narrowed = editor.get(f"/calendar/month/2030-02?unit={cast.koivuranta.id}&tone=human").text
    assert f"/calendar/month/2030-03?unit={cast.koivuranta.id}&amp;tone=human" in narrowed
    for nonsense in ("status=x", "unit=x", "unit=99999999999999", "channel=-1", "tone=loud"):
        answer = editor.get(f"/calendar?{nonsense}")
        assert answer.status_code == 200, nonsense
        assert "Planned one" in answer.text, nonsense


@travel(NOW, tick=False)
def test_a_sibling_branch_sees_and_counts_nothing(scene: Scene, cast: Cast, visit: Visit) -> None:
    scene.plan(title="Ours alone")
    for who in (cast.sibling_editor, cast.stranger):
        for path in ("", "/month/2030-02", "/day/2030-02-20", "/print/2030-W08"):
            page = visit(who).get(f"/calendar{path}?unit={cast.koivuranta.id}").text
            assert "Ours alone" not in page, path
            assert "1 post" not in page, path


@pytest.mark.parametrize(
    "path",
    ["week/2030-W54", "week/2030-08", "month/2030-13", "month/2030", "day/2030-02-30", "day/0001-01-01",
     "week/9999-W01", "print/x", "year/2030", "plan", "plan?channel=1&day=x&hour=9"],
)  # fmt: skip
def test_addresses_that_name_no_days_lead_nowhere(app: FastAPI, cast: Cast, visit: Visit, path: str) -> None:
    assert visit(cast.editor).get(f"/calendar/{path}").status_code == 404


@travel(NOW, tick=False)
def test_paper_says_who_what_and_when_it_was_printed(scene: Scene, cast: Cast, visit: Visit) -> None:
    scene.plan(title="Reading dogs")
    scene.plan(Status.HELD, 60 * 26, title="Held one")
    page = visit(cast.manager).get("/calendar/print/2030-W08").text
    for words in ("Reading dogs", "Human", "Planned", "Held", "Sara Niemi", "Koivuranta page"):
        assert words in page, words
    assert "Printed Wednesday 20 February 9.30 by Pirjo Koski." in page


@travel(NOW, tick=False)
def test_paper_says_what_it_was_narrowed_to(scene: Scene, cast: Cast, visit: Visit) -> None:
    manager = visit(cast.manager)
    asked = f"unit={cast.koivuranta.id}&channel={scene.channel_id}&tone=human&status=here"
    page = manager.get(f"/calendar/print/2030-W08?{asked}").text
    assert " · Koivuranta · Koivuranta page · Human · All that was made here</p>" in page
    assert " · Human" not in manager.get("/calendar/print/2030-W08").text


def found(scene: Scene, *posts: FoundPost) -> None:
    """Put what was found on the page."""
    scene.write(lambda session: session.add_all(posts))


@travel(NOW, tick=False)
def test_what_was_found_on_the_page_stands_beside_ours(scene: Scene, cast: Cast, visit: Visit) -> None:
    scene.plan(minutes=-60, title="Made here", status=Status.PUBLISHED)
    at, link = NOW - timedelta(hours=3), "https://x.example/1"
    told = plans.found(scene.channel_id, at, "\nTold on the phone\nand more", permalink=link)
    told.tone = Tone.INFORMATIVE
    found(
        scene,
        told,
        plans.found(scene.channel_id, at, "Gone since", gone_at=NOW),
        plans.found(scene.channel_id, at, "Not to be counted", left_out=True),
        plans.found(scene.channel_id, at - timedelta(days=40), "Long ago"),
    )  # fmt: skip
    editor = visit(cast.editor)
    for path in ("", "/month/2030-02", "/day/2030-02-20", "/print/2030-W08"):
        page = editor.get(f"/calendar{path}").text
        assert page.index("Told on the phone") < page.index("Made here"), path  # in order of time
        assert "Found on the page" in page, path
        assert not any(words in page for words in ("Gone since", "Not to be counted", "Long ago")), path
    entry = editor.get("/calendar").text.split('class="slot informative"')[1].split("</div>")[0]
    assert all(words in entry for words in ("<time>6.30</time>", "/channels/found?post=", "Informative"))
    assert "2 posts · 1 human, 1 informative" in editor.get("/calendar").text
    assert f'href="{link}"' in visit(cast.manager).get("/calendar").text
    for chosen, words in (("found", "Told"), ("here", "Made"), ("published", "Made"), ("missed", "")):
        page = editor.get(f"/calendar?status={chosen}").text
        assert ("Told on the phone" in page, "Made here" in page) == (words == "Told", words == "Made"), (
            chosen
        )
    assert "Made here" not in editor.get("/calendar?tone=informative").text
    for who in (cast.sibling_editor, cast.stranger):
        assert "Told on the phone" not in visit(who).get("/calendar").text


@travel(NOW, tick=False)
def test_long_days_of_both_have_pages_without_gaps(scene: Scene, cast: Cast, visit: Visit) -> None:
    for number in range(25):
        scene.plan(minutes=60 + 2 * number, title=f"Ours {number:02}")
    at = NOW - timedelta(hours=1)
    their = [plans.found(scene.channel_id, at + timedelta(minutes=n), f"Found {n:02}") for n in range(25)]
    found(scene, *their)
    editor = visit(cast.editor)
    pages = [editor.get(f"/calendar/day/2030-02-20?skip={skip}").text for skip in (0, 40)]
    names = [f"{kind} {number:02}" for kind in ("Ours", "Found") for number in range(25)]
    assert [sum(name in page for page in pages) for name in names] == [1] * 50
    assert [sum(name in page for name in names) for page in pages] == [40, 10]
    month = editor.get("/calendar/month/2030-02").text
    assert "and 47 more" in month


def many(scene: Scene, cast: Cast, posts: int) -> None:
    """So many posts on every day of February 2030."""

    def fill(session: Session) -> None:
        on = plans.load_channel(session, scene.channel_id)
        for number, day in product(range(posts), range(1, 29)):
            minutes = (datetime(2030, 2, day, 12, number, tzinfo=UTC) - NOW) // timedelta(minutes=1)
            tone, title = (Tone.HUMAN, Tone.INFORMATIVE)[number % 2], f"A story of day {day}, part {number}"
            post = plans.post(session, cast.koivuranta, cast.editor, title, tone=tone)
            plans.publication(session, post, on, minutes=minutes)
            session.add(plans.found(on.id, NOW + timedelta(minutes=minutes), title))

    scene.write(fill)


@travel(NOW, tick=False)
def test_pages_ask_few_questions_and_are_light(scene: Scene, cast: Cast, visit: Visit) -> None:
    many(scene, cast, 4)
    editor = visit(cast.editor)
    for path in ("", "/month/2030-02", "/day/2030-02-20", "/print/2030-W08"):
        editor.get(f"/calendar{path}")
        with counted(scene.database) as asked:
            page = editor.get(f"/calendar{path}")
        assert page.status_code == 200
        assert len(asked) <= MOST_QUESTIONS, path
        assert len(gzip.compress(page.content, 6)) <= MOST_BYTES, path


def test_every_view_holds_its_days() -> None:
    from app.web.calendar_days import Shown, back_to, grid, key, start_of

    month = Shown("month", date(2026, 12, 1))
    assert month.end == date(2026, 12, 31)
    assert month.moved(1).start == date(2027, 1, 1)
    assert month.moved(-12).start == date(2025, 12, 1)
    assert grid(month)[0][0] == date(2026, 11, 30)
    assert grid(month)[-1][-1] == date(2027, 1, 3)
    assert key("week", date(2027, 1, 1)) == "2026-W53"
    assert start_of("week", "2026-W53") == date(2026, 12, 28)
    back = back_to("/calendar/month/2026-12?tone=human&unit=3", date(2030, 1, 1))
    assert (back.address, back.end) == ("/calendar/month/2026-12?unit=3&tone=human", date(2026, 12, 31))
    for strange in (
        "https://evil.example/calendar",
        "//evil.example",
        "/queue",
        "/calendar/week/x",
        "http://[",
    ):
        assert back_to(strange, date(2030, 1, 2)).address == "/calendar/week/2030-W01", strange
    assert Shown("week", date(2030, 1, 7)).end - date(2030, 1, 7) == timedelta(days=6)
