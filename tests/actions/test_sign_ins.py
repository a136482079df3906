"""Coming in: links are spent once, guesses slowed down, repeats done once; also at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actions import account, first_visit, links, repeats, sign_ins
from app.actions.first_visit import Beginning
from app.domain.errors import Conflict, Invalid, NotFound, Refusal
from app.domain.roles import Actor, Role, Scope
from app.foundation import clock
from app.foundation.database import Database
from app.models.people import Failure, Membership, Person
from app.models.repeats import Repeat
from app.models.units import Unit
from app.queries.scopes import scope_of
from tests.builders import person, unit

NOBODY = Actor(None, Scope(), via="cli")


def beginning(**more: object) -> Beginning:
    return Beginning.model_validate(
        {
            "library": "Saarivesi",
            "country": "FI",
            "zone": "Europe/Helsinki",
            "locale": "fi",
            "name": "Aino",
            "email": "aino@library.example",
            "password": "three words together",
            **more,
        }
    )


def at_once(work: Callable[[], object], times: int = 4) -> list[object]:
    """What came of the same work done in several threads: results and refusals."""

    def one(_number: int) -> object:
        try:
            return work()
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(one, range(times)))


def test_the_first_visit_makes_a_library_and_its_administrator(session: Session) -> None:
    token = links.make_first(session, NOBODY, clock.now())
    who = first_visit.begin(session, token, beginning(roles=["editor"]), "hash")
    held = session.scalars(select(Membership.role).where(Membership.person_id == who.id)).all()
    assert set(held) == {Role.EDITOR, Role.ADMINISTRATOR}
    root = session.scalars(select(Unit).where(Unit.id.in_(scope_of(session, who.id).units))).one()
    assert (root.name, root.parent_id, root.path) == ("Saarivesi", None, f"/{root.id}/")
    second = links.make_first(session, NOBODY, clock.now())
    with pytest.raises(Conflict, match="already_begun"):
        first_visit.begin(session, second, beginning(email="b@library.example"), "hash")


def test_two_first_links_make_one_library(database: Database) -> None:
    with database.writes() as session:
        tokens = [links.make_first(session, NOBODY, clock.now()) for _ in range(2)]
    waiting = iter(tokens)

    def begin() -> int:
        with database.writes() as session:
            return first_visit.begin(session, next(waiting), beginning(), "hash").id

    results = at_once(begin, 2)
    with database.reads() as session:
        assert session.scalar(select(func.count()).select_from(Unit)) == 1
    assert sorted(type(result) is int for result in results) == [False, True]


def test_a_link_is_spent_once_also_at_the_same_moment(database: Database) -> None:
    with database.writes() as session:
        who = person(session, "Aino", unit(session), Role.EDITOR)
        token = links.make(session, NOBODY, who, clock.now())

    def spend() -> int:
        with database.writes() as session:
            return links.spend(session, token, clock.now())

    assert sorted(map(str, at_once(spend))) == sorted([str(who.id), *["link_gone"] * 3])


def test_a_new_password_makes_links_void(session: Session) -> None:
    now = clock.now()
    who = person(session, "Aino", unit(session), Role.EDITOR)
    token = links.make(session, NOBODY, who, now)
    account.set_password(session, Actor(who.id, Scope()), "hashed")
    with pytest.raises(NotFound):
        links.spend(session, token, now)


def test_links_grow_old(session: Session) -> None:
    now = clock.now()
    who = person(session, "Aino", unit(session), Role.EDITOR)
    token = links.make(session, NOBODY, who, now)
    first = links.make_first(session, NOBODY, now)
    with pytest.raises(NotFound):
        links.spend(session, token, now + timedelta(days=7, seconds=1))
    with pytest.raises(NotFound):
        links.spend_first(session, first, now + timedelta(hours=24, seconds=1))
    with pytest.raises(NotFound):
        links.spend(session, first, now)
    with pytest.raises(NotFound):
        links.spend_first(session, token, now)
    assert links.spend(session, token, now + timedelta(days=6)) == who.id


def test_ten_tries_in_fifteen_minutes(session: Session) -> None:
    now = clock.now()
    for number in range(10):
        sign_ins.try_once(session, "Aino@library.example", f"10.0.0.{number}", now)
    with pytest.raises(Conflict) as refused:
        sign_ins.try_once(session, "aino@library.example", "10.0.1.1", now)
    assert 14 <= refused.value.faults[0].params["minutes"] <= 15
    sign_ins.try_once(session, "other@library.example", "10.0.0.1", now)
    sign_ins.try_once(session, "aino@library.example", "10.0.1.1", now + timedelta(minutes=16))


def test_one_address_may_not_guess_for_many(session: Session) -> None:
    now = clock.now()
    for number in range(60):  # of a house in which many mistype on a Monday
        sign_ins.try_once(session, f"p{number}@library.example", "2001:db8::1", now)
    with pytest.raises(Conflict):
        sign_ins.try_once(session, "q@library.example", "2001:db8::2", now)


def test_a_right_password_is_no_guess(session: Session) -> None:
    now = clock.now()
    for _ in range(30):
        sign_ins.try_once(session, "aino@library.example", "10.0.0.1", now)
        sign_ins.forgive(session, "aino@library.example", "10.0.0.1", now)
    assert not session.scalar(select(func.sum(Failure.count)))


def test_whoever_is_back_from_the_provider_counts_no_more_whenever_they_left(session: Session) -> None:
    now = clock.now().replace(second=0)
    for minutes in (0, 0, 1):
        sign_ins.set_out(session, "10.0.0.1", now + timedelta(minutes=minutes))
    for _ in range(3):
        sign_ins.come_back(session, "10.0.0.1", now + timedelta(minutes=2))
    assert not session.scalar(select(func.sum(Failure.count)))


def test_a_repeat_is_told_what_was_answered(session: Session) -> None:
    now = clock.now()
    assert repeats.first(session, "token:1 POST /x", "key", "body", now) is None
    with pytest.raises(Conflict, match="key_running"):
        repeats.first(session, "token:1 POST /x", "key", "body", now)
    repeats.answer(session, "token:1 POST /x", "key", 201, "{}")
    earlier = repeats.first(session, "token:1 POST /x", "key", "body", now)
    assert earlier == repeats.Earlier(201, "{}")
    with pytest.raises(Invalid, match="key_reused"):
        repeats.first(session, "token:1 POST /x", "key", "another", now)
    assert repeats.first(session, "token:2 POST /x", "key", "another", now) is None
    assert repeats.first(session, "token:1 POST /x", "key", "new", now + timedelta(hours=49)) is None


def test_repeats_at_the_same_moment_are_done_once(database: Database) -> None:
    def work() -> str:
        with database.writes() as session:
            earlier = repeats.first(session, "form:1", "key", "", clock.now())
            if earlier:
                return earlier.answer
            person(session, "Made", email="made@library.example")
            repeats.answer(session, "form:1", "key", 303, "/people/1")
            return "/people/1"

    assert at_once(work) == ["/people/1"] * 4
    with database.reads() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 1
        assert session.scalar(select(func.count()).select_from(Repeat)) == 1


def test_a_refused_request_may_be_sent_again(database: Database) -> None:
    def refused() -> None:
        with database.writes() as session:
            assert repeats.first(session, "form:1", "key", "", clock.now()) is None
            raise Invalid("missing", "name")

    with pytest.raises(Invalid):
        refused()
    with database.writes() as session:
        assert repeats.first(session, "form:1", "key", "", clock.now()) is None
