"""People and roles: nobody gives more than they may, and somebody always stays administrator."""

from datetime import timedelta

import pytest
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import travel

from app.actions import link_mails, links, people, tokens
from app.actions.people import NewPerson, RolesEdit
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.roles import Actor, Role, Scope
from app.foundation import clock
from app.foundation.crypto import token_hash
from app.foundation.settings import Settings
from app.models.history import Event
from app.models.identities import Identity
from app.models.notices import Mail
from app.models.people import ApiToken, Membership, Person
from app.queries import identity
from tests.builders import actor, person
from tests.cast import Cast, gather

HERE = "https://kuliss.example.org"


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


def newcomer(cast: Cast, *roles: Role, at: int = 0, email: str = "New@Library.example") -> NewPerson:
    return NewPerson(unit_id=at or cast.koivuranta.id, name=" New ", email=email, roles=frozenset(roles))


def id_of(who: Actor) -> int:
    assert who.person_id is not None
    return who.person_id


def test_a_coordinator_adds_an_editor_with_a_link(session: Session, cast: Cast) -> None:
    added, token = people.add(session, cast.coordinator, newcomer(cast, Role.EDITOR))
    assert (added.name, added.email, added.locale, added.password_hash) == (
        "New",
        "new@library.example",
        "fi",
        None,
    )
    link = identity.by_link(session, token_hash(token), clock.now())
    assert link is not None
    assert (link.person_id, link.has_password) == (added.id, False)
    session.flush()
    verbs = session.scalars(select(Event.verb).where(Event.thing == "person", Event.thing_id == added.id))
    assert list(verbs) == ["added", "roles", "link_made"]


def test_an_address_is_measured_as_it_is_kept(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="not an e-mail address"):
        newcomer(cast, Role.EDITOR, email="\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}" * 240 + "@library.fi")


def test_nobody_gives_more_than_they_may(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid, match="role_not_yours"):
        people.add(session, cast.coordinator, newcomer(cast, Role.ADMINISTRATOR))
    for who in (cast.editor, cast.sibling_editor, cast.stranger):
        with pytest.raises(Invalid, match="unit_not_yours"):
            people.add(session, who, newcomer(cast, Role.CONTRIBUTOR))
    with pytest.raises(Invalid, match="unit_not_yours"):
        people.add(session, cast.coordinator, newcomer(cast, Role.EDITOR, at=cast.library.id))
    assert session.scalar(select(Person).where(Person.name == "New")) is None


def test_an_email_that_is_here_is_told(session: Session, cast: Cast) -> None:
    people.add(session, cast.coordinator, newcomer(cast, Role.EDITOR))
    with pytest.raises(Invalid) as refused:
        people.add(session, cast.coordinator, newcomer(cast, Role.APPROVER, email="NEW@library.example"))
    assert refused.value.faults[0].field == "email"


def test_somebody_of_elsewhere_joins_without_a_link(session: Session, cast: Cast) -> None:
    other = person(session, "Other", cast.elsewhere, Role.ADMINISTRATOR, email="other@library.example")
    joined, token = people.add(session, cast.coordinator, newcomer(cast, Role.EDITOR, email=other.email))
    assert (joined.id, joined.name, token) == (other.id, "Other", "")
    with pytest.raises(Forbidden, match="person_out_of_reach"):
        people.new_link(session, cast.coordinator, other.id)
    with pytest.raises(Forbidden, match="person_out_of_reach"):
        people.deactivate(session, cast.coordinator, other.id)


def test_roles_are_changed_and_taken(session: Session, cast: Cast) -> None:
    editor = id_of(cast.editor)
    wanted = RolesEdit(unit_id=cast.koivuranta.id, roles=frozenset({Role.APPROVER, Role.MANAGER}))
    people.change_roles(session, cast.coordinator, editor, wanted)
    held = session.scalars(select(Membership.role).where(Membership.person_id == editor)).all()
    assert set(held) == {Role.APPROVER, Role.MANAGER}
    people.change_roles(session, cast.coordinator, editor, RolesEdit(unit_id=cast.koivuranta.id))
    with pytest.raises(NotFound):
        people.change_roles(session, cast.coordinator, editor, wanted)


def test_an_administrator_is_not_unmade_by_a_coordinator(session: Session, cast: Cast) -> None:
    local = person(session, "Local", cast.koivuranta, Role.ADMINISTRATOR)
    with pytest.raises(Invalid, match="role_not_yours"):
        people.change_roles(session, cast.coordinator, local.id, RolesEdit(unit_id=cast.koivuranta.id))
    with pytest.raises(Forbidden):
        people.new_link(session, cast.coordinator, local.id)


def test_the_last_administrator_stays(session: Session, cast: Cast) -> None:
    boss = id_of(cast.administrator)
    edit = RolesEdit(unit_id=cast.network.id, roles=frozenset({Role.EDITOR}))
    with pytest.raises(Conflict, match="last_administrator"), session.begin_nested():
        people.change_roles(session, cast.administrator, boss, edit)
    with pytest.raises(Conflict, match="last_administrator"), session.begin_nested():
        people.deactivate(session, cast.administrator, boss)
    person(session, "Second", cast.network, Role.ADMINISTRATOR)
    people.change_roles(session, cast.administrator, boss, edit)


def test_who_is_closed_is_out_at_once(session: Session, cast: Cast) -> None:
    editor = id_of(cast.editor)
    _, token = tokens.create(session, cast.editor, editor, tokens.NewToken(name="script"))
    _, link = people.new_link(session, cast.coordinator, editor)
    people.deactivate(session, cast.coordinator, editor)
    assert identity.by_token(session, Settings(), token_hash(token)) is None
    assert identity.by_link(session, token_hash(link), clock.now()) is None
    with pytest.raises(Conflict, match="person_inactive"):
        people.new_link(session, cast.coordinator, editor)
    people.activate(session, cast.coordinator, editor)
    assert identity.by_token(session, Settings(), token_hash(token)) is None, "a revoked token stays revoked"


def test_people_of_a_sibling_are_not_there(session: Session, cast: Cast) -> None:
    sibling = id_of(cast.sibling_editor)
    for attempt in (people.deactivate, people.activate, people.new_link):
        with pytest.raises(NotFound):
            attempt(session, cast.coordinator, sibling)


def test_tokens_are_ones_own(session: Session, cast: Cast) -> None:
    row, _ = tokens.create(
        session, cast.editor, id_of(cast.editor), tokens.NewToken(name="mine", scope="write")
    )
    with pytest.raises(NotFound):
        tokens.revoke(session, cast.administrator, row.id)
    with pytest.raises(Forbidden):
        tokens.create(session, cast.administrator, id_of(cast.editor), tokens.NewToken(name="not mine"))
    tokens.revoke(session, cast.editor, row.id)
    tokens.revoke(session, Actor(None, Scope(), via="cli"), row.id)
    assert session.get_one(ApiToken, row.id).revoked_at is not None


def test_a_new_link_voids_the_old_one(session: Session, cast: Cast) -> None:
    who = session.get_one(Person, id_of(cast.editor))
    old = links.make(session, cast.coordinator, who, clock.now())
    new = links.make(session, cast.coordinator, who, clock.now())
    with pytest.raises(NotFound):
        links.spend(session, old, clock.now())
    assert links.spend(session, new, clock.now()) == who.id
    with pytest.raises(NotFound):
        links.spend(session, new, clock.now())


def test_scopes_follow_roles_at_once(session: Session, cast: Cast) -> None:
    who = session.get_one(Person, id_of(cast.editor))
    people.change_roles(
        session,
        cast.coordinator,
        who.id,
        RolesEdit(unit_id=cast.koivuranta.id, roles=frozenset({Role.MANAGER})),
    )
    assert actor(session, who).scope.may_give(cast.koivuranta.id) == frozenset()


def test_an_invitation_is_mailed_again_to_who_has_not_come(session: Session, cast: Cast) -> None:
    now = clock.now()
    added, _ = people.add(session, cast.coordinator, newcomer(cast, Role.EDITOR))
    link_mails.invite(session, cast.coordinator, added, cast.koivuranta.id, HERE)
    with pytest.raises(Conflict, match="invited_just_now"):
        people.invite_again(session, cast.coordinator, added.id, HERE)
    with travel(now + link_mails.APART + timedelta(seconds=1), tick=False):
        people.invite_again(session, cast.coordinator, added.id, HERE)
        with pytest.raises(Conflict, match="invited_just_now"):
            people.invite_again(session, cast.coordinator, added.id, HERE)
    first, second = session.scalars(select(Mail).where(Mail.person_id == added.id).order_by(Mail.id))
    assert (first.next_at, first.reason) == (None, "mail_nobody")
    assert second.next_at is not None
    assert second.link_hours == 7 * 24
    verbs = session.scalars(select(Event.verb).where(Event.thing == "person", Event.thing_id == added.id))
    assert list(verbs).count("invited_again") == 1


def test_who_has_come_or_is_out_of_reach_is_not_invited_again(session: Session, cast: Cast) -> None:
    added, _ = people.add(session, cast.coordinator, newcomer(cast, Role.EDITOR))
    for nobody, error in ((cast.editor, Forbidden), (cast.stranger, NotFound)):
        with pytest.raises(error):
            people.invite_again(session, nobody, added.id, HERE)
    now = clock.now()
    linked = Identity(
        person_id=added.id, issuer="https://id.example", subject="1", linked_at=now, used_at=now
    )
    session.add(linked)
    session.flush()
    with pytest.raises(Conflict, match="person_came"):
        people.invite_again(session, cast.coordinator, added.id, HERE)
    session.delete(linked)
    added.password_hash = "chosen"
    session.flush()
    with pytest.raises(Conflict, match="person_came"):
        people.invite_again(session, cast.coordinator, added.id, HERE)
    added.active, added.password_hash = False, None
    session.flush()
    with pytest.raises(Conflict, match="person_inactive"):
        people.invite_again(session, cast.coordinator, added.id, HERE)
