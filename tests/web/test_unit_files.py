"""The pages where units come from a file."""

import re
from collections.abc import Callable
from html import unescape

from app.domain.roles import Actor
from app.foundation.database import Database
from tests.cast import Cast
from tests.web.scene import counted
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
PATH = "/units/import"
ROWS = "Nimi;Yläyksikkö;Laji\nRantakylä;Saarivesi City Library;Branch\n"


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return unescape(found.group(1))


def sent(who: Visitor, csv: str = ROWS, file: bytes = b"") -> str:
    """The page that tells what a file would do."""
    token = hidden(who.get(PATH).text, "csrf")
    chosen = {"files": {"file": ("units.csv", file, "text/csv")}} if file else {}
    told = who.post(PATH, {"csrf": token, "csv": csv}, **chosen)
    assert told.status_code in (200, 422)
    return told.text


def test_a_file_is_looked_at_then_done(cast: Cast, visit: Visit) -> None:
    boss = visit(cast.administrator)
    page = sent(boss, file="﻿Namn\tÖverordnad\tSlag\nÅsträsk\tSaarivesi City Library\tbranch".encode("utf-16"))
    assert "Is made: <b>1</b>" in page
    assert "Åsträsk" in page
    assert "Åsträsk" not in boss.get("/units").text
    fields = {name: hidden(page, name) for name in ("csrf", "once", "seen", "csv")}
    done = boss.post(f"{PATH}/confirm", fields)
    assert done.headers["location"] == "/units?done=units_brought_in"
    assert "Åsträsk" in boss.get("/units").text
    assert boss.post(f"{PATH}/confirm", fields).headers["location"] == done.headers["location"]
    assert "There is nothing to do" in sent(boss, fields["csv"])


def test_a_tree_that_changed_is_looked_at_anew(cast: Cast, visit: Visit) -> None:
    boss = visit(cast.administrator)
    page = sent(boss)
    boss.send("/units/new", "/units/new", name="Kiosk", kind="service", parent_id=str(cast.library.id))
    told = boss.post(
        f"{PATH}/confirm", {name: hidden(page, name) for name in ("csrf", "once", "seen", "csv")}
    )
    assert told.status_code == 409
    assert "Somebody changed the units meanwhile" in told.text
    assert "Do it</button>" in told.text


def test_faults_stand_with_their_rows_and_nothing_can_be_done(cast: Cast, visit: Visit) -> None:
    boss = visit(cast.administrator)
    page = sent(boss, "name;parent;zone\n<b>A</b>;Nowhere;Mars/Base\n")
    assert "One row must be put right" in page
    assert '<a href="#row-2">Row 2</a>' in page
    assert "No time zone is called “Mars/Base”" in page
    assert "<b>A</b>;Nowhere" not in page
    assert "Do it</button>" not in page
    assert "The first row must name the columns" in sent(boss, "x")
    # Sent all the same, it is refused.
    fields = {"csrf": hidden(boss.get(PATH).text, "csrf"), "csv": "name;parent\nA;Nowhere"}
    assert boss.post(f"{PATH}/confirm", fields).status_code == 422


def test_files_to_take(cast: Cast, visit: Visit) -> None:
    boss = visit(cast.administrator)
    export = boss.get("/units/export.csv")
    assert export.headers["content-disposition"].endswith('"kuliss-units.csv"')
    assert "Koivuranta;Branch;Saarivesi City Library;Europe/Helsinki;fi;FI;;;" in export.text
    assert "There is nothing to do" in sent(boss, export.text)
    assert "Is made: <b>3</b>" in sent(boss, boss.get("/units/template.csv").text)
    sibling = visit(cast.sibling_editor).get("/units/export.csv").text
    assert "Koivuranta" not in sibling


def test_who_may(cast: Cast, visit: Visit) -> None:
    for who in (cast.editor, cast.coordinator):
        assert visit(who).get(PATH).status_code == 403


def test_many_rows_ask_few_questions(database: Database, cast: Cast, visit: Visit) -> None:
    boss = visit(cast.administrator)
    rows = ROWS + "".join(f"Branch {n};Rantakylä;branch\n" for n in range(300))
    with counted(database) as asked:
        page = sent(boss, rows)
    assert "Is made: <b>301</b>" in page
    assert len(asked) <= 12
