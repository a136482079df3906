"""Everything that is written into history has its words."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.history_facts import Known
from app.foundation.former import FORMER
from app.foundation.i18n import LOCALES
from app.words import history as words
from app.words.history_facts import LABELS, without_names

APP = Path(__file__).parents[2] / "app"


def written() -> Iterator[tuple[str, str, str]]:
    """Where, thing, verb: of each `record(session, actor, "thing", id, "verb", …)` that names them itself."""
    for path in sorted([*APP.glob("actions/*.py"), *APP.glob("errands/*.py")]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or len(node.args) < 5:
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            thing, verb = node.args[2], node.args[4]
            if called == "record" and isinstance(thing, ast.Constant) and isinstance(verb, ast.Constant):
                yield f"{path.name}:{node.lineno}", str(thing.value), str(verb.value)


def test_every_thing_and_verb_has_its_word() -> None:
    found = list(written())
    assert len(found) > 25
    missing = [(where, thing, verb) for where, thing, verb in found
               if thing not in words.THINGS or verb not in words.VERBS]  # fmt: skip
    assert missing == []


@pytest.mark.parametrize("locale", LOCALES)
def test_no_two_verbs_read_alike_in_the_list_to_choose_from(locale: str) -> None:
    told = Counter(words.verb(name, locale) for name in words.VERBS)
    assert [each for each, times in told.items() if times > 1] == []


def test_what_has_none_is_still_told() -> None:
    assert words.verb("quite_new", "en") == "quite new"
    assert words.thing("quite_new", "en") == "quite new"
    assert words.states("draft", "quite_new", {"draft": "Draft"}, "en") == "Draft → quite new"
    assert words.states("draft", "draft", {}, "en") == ""
    assert words.who(None, "", "clock", "en") == "Kuliss"
    assert words.who(7, "", "web", "en") == "a former colleague"


def test_details_are_on_one_line() -> None:
    facts = {
        "due_at": "2030-01-01T10:00:00+00:00", "reason": "rate_limited", "before": ["editor"], "after": [],
        "nothing": None, "many": {"fields": ["alt_text", "credit"]}, "at": "not a time",
    }  # fmt: skip
    assert words.details(facts, "Europe/Helsinki", "en") == (
        "time: Tuesday 1 January 2030 12.00;"
        " reason: The network asks us to wait. Kuliss goes on when it may.;"
        " before: Editor; many: fields: alt_text, credit; at: not a time"
    )


def test_numbers_become_names_of_today() -> None:
    known = Known({3: "Aino Lehtinen", 4: FORMER}, {2: "Koivuranta"})
    handed = words.details({"what": "drafts", "of": 4, "to": 3}, "Europe/Helsinki", "en", known)
    assert handed == "what: Drafts; whose: a former colleague; to: Aino Lehtinen"
    assert words.details({"kind": "branch", "was_kind": "area"}, "UTC", "en") == (
        "kind: Branch; kind before: Area library"
    )
    assert words.details({"used_by": "units", "units": [2, 9]}, "UTC", "en", known) == (
        "may be used by: these units; units: Koivuranta, out of your sight (9)"
    )


def test_a_name_in_an_old_fact_is_told_while_somebody_has_it() -> None:
    facts = {"name": "Sara Niemi"}
    assert without_names("assigned", facts, Known(here=frozenset({"Sara Niemi"}))) == facts
    assert without_names("assigned", facts, Known()) == {"name": "a former colleague"}
    assert without_names("added", facts, Known()) == facts, "a channel's name is nobody's"


def test_every_fact_has_its_word() -> None:
    """Names of facts that are written where `record` is called."""
    missing = []
    for path in sorted([*APP.glob("actions/*.py"), *APP.glob("errands/*.py")]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and called.attr == "record" and isinstance(node, ast.Call):
                named = {word.arg for word in node.keywords if word.arg} - {"unit_id", "old", "new", "now"}
                missing += [(path.name, name) for name in named if name not in LABELS]
    assert missing == []
