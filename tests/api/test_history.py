"""History for programs: the same filters, the same sight as the page."""

from collections.abc import Callable

import pytest

from app.domain.roles import Actor
from tests.api.conftest import Planned
from tests.api.program import Program
from tests.cast import Cast


@pytest.fixture
def boss(program: Callable[[Actor], Program], cast: Cast) -> Program:
    """The program of Koivuranta's manager."""
    return program(cast.manager)


def test_it_is_narrowed_as_on_the_page(boss: Program, planned: Planned, cast: Cast) -> None:
    assert {row["thing"] for row in boss.items("history")} == {"post", "publication"}
    [row] = boss.items("history", thing="publication", verb="planned")
    assert (row["thing_id"], row["person_id"]) == (planned.publication, cast.editor.person_id)
    assert (row["unit"], row["place"], row["seal"]) == ("Koivuranta", None, "")
    for query, count in (
        ({"person": cast.approver.person_id}, 1),
        ({"person": 0}, 0),
        ({"unit": cast.myllymaki.id}, 0),
        ({"q": "quiet", "thing": "publication"}, 1),
        ({"to": row["at"], "verb": "planned"}, 0),
        ({"from": row["at"], "verb": "planned"}, 1),
    ):
        assert len(boss.items("history", **query)) == count, query


def test_pages_follow_each_other(boss: Program, planned: Planned) -> None:
    first = boss.get("history", limit=2)
    rest = boss.get("history", after=first["next"], limit=200)
    ids = [row["id"] for row in first["items"] + rest["items"]]
    assert ids == sorted(ids, reverse=True)
    assert ids == [row["id"] for row in boss.items("history")]


def test_only_who_manages_a_unit_looks_through_it(editor: Program, planned: Planned) -> None:
    assert editor.refused("GET", "history") == (403, [(None, "not_allowed")])
    assert editor.refused("GET", "history", thing="post") == (403, [(None, "not_allowed")])
    assert editor.items("history", thing="post", thing_id=planned.post)
