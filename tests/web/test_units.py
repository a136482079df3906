"""The pages about units."""

from collections.abc import Callable

from app.domain.roles import Actor
from tests.cast import Cast
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]


def test_a_branch_is_added(cast: Cast, visit: Visit) -> None:
    boss = visit(cast.administrator)
    form = {"parent_id": cast.library.id, "name": "Kirjastoauto", "kind": "bookmobile"}
    answer = boss.send(f"/units/new?parent={cast.library.id}", "/units/new", **form)
    assert answer.headers["location"] == "/units?done=unit_added"
    page = boss.get(answer.headers["location"]).text
    assert "Kirjastoauto" in page
    assert "Bookmobile" in page
    assert "The unit is there now." in page


def test_a_unit_is_changed_and_closed(cast: Cast, visit: Visit) -> None:
    boss, page = visit(cast.administrator), f"/units/{cast.koivuranta.id}"
    assert boss.send(page, page, name="Birch Shore", zone="Europe/Oslo").status_code == 303
    assert "Birch Shore" in boss.get("/units").text
    bad = boss.send(page, f"{page}/close", closes_on="2031-13-01")
    assert bad.status_code == 422
    assert "Write a day" in bad.text
    assert 'value="Birch Shore"' in bad.text
    assert boss.send(page, f"{page}/close", closes_on="2031-05-31").status_code == 303
    assert "31 May" in boss.get("/units").text
    nameless = boss.send(page, page, name="x" * 300)
    assert '<a href="#name">' in nameless.text


def test_an_editor_reads_and_a_sibling_does_not(cast: Cast, visit: Visit) -> None:
    page = f"/units/{cast.koivuranta.id}"
    editor = visit(cast.editor)
    assert "Save" not in editor.get(page).text
    assert editor.send("/units", page, name="Ours").status_code == 403
    assert "Myllymäki" not in editor.get("/units").text
    for outsider in (cast.sibling_editor, cast.stranger):
        assert visit(outsider).get(page).status_code == 404
        assert visit(outsider).send("/units", page, name="Theirs").status_code == 404
