"""The network's sign-in for real: dialog, code, long-lived token, Pages, and the lies of callbacks."""

import pytest
from sqlalchemy import select

from app.actions.channels import BeginInput
from app.domain.errors import Invalid, NotFound, Refusal
from app.domain.publications import HoldReason, Status
from app.domain.roles import RIGHTS, Actor, Role, Scope
from app.errands import connect
from app.models.channels import Channel
from app.models.connections import Connection
from app.models.holds import Hold
from tests.support.stand import Hand, Stand


@pytest.fixture
def coordinator(stand: Stand) -> Actor:
    """Somebody who may connect channels."""
    role = Role.COORDINATOR
    scope = Scope({stand.unit_id: RIGHTS[role]}, frozenset(), {stand.unit_id: frozenset({role})})
    return Actor(stand.writer.person_id, scope)


def begin(stand: Stand, actor: Actor) -> str:
    return connect.begin(stand.ground, actor, BeginInput(unit_id=stand.unit_id), None)


def test_from_the_dialog_to_a_channel(stand: Stand, coordinator: Actor) -> None:
    said = stand.practice.say_yes(begin(stand, coordinator))
    choice = connect.finish(stand.ground, coordinator, said["state"], said["code"], None)
    lacking = {place.remote_id: place.missing_tasks for place in choice.places}
    assert lacking[stand.practice.page] == ()
    assert "CREATE_CONTENT" in lacking[stand.practice.other_page]
    made = connect.choose(stand.ground, coordinator, choice.connection_id, [stand.practice.page])
    with stand.database.reads() as session:
        channel = session.get_one(Channel, made[0])
        assert (channel.token_state, channel.health["valid"]) == ("ok", True)
        assert stand.practice.page_token(stand.practice.page) not in channel.token_sealed
        assert session.scalars(select(Connection.sealed)).all() == [None]


def test_a_page_without_the_task_is_refused_and_nothing_is_taken(stand: Stand, coordinator: Actor) -> None:
    said = stand.practice.say_yes(begin(stand, coordinator))
    choice = connect.finish(stand.ground, coordinator, said["state"], said["code"], None)
    both = [stand.practice.page, stand.practice.other_page]
    with pytest.raises(Invalid) as refused:
        connect.choose(stand.ground, coordinator, choice.connection_id, both)
    assert refused.value.code == "place_lacks_rights"
    assert _channels(stand) == 1


@pytest.mark.parametrize("lie", ["state", "code", "twice", "browser", "person"])
def test_a_lying_callback_changes_nothing(stand: Stand, coordinator: Actor, lie: str) -> None:
    said = stand.practice.say_yes(begin(stand, coordinator))
    state, code, actor, browser = said["state"], said["code"], coordinator, None
    if lie == "state":
        state = "made-up"
    elif lie == "code":
        code = "made-up"
    elif lie == "twice":
        connect.spend(stand.ground, actor, state, browser)
    elif lie == "browser":
        browser = 7
    else:
        actor = Actor(stand.approver.person_id, coordinator.scope)
    with pytest.raises(Refusal) as refused:
        connect.finish(stand.ground, actor, state, code, browser)
    assert refused.value.code == ("sign_in_failed" if lie == "code" else "callback_unknown")
    assert _channels(stand) == 1


def test_a_choice_waits_fifteen_minutes_and_belongs_to_one_person(
    stand: Stand, coordinator: Actor, hand: Hand
) -> None:
    said = stand.practice.say_yes(begin(stand, coordinator))
    choice = connect.finish(stand.ground, coordinator, said["state"], said["code"], None)
    with pytest.raises(NotFound):
        connect.choices(
            stand.ground, Actor(stand.approver.person_id, coordinator.scope), choice.connection_id
        )
    hand.later(16 * 60)
    with pytest.raises(NotFound):
        connect.choices(stand.ground, coordinator, choice.connection_id)


def test_reconnecting_lets_go_what_stood_still(stand: Stand, coordinator: Actor, hand: Hand) -> None:
    planned = stand.plan("After the new password")
    late = stand.plan("Too late by then", lateness=1)
    hand.run_to(late, Status.STAGED)
    hand.run_to(planned, Status.STAGED)
    stand.practice.switches(token_error="460")
    hand.run_to(planned, Status.HELD)
    hand.run_to(late, Status.HELD)
    assert {stand.read(planned).status, stand.read(late).status} == {Status.HELD}
    stand.practice.switches(token_error="none")
    hand.later(900)
    said = stand.practice.say_yes(begin(stand, coordinator))
    choice = connect.finish(stand.ground, coordinator, said["state"], said["code"], None)
    connect.choose(stand.ground, coordinator, choice.connection_id, [stand.page])
    with stand.database.reads() as session:
        holds = session.scalars(select(Hold)).all()
        assert {hold.reason for hold in holds} == {HoldReason.RECONNECT}
        assert all(hold.ended_at for hold in holds)
    assert hand.run_to(planned, Status.PUBLISHED).status is Status.PUBLISHED
    assert stand.read(late).status is Status.MISSED
    assert stand.public() == ["After the new password"]


def _channels(stand: Stand) -> int:
    with stand.database.reads() as session:
        return len(session.scalars(select(Channel.id)).all())
