"""The example's root, its units and its people."""

from sqlalchemy.orm import Session

from app.actions import history, units
from app.domain.errors import Conflict
from app.domain.examples import DOMAIN, State
from app.domain.roles import Actor, Scope
from app.errands.examples import plan
from app.errands.examples.stage import Stage
from app.foundation import clock
from app.models.examples import ONLY, Example, ExamplePerson
from app.models.people import Membership, Person
from app.models.units import Unit
from app.queries import examples


def begin(stage: Stage, actor: Actor) -> None:
    """The root, known as the example's from its first moment on, and who works there.

    Raises Conflict ("example_there", "example_real").
    """
    with stage.ground.database.writes() as session:
        if examples.standing(session, Scope()) is not None:
            raise Conflict("example_there")
        if examples.has_real(session, Scope()):
            raise Conflict("example_real")
        root = units.add_root(session, _unit(stage, stage.library.name, plan.ROOT))
        stage.root_id = root.id
        session.add(
            Example(
                id=ONLY, unit_id=root.id, state=State.MAKING, locale=stage.library.locale,
                made_at=stage.now, beat_at=clock.now(),
            )
        )  # fmt: skip
        session.flush()
        stage.units = [_below(session, stage, root, n).id for n in range(len(plan.UNITS))]
        stage.people = [_person(session, stage, n).id for n in range(len(plan.PEOPLE))]
    with stage.ground.database.writes() as session:
        history.record(session, actor, "example", ONLY, "made", now=clock.now())


def _unit(stage: Stage, name: str, place: plan.Place, parent: Unit | None = None) -> Unit:
    told = stage.library
    return Unit(
        parent_id=parent.id if parent else None, kind=place.kind, name=name, zone=told.zone,
        locale=told.locale, country=told.country, created_at=stage.now, population=place.population,
    )  # fmt: skip


def _below(session: Session, stage: Stage, root: Unit, number: int) -> Unit:
    unit = _unit(stage, stage.library.units[number][0], plan.UNITS[number], root)
    unit.path = f"example/{number}"  # until it has its id
    session.add(unit)
    session.flush()
    units.put_below(unit, root.path)
    return unit


def _person(session: Session, stage: Stage, number: int) -> Person:
    name, post = stage.library.people[number], plan.PEOPLE[number]
    place = stage.library.domain.removesuffix(DOMAIN)
    person = Person(
        email=f"{_plain(name)}@{place}{DOMAIN}", name=name, locale=stage.library.locale, password_hash=None,
        created_at=stage.now,
    )  # fmt: skip
    session.add(person)
    session.flush()
    session.add(ExamplePerson(person_id=person.id))
    unit_id = stage.unit_id(post.unit)
    session.add(Membership(person_id=person.id, unit_id=unit_id, role=post.role))
    return person


def _plain(name: str) -> str:
    """A name as an address has it: Lotta Bergkvist, lotta.bergkvist."""
    flat = name.lower().translate(str.maketrans("åäöøæ' ", "aaooa-."))
    return "".join(sign for sign in flat if sign.isascii())
