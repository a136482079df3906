"""Mails as programs use them: what comes to oneself, a unit's hours, how mail fares."""

from tests.api.conftest import Programs
from tests.api.program import Program
from tests.cast import Cast


def test_one_chooses_what_comes(editor: Program) -> None:
    assert len(editor.get("mails/mine")["kinds"]) == 8
    told = editor.ask("PUT", "mails/mine", {"kinds": ["urgent"], "any_hour": True})
    assert told.json() == {"kinds": ["urgent"], "any_hour": True}
    assert editor.get("mails/mine") == told.json()
    assert editor.ask("PUT", "mails/mine", {"kinds": ["gossip"]}).status_code == 422


def test_a_unit_has_hours(program: Programs, cast: Cast, editor: Program) -> None:
    administrator, path = program(cast.administrator), f"units/{cast.library.id}/hours"
    usual = {"begins": "08:00", "ends": "16:00", "zone": "Europe/Helsinki", "own": False}
    assert administrator.get(path) == usual
    told = administrator.ask("PUT", path, {"begins": "09:00", "ends": "17:30"}).json()
    assert told == {**usual, "begins": "09:00", "ends": "17:30", "own": True}
    below = f"units/{cast.koivuranta.id}/hours"
    assert editor.get(below) == {**told, "own": False}
    assert editor.ask("PUT", below, {"begins": "09:00", "ends": "17:30"}).status_code == 403
    for wrong in ({"begins": "05:00", "ends": "17:00"}, {"begins": "12:00", "ends": "9"}, {"begins": "9"}):
        assert administrator.ask("PUT", path, wrong).status_code == 422
    assert administrator.ask("DELETE", path).json() == usual
    assert editor.ask("GET", f"units/{cast.elsewhere.id}/hours").status_code == 404


def test_how_mail_fares_is_for_administrators(program: Programs, cast: Cast, editor: Program) -> None:
    told = program(cast.administrator).get("mails/health")
    assert (told["sends"], told["sent"], told["troubled"]) == (False, 0, [])
    assert editor.ask("GET", "mails/health").status_code == 403
    off = program(cast.administrator).ask("POST", "mails/try")
    assert (off.status_code, off.json()["code"]) == (409, "mail_off")
