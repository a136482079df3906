"""Everything that is written into history has its words."""

import ast
from collections.abc import Iterator
from pathlib import Path

from app.words import history as words

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


def test_what_has_none_is_still_told() -> None:
    assert words.verb("quite_new", "en") == "quite new"
    assert words.thing("quite_new", "en") == "quite new"
    assert words.states("draft", "quite_new", {"draft": "Draft"}, "en") == "Draft → quite new"
    assert words.states("draft", "draft", {}, "en") == ""
    assert words.who(None, "", "clock", "en") == "Kuliss"
    assert words.who(7, "", "web", "en") == "Somebody (name erased)"


def test_details_are_on_one_line() -> None:
    facts = {
        "due_at": "2030-01-01T10:00:00+00:00", "reason": "rate_limited", "before": ["editor"], "after": [],
        "nothing": None, "many": {"fields": ["alt_text", "credit"]}, "at": "not a time",
    }  # fmt: skip
    assert words.details(facts, "Europe/Helsinki", "en") == (
        "due at: Tuesday 1 January 2030 12.00;"
        " reason: The network asks us to wait. Kuliss goes on when it may.;"
        " before: editor; many: fields alt_text, credit; at: not a time"
    )
