"""Looking around in the example library: by whom, as whom, and never further than it goes."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actions import links, units
from app.actions.people import NewPerson
from app.actions.people import add as add_person
from app.domain.errors import Invalid
from app.domain.examples import State
from app.domain.networks import Realm
from app.domain.roles import Actor, Role, Scope
from app.domain.units import UnitKind
from app.foundation import clock
from app.foundation.database import Database
from app.models.channels import Channel
from app.models.examples import ONLY, Example, ExamplePerson
from app.models.people import Membership, Person, SignIn
from app.models.units import Unit
from app.queries.identity import has_begun
from app.queries.scopes import scope_of
from tests.cast import Cast
from tests.web.scene import Scene
from tests.web.visitor import Visitor

PAGE = "/example"


@dataclass(frozen=True)
class Made:
    """A small example: its root, an editor and an administrator of it."""

    root_id: int
    editor: Actor
    administrator: Actor


def small_example(session: Session) -> Made:
    """An example library of two people."""
    now = clock.now()
    root = units.add_root(
        session,
        Unit(kind=UnitKind.LIBRARY, name="Österhamn", zone="Europe/Stockholm", locale="sv", country="SE",
             created_at=now),
    )  # fmt: skip
    session.add(Example(id=ONLY, unit_id=root.id, state=State.READY, locale="sv", made_at=now, beat_at=now))
    actors = []
    for name, role in (("Sara", Role.EDITOR), ("Karin", Role.ADMINISTRATOR)):
        person = Person(email=f"{name.lower()}@osterhamn.example", name=name, locale="en", created_at=now)
        session.add(person)
        session.flush()
        session.add_all([
            ExamplePerson(person_id=person.id),
            Membership(person_id=person.id, unit_id=root.id, role=role),
        ])  # fmt: skip
        session.flush()
        actors.append(Actor(person.id, scope_of(session, person.id), name))
    return Made(root.id, *actors)


@pytest.fixture
def made(cast: Cast, database: Database) -> Made:
    """The example beside the cast's library."""
    with database.writes() as session:
        return small_example(session)


def _who(database: Database) -> int:
    """Who came in last."""
    with database.reads() as session:
        return session.scalars(select(SignIn.person_id).order_by(SignIn.id.desc()).limit(1)).one()


def test_an_administrator_looks_as_its_people_and_goes_on_as_others(
    visit: Callable[[Actor], Visitor], cast: Cast, made: Made, database: Database
) -> None:
    keeper = visit(cast.administrator)
    page = keeper.get(PAGE)
    assert "Look as Sara" in page.text
    answer = keeper.send(PAGE, f"{PAGE}/look", person_id=made.editor.person_id)
    assert answer.headers["location"] == "/?done=example_looking"
    assert _who(database) == made.editor.person_id
    assert "An example library." in keeper.get("/").text
    assert "simulated" in keeper.get(PAGE).text
    assert keeper.send(PAGE, f"{PAGE}/look", person_id=made.administrator.person_id).status_code == 303
    assert _who(database) == made.administrator.person_id
    # Nobody outside of it, whoever asks.
    assert keeper.send(PAGE, f"{PAGE}/look", person_id=cast.editor.person_id).status_code == 404
    assert _who(database) == made.administrator.person_id
    assert "Koivuranta" not in keeper.get("/units").text


def test_who_removes_it_from_within_reads_that_it_is_going(
    visit: Callable[[Actor], Visitor], cast: Cast, made: Made
) -> None:
    karin = visit(cast.administrator)
    karin.send(PAGE, f"{PAGE}/look", person_id=made.administrator.person_id)
    answer = karin.send(PAGE, f"{PAGE}/remove")
    for thread in threading.enumerate():
        if thread.name == "example":
            thread.join()
    assert answer.headers["location"] == "/sign-in?done=example_going"
    assert "Max-Age=0" in answer.headers["set-cookie"], "or /sign-in would lead back into what is going"
    page = karin.get(answer.headers["location"])
    assert page.status_code == 200
    assert "The example library is being removed. That takes a few seconds." in page.text
    assert visit(cast.administrator).get(PAGE).text.count("Make the example library") == 1


def test_nobody_else_looks_around(visit: Callable[[Actor], Visitor], cast: Cast, made: Made) -> None:
    editor = visit(cast.editor)
    assert editor.get(PAGE).status_code == 404
    assert editor.send("/account", f"{PAGE}/look", person_id=made.editor.person_id).status_code == 404
    for verb in ("make", "remove"):
        assert editor.send("/account", f"{PAGE}/{verb}").status_code == 403


def test_with_a_real_channel_nobody_comes_in(
    visit: Callable[[Actor], Visitor], cast: Cast, made: Made, app: object, database: Database
) -> None:
    scene = Scene(app, cast)  # type: ignore[arg-type]
    scene.write(lambda session: setattr(session.get_one(Channel, scene.channel_id), "realm", Realm.META))
    keeper = visit(cast.administrator)
    assert "real channels here" in keeper.get(PAGE).text
    with database.reads() as session:
        before = session.scalar(select(func.count()).select_from(SignIn))
    assert keeper.send(PAGE, f"{PAGE}/look", person_id=made.editor.person_id).status_code == 409
    with database.reads() as session:
        assert session.scalar(select(func.count()).select_from(SignIn)) == before


def test_its_people_and_others_stay_apart(database: Database, cast: Cast, made: Made) -> None:
    def add(actor: Actor, email: str, unit_id: int) -> None:
        with database.writes() as session:
            given = {"unit_id": unit_id, "name": "N", "email": email, "roles": [Role.EDITOR]}
            add_person(session, actor, NewPerson.model_validate(given))

    with database.reads() as session:
        real = session.get_one(Person, cast.sibling_editor.person_id).email
    for actor, email, unit_id in (
        (made.administrator, real, made.root_id),
        (cast.administrator, "sara@osterhamn.example", cast.koivuranta.id),
    ):
        with pytest.raises(Invalid) as refused:
            add(actor, email, unit_id)
        assert refused.value.code == "example_stays_apart"
    add(made.administrator, "new@osterhamn.example", made.root_id)
    with database.reads() as session:
        new = session.scalars(select(Person.id).where(Person.email == "new@osterhamn.example")).one()
        assert session.get(ExamplePerson, new) is not None


def test_a_link_of_the_command_line_leads_in_once(database: Database, made: Made, visitor: Visitor) -> None:
    by_hand = Actor(None, Scope(), via="cli")
    with database.writes() as session:
        person = session.get_one(Person, made.editor.person_id)
        door = f"{PAGE}/come-in/{links.make(session, by_hand, person, clock.now())}"
    assert "Look around as Sara" in visitor.get(door).text
    assert visitor.send(door, door).headers["location"] == "/"
    assert "An example library." in visitor.get("/").text
    assert visitor.get(door).status_code == 404


def test_the_first_visit_has_a_second_road(database: Database, visitor: Visitor) -> None:
    with database.writes() as session:
        link = f"/first/{links.make_first(session, Actor(None, Scope(), via='cli'), clock.now())}"
        made = small_example(session)
        assert not has_begun(session)
    assert f"{link}/example" in visitor.get(link).text
    road = f"{link}/example"
    assert "Look as Sara" in visitor.get(road).text
    assert visitor.send(road, f"{road}/look", person_id=made.editor.person_id).status_code == 303
    assert "An example library." in visitor.get("/").text
    assert "What will you do yourself?" in visitor.get(link).text
    for wrong in ("/first/made-up/example", "/first/made-up/example/look"):
        assert visitor.send(link, wrong, person_id=made.editor.person_id).status_code == 404
