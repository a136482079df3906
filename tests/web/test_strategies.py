"""The strategy in the browser: made of questions, written, discussed, decided, compared, on paper."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from time_machine import travel

from app.actions import strategies
from app.actions.strategies import Adoption, NewStrategy
from app.domain.publications import Status
from app.domain.roles import Actor
from app.domain.strategies import Kind
from app.foundation.database import Database
from app.models.posts import Post
from app.models.strategies import StrategyPoint
from app.queries import strategies as questions
from tests.cast import Cast
from tests.web.scene import Scene, counted
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
NOW = datetime(2030, 2, 20, 9, tzinfo=ZoneInfo("Europe/Helsinki"))
GOAL = {"name": "More people read", "note": "2.1 Reading"}
WHOLE: dict[str, Any] = {
    "purpose": "For everybody in Saarivesi", "goals": [GOAL], "review_on": date(2031, 2, 1),
    "mix_low": 40, "mix_high": 60, "hours_per_week": "16",
}  # fmt: skip


@pytest.fixture(autouse=True)
def fixed_time() -> Iterator[Any]:
    """A Wednesday morning."""
    with travel(NOW, tick=False) as moved:
        yield moved


@pytest.fixture
def database(app: FastAPI) -> Database:
    """The app's."""
    found: Database = app.state.database
    return found


@pytest.fixture
def scene(app: FastAPI, cast: Cast) -> Scene:
    """Koivuranta's channel and posts."""
    return Scene(app, cast)


def draft(database: Database, who: Actor, unit_id: int, **more: Any) -> int:
    """A draft of a unit; its id."""
    with database.writes() as session:
        return strategies.begin(session, who, NewStrategy(unit_id=unit_id, **more)).id


def adopted(database: Database, who: Actor, unit_id: int, **more: Any) -> int:
    """A version that is in force from today; its id."""
    strategy_id = draft(database, who, unit_id, **(WHOLE | more))
    with database.writes() as session:
        strategies.adopt(session, who, strategy_id, Adoption())
    return strategy_id


def path_of(address: str) -> str:
    """An address without what is said there."""
    return address.partition("?")[0]


def answers(page: str) -> dict[str, Any]:
    """What stands in the questions before anybody chose: the ticked fields."""
    found: dict[str, Any] = {}
    for name, value in re.findall(
        r'<input id="[^"]+" type="(?:radio|checkbox)" name="(\w+)" value="(\w+)" checked', page
    ):
        found.setdefault(name, []).append(value)
    return found


def test_from_questions_to_a_strategy_that_branches_have_too(cast: Cast, visit: Visit) -> None:
    aino, sara = visit(cast.administrator), visit(cast.editor)
    assert "There is no strategy yet." in sara.get("/strategy").text
    unit = cast.library.id
    assert "Begin with the questions" in aino.get(f"/strategy?unit={unit}").text
    asked = f"/strategy/new?unit={unit}"
    chosen = answers(aino.get(asked).text)
    assert {"purpose", "goals", "mix", "rules", "review"} <= chosen.keys()
    refused = aino.send(asked, "/strategy/new", unit_id=unit, **(chosen | {"purpose": "own", "goals": []}))
    assert refused.status_code == 422
    assert 'href="#purpose"' in refused.text
    made = aino.send(
        asked,
        "/strategy/new",
        unit_id=unit,
        **(chosen | {"goals_own": "More talk", "goals_own_note": "4.2 Talk"}),
    )
    place = path_of(made.headers["location"])
    assert sara.get(place).status_code == 404
    page = aino.get(place).text
    assert "More talk" in page
    assert "4.2 Talk" in page
    decided = aino.send(place, f"{place}/adopt", from_on="2030-02-20")
    assert decided.headers["location"] == f"/strategy?unit={unit}&done=strategy_adopted"
    branch = sara.get("/strategy").text
    assert "from Saarivesi City Library" in branch
    assert "40 to 60 of 100 posts" in branch
    assert "Start a new version" not in branch


def test_who_begins_a_second_draft_is_led_to_the_first(database: Database, cast: Cast, visit: Visit) -> None:
    unit, aino = cast.library.id, visit(cast.administrator)
    asked = f"/strategy/new?unit={unit}"
    empty = aino.get(asked).text
    assert "Open the draft" not in empty
    strategy_id = draft(database, cast.administrator, unit, **WHOLE)
    link = f'<a href="/strategy/{strategy_id}">'
    assert f"{link}Open the draft</a>" in aino.get(asked).text
    refused = aino.send(asked, "/strategy/new", unit_id=unit, **answers(empty))
    assert refused.status_code == 409
    assert f"{link}There is a draft already." in refused.text
    late = aino.send(asked, "/strategy/begin", unit_id=unit)  # from a page that stood open meanwhile
    assert late.status_code == 409
    assert f'href="/strategy/{strategy_id}">Open the draft</a>' in late.text


def test_a_draft_is_discussed_by_everybody_and_decided_by_few(
    database: Database, cast: Cast, visit: Visit
) -> None:
    strategy_id = draft(database, cast.administrator, cast.library.id, **WHOLE)
    aino, veera, stranger = visit(cast.administrator), visit(cast.contributor), visit(cast.stranger)
    place = f"/strategy/{strategy_id}"
    aino.send(place, f"{place}/open", wanted="yes")
    assert "everybody on staff may say what they think" in veera.get(f"/strategy?unit={cast.library.id}").text
    veera.send(place, f"{place}/comments", text="And the bookmobile?")
    page = aino.get(place).text
    assert "And the bookmobile?" in page
    assert "Veera Salo" in page
    assert veera.send(place, f"{place}/adopt").status_code == 403
    assert veera.get(f"{place}/edit").status_code == 403
    assert stranger.get(place).status_code == 404
    aino.send(place, f"{place}/open")
    assert veera.get(place).status_code == 404
    aino.send(place, f"{place}/adopt", from_on="2030-03-01")
    assert "Decided, not begun" in veera.get(place).text
    assert "And the bookmobile?" in veera.get(place).text
    assert "There is no strategy yet." in veera.get(f"/strategy?unit={cast.library.id}").text


def test_what_it_lacks_is_said_where_it_is_decided(database: Database, cast: Cast, visit: Visit) -> None:
    goals = [GOAL | {"note": ""}]
    place = f"/strategy/{draft(database, cast.administrator, cast.library.id, goals=goals)}"
    aino = visit(cast.administrator)
    refused = aino.send(place, f"{place}/adopt", from_on="2030-02-19")
    assert "Choose today or a later day." in refused.text
    refused = aino.send(place, f"{place}/adopt", from_on="2030-02-20")
    assert refused.status_code == 422
    for words in ("the purpose is missing", "which task of the library plan", "the day on which you look"):
        assert words in refused.text


def test_lists_are_renamed_ordered_retired_and_taken_up_again(
    database: Database, cast: Cast, visit: Visit, fixed_time: Any
) -> None:
    old = adopted(
        database, cast.administrator, cast.library.id, goals=[GOAL, {"name": "Talk", "note": "3.1"}]
    )
    aino = visit(cast.administrator)
    begun = aino.send(f"/strategy?unit={cast.library.id}", "/strategy/begin", unit_id=cast.library.id)
    place = path_of(begun.headers["location"])
    lists = f"{place}/lists/goals"
    with database.reads() as session:
        first, second = questions.version(session, cast.administrator.scope, old).points
    fields = {
        "row.0.id": first.id, "row.0.name": "More people read aloud", "row.0.note": "2.1", "row.0.place": "2",
        "row.1.id": second.id, "row.1.name": "Talk", "row.1.retired": "yes",
        "row.2.name": "Help", "row.2.note": "3.4 Digital", "row.2.place": "1",
    }  # fmt: skip
    seen = re.findall(r'name="seen_at" value="([^"]+)"', aino.get(lists).text)[0]
    assert aino.send(lists, lists, seen_at=seen, **(fields | {"row.2.name": ""})).status_code == 422
    fixed_time.shift(60)
    aino.send(lists, lists, seen_at=seen, **fields)
    page = aino.get(place).text
    assert page.index("Help") < page.index("More people read aloud")
    stale = aino.send(lists, lists, seen_at=seen, **(fields | {"row.2.note": "as typed"}))
    assert stale.status_code == 409
    assert "as typed" in stale.text
    changed = aino.get(f"{place}/compare").text
    assert '<del><span class="hide">Taken away: </span>Talk</del>' in changed
    assert "aloud</ins>" in changed
    now = re.findall(r'name="seen_at" value="([^"]+)"', aino.get(lists).text)[0]
    again = {
        "again": str(second.id),
        f"again.{second.id}.name": "Talk",
        "row.0.id": first.id,
        "row.0.name": "More",
    }
    aino.send(lists, lists, seen_at=now, **again)
    with database.reads() as session:
        version = questions.version(session, cast.administrator.scope, int(place.rsplit("/", 1)[1]))
    assert [point.id for point in version.points] == [first.id, second.id]


def test_numbers_are_compared_as_wholes_and_names_alone_are_a_plain_list(
    database: Database, cast: Cast, visit: Visit
) -> None:
    who, unit = cast.administrator, cast.library.id
    adopted(database, who, unit, hours_per_week="2", audiences=[{"name": "Families"}])
    number = draft(database, who, unit, hours_per_week="7.5")
    changed = visit(who).get(f"/strategy/{number}/compare").text
    assert '<p class="said">7.5</p>' in changed
    assert "not decided here" in changed
    page = visit(who).get(f"/strategy?unit={unit}").text
    assert "<li>Families</li>" in page
    assert "<dd>–" not in page


def test_a_branch_says_a_part_of_its_own(database: Database, cast: Cast, visit: Visit) -> None:
    adopted(database, cast.administrator, cast.library.id)
    mikael = visit(cast.coordinator)
    own = mikael.send("/strategy", "/strategy/begin", unit_id=cast.koivuranta.id).headers["location"]
    place = path_of(own)
    form = {
        "hours_per_week": "3,5",
        "mix": "own",
        "mix_low": "70",
        "mix_high": "60",
        "house_rules": "Tea first",
    }
    refused = mikael.send(f"{place}/edit", f"{place}/edit", **form)
    assert refused.status_code == 422
    assert 'value="70"' in refused.text
    mikael.send(f"{place}/edit", f"{place}/edit", **(form | {"mix_high": "80"}))
    mikael.send(place, f"{place}/adopt")
    with database.reads() as session:
        found = questions.in_force(session, cast.editor.scope, cast.koivuranta.id)
        above = questions.in_force(session, cast.editor.scope, cast.library.id)
    assert (str(found.hours_per_week), found.mix_low, found.mix_high) == ("3.50", 0.7, 0.8)
    assert (found.purpose, found.house_rules) == ("For everybody in Saarivesi", "Tea first")
    assert above.hours_per_week == 16
    paper = visit(cast.editor).get("/strategy/print").text
    assert "Tea first" in paper
    assert "from Saarivesi City Library" in paper


def test_posts_name_a_goal_and_the_page_tells_how_many_do(
    database: Database, cast: Cast, visit: Visit, scene: Scene
) -> None:
    strategy_id = adopted(database, cast.administrator, cast.library.id, pillars=[{"name": "Books"}])
    with database.reads() as session:
        goal, pillar = questions.version(session, cast.administrator.scope, strategy_id).points
    sara = visit(cast.editor)
    assert "Which goal does it serve?" in sara.get("/posts/new").text
    fields = {"unit_id": cast.koivuranta.id, "title": "Foxes", "text": "Here", "do": "save"}
    made = path_of(sara.send("/posts/new", "/posts/new", **fields, goal=goal.id).headers["location"])
    assert GOAL["name"] in sara.get(made).text
    edited = sara.get(f"{made}/edit").text
    assert f'<option value="{goal.id}" selected>' in edited
    again = fields | {"revision": "1", "goal": "", "pillar": pillar.id}
    del again["unit_id"]
    sara.send(f"{made}/edit", f"{made}/edit", **again)
    with database.reads() as session:
        post = session.get_one(Post, int(made.rsplit("/", 1)[1]))
    assert (post.goal_id, post.pillar_id) == (None, pillar.id)
    assert "Foxes" in sara.get("/posts?goal=0").text
    assert "Foxes" not in sara.get(f"/posts?goal={goal.id}").text
    scene.plan(Status.PUBLISHED, -60, published_at=NOW)
    pirjo = visit(cast.manager)
    page = pirjo.get("/strategy").text
    assert "Without a goal: 1 of the 1 post that went out in the last 90 days." in page
    assert f'/posts?goal=0&amp;out={cast.koivuranta.id}"' in page
    behind = pirjo.get(f"/posts?goal=0&out={cast.koivuranta.id}").text
    assert ("Reading dogs" in behind, "Foxes" in behind) == (True, False)  # a draft did not go out
    aino = visit(cast.administrator)
    assert "Reading dogs" in aino.get(f"/posts?goal=0&out={cast.library.id}").text
    assert "Reading dogs" not in aino.get(f"/posts?goal=0&out={cast.myllymaki.id}").text
    for gone in (
        "99999",
        cast.elsewhere.id,
        "x",
    ):  # of what is not there are no posts
        assert "Reading dogs" not in aino.get(f"/posts?goal=0&out={gone}").text
    assert '<td role="cell" data-th="Posts in 90 days" class="n">0</td>' in page
    assert "from Saarivesi City Library</span></span></td>" in page  # one piece beside its label on a phone
    assert 'from Saarivesi City Library</span> · <span class="meta">0 posts in 90 days</span>' in page


def test_it_asks_few_questions(database: Database, cast: Cast, visit: Visit) -> None:
    adopted(database, cast.administrator, cast.library.id)
    strategy_id = adopted(database, cast.coordinator, cast.koivuranta.id, goals=[GOAL])
    sara = visit(cast.editor)
    for path in ("/strategy", f"/strategy/{strategy_id}", "/strategy/print"):
        with counted(database) as asked:
            assert sara.get(path).status_code == 200
        assert len(asked) <= 12, path


def test_the_composer_asks_no_more_where_a_strategy_holds(
    database: Database, cast: Cast, visit: Visit, scene: Scene
) -> None:
    adopted(database, cast.administrator, cast.library.id)
    strategy_id = adopted(database, cast.coordinator, cast.koivuranta.id, goals=[GOAL])
    post_id = scene.read(scene.plan()).post_id
    with database.writes() as session:
        goal = questions.version(session, cast.coordinator.scope, strategy_id).points[0]
        old = StrategyPoint(unit_id=cast.koivuranta.id, kind=Kind.PILLAR, name="Long ago")
        session.add(old)
        session.flush()
        post = session.get_one(Post, post_id)
        post.goal_id, post.pillar_id = goal.id, old.id
    sara = visit(cast.editor)
    for path in ("/posts/new", f"/posts/{post_id}/edit", f"/posts/{post_id}"):
        with counted(database) as asked:
            page = sara.get(path).text
        assert len(asked) <= 12, (path, asked)
        assert "More people read" in page
        assert ("Long ago" in page) == (path != "/posts/new")
