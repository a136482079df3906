"""The page of history, and the same as a file."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI

from app.actions.history import record
from app.domain.roles import Actor
from app.errands import history as sealing
from app.foundation import clock
from app.models.people import Person
from app.web.history import state_words
from tests.cast import Cast
from tests.support.days import today
from tests.web.scene import Scene, counted
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
MOST_QUESTIONS = 12


@pytest.fixture
def scene(app: FastAPI, cast: Cast) -> Scene:
    """Koivuranta with a channel, a publication, and a little history."""
    scene = Scene(app, cast)
    number = scene.plan()
    did(scene, cast.editor, "publication", number, "moved", old="planned", new="held", note="=1+1")
    did(
        scene, cast.editor, "person", cast.editor.person_id or 0, "roles", before=["editor"], after=["editor"]
    )
    did(scene, cast.editor, "post", 1, "brand_new_verb")
    return scene


def did(scene: Scene, who: Actor, thing: str, number: int, verb: str, **more: Any) -> None:
    unit_id, now = scene.cast.koivuranta.id, clock.now()
    scene.write(lambda session: record(session, who, thing, number, verb, unit_id=unit_id, now=now, **more))


def test_what_happened_stands_there_in_words(scene: Scene, cast: Cast, visit: Visit) -> None:
    page = visit(cast.manager).get("/history").text
    for words in (
        "Reading dogs</a>", "Sara Niemi", "Planned → Held", "note: =1+1", "brand new verb", "Koivuranta",
        "roles changed", 'href="/history?thing=publication&amp;id=', "Download as a table (CSV)",
    ):  # fmt: skip
        assert words in page, words
    assert 'href="/history" aria-current="page"' in page


def test_only_who_manages_a_unit_looks_through_it(scene: Scene, cast: Cast, visit: Visit) -> None:
    for who in (cast.editor, cast.contributor, cast.sibling_editor):
        assert visit(who).get("/history").status_code == 403
        assert visit(who).get("/history/file.csv").status_code == 403
        assert 'href="/history"' not in visit(who).get("/").text
    assert "Reading dogs" not in visit(cast.stranger).get("/history").text
    one = "/history?thing=person&id=" + str(cast.editor.person_id)
    assert "roles changed" in visit(cast.editor).get(one).text
    assert "Nothing fits all of that." in visit(cast.sibling_editor).get(one).text


def test_what_is_asked_is_kept_and_what_is_wrong_is_told(scene: Scene, cast: Cast, visit: Visit) -> None:
    boss = visit(cast.coordinator)
    page = boss.get("/history?words=dogs&verb=moved&person=" + str(cast.editor.person_id)).text
    assert "Planned → Held" in page
    assert "brand new verb" not in page
    assert 'value="dogs"' in page
    assert '<option value="moved" selected>' in page
    assert "Nothing fits" in boss.get("/history?person=clock").text
    wrong = boss.get("/history?from=2030-02-01&to=2030-01-01&id=x")
    assert wrong.status_code == 422
    assert "The last day lies before the first." in wrong.text
    assert 'value="2030-02-01"' in wrong.text
    assert "Write a day" in boss.get("/history?from=yesterday").text
    for nonsense in ("person=abc", "unit=abc"):
        told = boss.get(f"/history?{nonsense}")
        assert told.status_code == 422
        assert "Choose one from the list." in told.text
    assert boss.get("/history/file.csv?from=yesterday").status_code == 422
    assert "brand new verb" in boss.get("/history?verb=brand_new_verb").text


def test_a_channel_that_is_considered_is_no_planned_post() -> None:
    assert state_words("channel")["planned"] == "Considered"
    assert state_words("publication")["planned"] == "Planned"


def test_days_are_those_of_the_reader(scene: Scene, cast: Cast, visit: Visit) -> None:
    boss, day = visit(cast.coordinator), today()
    assert "brand new verb" in boss.get(f"/history?from={day.replace(year=day.year - 1)}").text
    assert "Nothing fits" in boss.get("/history?to=2020-01-01").text


def test_the_file_holds_all_of_it_and_starts_no_formula(
    app: FastAPI, scene: Scene, cast: Cast, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.web import history_file

    monkeypatch.setattr(history_file, "AT_ONCE", 2)
    sealing.seal_new(app.state.ground)
    scene.write(lambda session: setattr(session.get_one(Person, cast.editor.person_id), "name", "@SUM(A1)"))
    answer = visit(cast.manager).get("/history/file.csv?person=" + str(cast.editor.person_id))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'attachment; filename="kuliss-history-' in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    done = [row["What was done"] for row in rows]
    assert done == ["brand new verb", "roles changed", "moved", "given a time"]
    assert {row["Who"] for row in rows} == {"'@SUM(A1)"}
    assert rows[2]["Details"] == '{"note": "=1+1"}'
    assert (rows[2]["From state"], rows[2]["To state"]) == ("Planned", "Held")
    assert all(len(row["Seal"]) == 64 and row["Seal’s place"] for row in rows)


def test_a_name_that_was_erased(scene: Scene, cast: Cast, visit: Visit) -> None:
    scene.write(lambda session: setattr(session.get_one(Person, cast.editor.person_id), "name", ""))
    assert "a former colleague" in visit(cast.manager).get("/history").text


def test_it_asks_few_questions(scene: Scene, cast: Cast, visit: Visit) -> None:
    boss = visit(cast.administrator)
    for number in range(60):
        did(scene, cast.editor, "post", 1, "edited", revision=number)
    for address in ("/history", "/history?words=dogs&thing=publication"):
        with counted(scene.database) as asked:
            assert boss.get(address).status_code == 200
        assert len(asked) <= MOST_QUESTIONS, asked
    page = boss.get("/history").text
    assert "Next ones" in page
    after = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "Planned → Held" in boss.get(after).text
