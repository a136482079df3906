"""The network's sign-in for real: dialog, code, long-lived token, Pages, and the lies of callbacks."""

import pytest
from sqlalchemy import select

from app.actions import channel_tokens, channels, posts
from app.actions.channels import BeginInput
from app.connectors.contract import Health, Place
from app.connectors.failures import Reconnect
from app.domain.errors import Conflict, Invalid, NotFound, Refusal
from app.domain.networks import NetworkKind, Realm
from app.domain.publications import HoldReason, Status
from app.domain.roles import RIGHTS, Actor, Role, Scope
from app.errands import connect
from app.foundation import clock
from app.models.channels import Channel
from app.models.connections import Connection
from app.models.holds import Hold
from app.models.posts import Post
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
        token = channel_tokens.in_use(session, channel.id)
        assert token is not None
        assert stand.practice.page_token(stand.practice.page) not in token.sealed
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
    with pytest.raises(Conflict) as late:
        connect.choices(stand.ground, coordinator, choice.connection_id)
    assert late.value.code == "choice_late"


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


def test_what_was_changed_while_it_was_held_waits_for_a_new_yes(
    stand: Stand, hand: Hand, coordinator: Actor
) -> None:
    """An edit does not touch what is held; a new sign-in must not carry the new words out without a yes."""
    planned = stand.plan("Approved words")
    stand.practice.switches(token_error="460")
    assert hand.run_to(planned, Status.HELD).status is Status.HELD
    with stand.database.writes() as session:
        post = session.get_one(Post, stand.read(planned).post_id)
        data = posts.PostEdit(revision=1, title=post.title, tone=post.tone, text="Nobody said yes to this")
        posts.edit(session, stand.writer, post.id, data)
    stand.practice.switches(token_error="none")
    _connect_again(stand, coordinator)
    assert stand.read(planned).status is Status.PROPOSED
    hand.run()
    assert stand.public() == []


def test_a_check_that_finds_the_sign_in_good_again_ends_the_holds(stand: Stand, hand: Hand) -> None:
    """Somebody confirmed at the network that it is them; nobody connected anything anew."""
    planned = stand.plan("Goes on by itself")
    stand.practice.switches(token_error="459")
    assert hand.run_to(planned, Status.HELD).status is Status.HELD
    stand.practice.switches(token_error="none")
    connect.check(stand.ground, stand.channel_id)
    assert hand.run_to(planned, Status.PUBLISHED).status is Status.PUBLISHED


def test_a_check_finds_a_permission_that_was_withdrawn(stand: Stand) -> None:
    stand.practice.switches(withdrawn=["pages_manage_posts"])
    told = connect.check(stand.ground, stand.channel_id)
    assert told is None or "pages_manage_posts" in told.missing_scopes
    with stand.database.reads() as session:
        channel = session.get_one(Channel, stand.channel_id)
        assert (channel.token_state, channel.token_reason) == ("dead", "permission_missing")
    stand.practice.switches(withdrawn=[])
    connect.check(stand.ground, stand.channel_id)
    with stand.database.reads() as session:
        assert session.get_one(Channel, stand.channel_id).token_state == "ok"


def test_a_check_of_the_old_sign_in_says_nothing_of_the_new_one(
    stand: Stand, coordinator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(*_given: object) -> Health:
        _connect_again(stand, coordinator)
        raise Reconnect("token_invalid")

    monkeypatch.setattr(stand.ground.networks(NetworkKind.FACEBOOK), "check", meanwhile)
    connect.check(stand.ground, stand.channel_id)
    with stand.database.reads() as session:
        assert session.get_one(Channel, stand.channel_id).token_state == "ok"


def _connect_again(stand: Stand, coordinator: Actor) -> None:
    place = Place(stand.page, "Saarivesi", stand.practice.page_token(stand.page))
    with stand.database.writes() as session:
        connection = Connection(
            state_hash="x", person_id=coordinator.person_id, unit_id=stand.unit_id, expires_at=clock.now(),
            network=NetworkKind.FACEBOOK, realm=Realm.PRACTICE,
        )  # fmt: skip
        session.add(connection)
        signed = channels.Signed(stand.practice.keys.app_id, None)
        channels.take_into_use(session, coordinator, stand.ground.keyring, connection, place, signed)
