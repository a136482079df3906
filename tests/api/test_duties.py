"""Handing over, standing in, keepers and erased names, through the API: the same powers as the pages."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions.duty_mails import lay_out
from app.domain.posts import PostStatus
from app.domain.publications import Status
from app.foundation import clock
from app.foundation.database import Database
from app.models.history import Event
from app.models.notices import Mail, Notice
from app.models.people import Person, SignIn
from app.words import mails
from tests import plans
from tests.api.conftest import Channels
from tests.api.program import Program
from tests.builders import LONG_AGO
from tests.cast import Cast
from tests.support.days import today


@pytest.fixture
def boss(program: Callable[..., Program], cast: Cast) -> Program:
    """The program of Koivuranta's coordinator."""
    return program(cast.coordinator)


def give(session: Session, cast: Cast, channel_id: int) -> None:
    """A draft and a planned post of the editor's, whose sign-in keeps the channel."""
    plans.post(session, cast.koivuranta, cast.editor, "A long draft", PostStatus.DRAFT)
    post = plans.post(session, cast.koivuranta, cast.editor, approver=cast.approver)
    plans.publication(session, post, plans.load_channel(session, channel_id), Status.PLANNED)
    session.add(plans.token(plans.load_channel(session, channel_id), "sealed", cast.editor))


def test_somebody_leaves(
    boss: Program, cast: Cast, channels: Channels, database: Database, program: Callable[..., Program]
) -> None:
    with database.writes() as session:
        give(session, cast, channels.own)
    path = f"people/{cast.editor.person_id}"
    told = boss.get(f"{path}/duties")
    assert [one["kind"] for one in told["things"]] == ["drafts", "approved", "planned"]
    assert [(one["channel_id"], one["others"]) for one in told["sign_ins"]] == [(channels.own, 0)]
    assert told["ends"] == {"tokens": [], "feed": False, "stands_in_for": []}
    approver = next(one for one in told["takers"] if one["id"] == cast.approver.person_id)
    assert approver["kinds"] == {"planned": 1}
    wrong = boss.ask("POST", f"{path}/hand-over", {"kinds": {"drafts": cast.approver.person_id}})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "kinds.drafts")
    done = boss.post(f"{path}/hand-over", {"to": cast.approver.person_id, "close": True})
    assert [one["kind"] for one in done["left"]] == ["drafts", "approved"]
    assert boss.get(path)["active"] is False
    receiver = program(cast.approver)
    [came] = receiver.get("hand-overs")["items"]
    assert (came["who"], came["counts"]) == ("Sara Niemi", {"planned": 1})
    assert boss.ask("POST", f"hand-overs/{came['id']}/seen").status_code == 404
    assert receiver.post(f"hand-overs/{came['id']}/seen")["seen_at"]
    assert receiver.get("hand-overs")["items"] == []


def test_who_stands_in_and_who_keeps_a_channel(
    boss: Program, cast: Cast, channels: Channels, program: Callable[..., Program]
) -> None:
    day = today()
    body = {
        "deputy_id": cast.manager.person_id,
        "from_on": str(day),
        "until_on": str(day + timedelta(days=1)),
    }
    path = f"people/{cast.editor.person_id}/deputies"
    [row] = program(cast.editor).post(path, body)["items"]
    assert (row["deputy"], row["zone"]) == ("Pirjo Koski", "Europe/Helsinki")
    assert boss.ask("POST", path, body).json()["code"] == "stood_in_already"
    assert program(cast.approver).ask("POST", path, body).status_code == 403
    assert program(cast.stranger).ask("GET", path).status_code == 404
    named = {"owner_id": cast.editor.person_id, "deputy_id": cast.approver.person_id}
    kept = boss.ask("PUT", f"channels/{channels.own}/keepers", named).json()
    assert (kept["owner"], kept["deputy"], kept["on_duty"]) == ("Sara Niemi", "Olli Laine", "Pirjo Koski")
    assert boss.ask("DELETE", f"{path}/{row['id']}").json() == {"items": []}
    assert boss.get(f"channels/{channels.own}/keepers")["on_duty"] == "Sara Niemi"
    assert program(cast.stranger).ask("GET", f"channels/{channels.own}/keepers").status_code == 404


def test_a_deputy_may_end_it_for_somebody_out_of_sight(cast: Cast, program: Callable[..., Program]) -> None:
    day = str(today())
    body = {"deputy_id": cast.editor.person_id, "from_on": day, "until_on": day}
    path = f"people/{cast.administrator.person_id}/deputies"
    boss, deputy = program(cast.administrator), program(cast.editor)
    [row] = boss.post(path, body)["items"]
    assert deputy.ask("GET", path).status_code == 404
    assert deputy.ask("DELETE", f"{path}/{row['id']}").json() == {"items": []}
    assert boss.get(path) == {"items": []}


def name_everywhere(session: Session, cast: Cast) -> None:
    """The editor's name in mails, in a warning, at a browser, and in an old fact of history."""
    who, now = cast.editor.person_id or 0, clock.now()
    for to, name in ((who, "Mikael Berg"), (cast.approver.person_id or 0, "Sara Niemi")):
        lay_out(session, to, partial(_handed, name), now)
    facts = {"by": "Sara Niemi", "was": "Olli Laine"}
    session.add(Notice(key="k", code="sign_in_taken_over", severity=1, since_at=now, facts=facts))
    session.add(
        SignIn(person_id=who, token_hash="t", csrf="c", agent="Sara's phone", created_at=now, seen_at=now)
    )
    session.add(
        Event(
            at=LONG_AGO, person_id=cast.coordinator.person_id, via="web", thing="publication", thing_id=1,
            unit_id=cast.koivuranta.id, verb="assigned", facts={"name": "Sara Niemi"},
        )
    )  # fmt: skip


def _handed(name: str, reader: Person) -> mails.Written:
    return mails.handed_over(reader.name, name, {"drafts": 1}, "/", "en", "x")


def test_an_erased_name_is_nowhere_any_more(boss: Program, cast: Cast, database: Database) -> None:
    who = cast.editor.person_id or 0
    with database.writes() as session:
        email = session.get_one(Person, who).email
        name_everywhere(session, cast)
    old = boss.get("history?verb=assigned")["items"][0]
    assert old["facts"] == {"name": "Sara Niemi"}
    assert boss.ask("POST", f"people/{who}/erase-name").json()["code"] == "person_still_here"
    boss.ask("PATCH", f"people/{who}", {"active": False})
    erased = boss.post(f"people/{who}/erase-name")
    assert (erased["name"], erased["email"], erased["erased"]) == ("a former colleague", "", True)
    assert boss.ask("PATCH", f"people/{who}", {"active": True}).json()["code"] == "person_erased"
    assert boss.get("history?verb=assigned")["items"][0]["facts"] == {"name": "a former colleague"}
    with database.reads() as session:
        [mail] = session.scalars(select(Mail))
        assert "You have taken over from a former colleague" in mail.subject
        assert "Sara" not in mail.subject + mail.text + mail.html
        assert session.scalars(select(Notice.facts)).one() == {
            "by": "a former colleague",
            "was": "Olli Laine",
        }
        assert session.scalars(select(SignIn)).all() == []
        kept = session.get_one(Person, who)
        assert email not in (kept.email, kept.name)
        assert kept.password_hash is None
    again = {"unit_id": cast.koivuranta.id, "name": "New Sara", "email": email, "roles": ["editor"]}
    assert boss.post("people", again)["person"]["id"] != who, "the address is free again"
