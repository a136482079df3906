"""Two people's sign-ins for one page: either may leave. Connected again it stays the same page and app."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.actions import channel_tokens
from app.actions.channels import BeginInput
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.publications import Status
from app.domain.roles import RIGHTS, Actor, Role, Scope
from app.domain.warnings import Code, of_channel
from app.errands import connect, warning_facts
from app.foundation import clock
from app.models.channel_tokens import ChannelToken
from app.models.channels import Channel
from app.models.history import Event
from app.models.publications import Publication
from app.queries import channels as questions
from tests.support.stand import Hand, Stand


class Two:
    """Two people who look after the channel, each with an account of their own at the network."""

    def __init__(self, stand: Stand) -> None:
        self.stand = stand
        with stand.database.writes() as session:  # as connected by nobody that is known
            session.delete(session.scalars(select(ChannelToken)).one())
        self.one, self.other = self._actor(stand.writer), self._actor(stand.approver)
        self.accounts = {
            self.one.person_id: stand.practice.ask("people", {"name": "One", "page": stand.page})["person"],
            self.other.person_id: stand.practice.ask("people", {"name": "Other", "page": stand.page})[
                "person"
            ],
        }

    def _actor(self, who: Actor) -> Actor:
        role, unit = Role.COORDINATOR, self.stand.unit_id
        return Actor(who.person_id, Scope({unit: RIGHTS[role]}, frozenset(), {unit: frozenset({role})}))

    def finish(self, who: Actor, **asked: int) -> connect.Choice:
        """Sign in at the network; what there is to choose from."""
        data = BeginInput.model_validate({"unit_id": self.stand.unit_id, **asked})
        url = connect.begin(self.stand.ground, who, data, None)
        said = self.stand.practice.say_yes(url, person=self.accounts[who.person_id])
        return connect.finish(self.stand.ground, who, said["state"], said["code"], None)

    def connect(self, who: Actor, new_app: bool = False) -> None:
        """Connect the channel again."""
        choice = self.finish(who, channel_id=self.stand.channel_id)
        connect.choose(self.stand.ground, who, choice.connection_id, [self.stand.page], new_app)

    def end(self, who: Actor, subcode: int = 460) -> None:
        """At the network all that the person's account gave comes to an end."""
        self.stand.practice.ask("tokens/end", {"person": self.accounts[who.person_id], "subcode": subcode})

    def in_use(self) -> int | None:
        """Whose sign-in the channel speaks with."""
        with self.stand.database.reads() as session:
            token = channel_tokens.in_use(session, self.stand.channel_id)
            return token.person_id if token else None

    def channel(self) -> Channel:
        """The channel as it is now."""
        with self.stand.database.reads() as session:
            return session.get_one(Channel, self.stand.channel_id)

    def codes(self) -> set[Code]:
        """What is warned of."""
        with self.stand.database.reads() as session:
            [facts] = warning_facts.channels(session, clock.now())
        return {light.code for light in of_channel(facts, clock.now())}


@pytest.fixture
def two(stand: Stand) -> Two:
    """Two people."""
    return Two(stand)


def test_when_one_ends_the_other_takes_over_and_it_is_told(two: Two, hand: Hand) -> None:
    two.connect(two.one)
    two.connect(two.other)
    assert two.in_use() == two.other.person_id, "the newest that works"
    planned = two.stand.plan("Goes out all the same")
    two.end(two.other)
    assert hand.run_to(planned, Status.PUBLISHED, Status.HELD).status is Status.PUBLISHED
    assert (two.in_use(), two.channel().token_state) == (two.one.person_id, "ok")
    assert Code.SIGN_IN_TAKEN_OVER in two.codes()
    with two.stand.database.reads() as session:
        told = session.scalars(select(Event).where(Event.verb == "sign_in_taken_over")).one()
    assert told.facts["by"] == two.one.person_id
    assert "token" not in str(told.facts).replace("password_changed", "")
    later = two.stand.plan("Both are gone")
    two.end(two.one)
    assert hand.run_to(later, Status.HELD).status is Status.HELD
    assert two.codes() == {Code.SIGN_IN_DEAD}
    two.connect(two.other)
    assert hand.run_to(later, Status.PUBLISHED).status is Status.PUBLISHED
    assert Code.SIGN_IN_TAKEN_OVER not in two.codes()


def test_checks_look_at_each_and_the_newest_that_works_is_in_use(two: Two) -> None:
    two.connect(two.one)
    two.stand.practice.forward(hours=1)
    two.connect(two.other)
    two.end(two.one)
    health = connect.check(two.stand.ground, two.stand.channel_id)
    assert health is not None
    assert health.valid
    with two.stand.database.reads() as session:
        states = {row.person_id: row.state for row in session.scalars(select(ChannelToken))}
        ends = set(session.scalars(select(ChannelToken.data_access_until)))
    assert states == {two.one.person_id: "dead", two.other.person_id: "ok"}
    assert len(ends) == 2, "each has its own date"
    two.stand.practice.switches(token_error="459")
    connect.check(two.stand.ground, two.stand.channel_id)
    assert two.channel().token_state == "dead"
    two.stand.practice.switches(token_error="none")
    connect.check(two.stand.ground, two.stand.channel_id)
    assert (two.channel().token_state, two.in_use()) == ("ok", two.other.person_id)


def test_a_sign_in_is_taken_away(two: Two) -> None:
    two.connect(two.one)
    two.connect(two.other)
    with two.stand.database.reads() as session:
        tokens = {row.person_id: row.id for row in session.scalars(select(ChannelToken))}
        [held] = questions.tokens_of(session, two.one.scope, two.other.person_id or 0)
    assert (held.in_use, held.state, held.others) == (True, "ok", 1)
    reader = Actor(two.one.person_id, Scope({two.stand.unit_id: RIGHTS[Role.EDITOR]}))
    with two.stand.database.writes() as session, pytest.raises(Forbidden):
        channel_tokens.remove(session, reader, two.stand.channel_id, tokens[two.other.person_id])
    stranger = Actor(two.one.person_id, Scope({}))
    with two.stand.database.writes() as session, pytest.raises(NotFound):
        channel_tokens.remove(session, stranger, two.stand.channel_id, tokens[two.one.person_id])
    with two.stand.database.writes() as session:
        channel_tokens.remove(session, two.one, two.stand.channel_id, tokens[two.other.person_id])
    assert (two.in_use(), two.channel().token_state) == (two.one.person_id, "ok")
    with two.stand.database.writes() as session:  # one's own, without the right to look after channels
        channel_tokens.remove(session, reader, two.stand.channel_id, tokens[two.one.person_id])
    assert (two.channel().token_state, two.channel().token_reason) == ("dead", "token_removed")
    two.connect(two.other)
    assert two.channel().token_state == "ok"


def test_another_page_is_not_taken_for_the_one_that_was_meant(two: Two, hand: Hand) -> None:
    two.connect(two.one)
    planned = two.stand.plan("Waits")
    two.stand.practice.switches(token_error="460")
    assert hand.run_to(planned, Status.HELD).status is Status.HELD
    two.stand.practice.switches(token_error="none")
    other_page = two.stand.practice.add_pages("Another", person=two.accounts[two.one.person_id])[0]
    choice = two.finish(two.one, channel_id=two.stand.channel_id)
    with pytest.raises(Invalid) as refused:
        connect.choose(two.stand.ground, two.one, choice.connection_id, [other_page])
    assert refused.value.code == "other_place"
    with two.stand.database.reads() as session:
        assert len(session.scalars(select(Channel.id)).all()) == 1
    assert two.stand.read(planned).status is Status.HELD
    connect.choose(two.stand.ground, two.one, choice.connection_id, [two.stand.page])
    assert hand.run_to(planned, Status.PUBLISHED).status is Status.PUBLISHED


def test_another_app_is_refused_until_it_is_meant(two: Two, hand: Hand) -> None:
    two.connect(two.other)
    planned = two.stand.plan("Lies ready")
    hand.run_to(planned, Status.STAGED)
    with two.stand.database.writes() as session:
        session.execute(update(Channel).values(app_id="1"))
        session.execute(update(ChannelToken).values(app_id="1"))
    for meant, code in ((False, "channel_other_app"), (True, "channel_lies_ready")):
        with pytest.raises(Invalid) as refused:
            two.connect(two.one, new_app=meant)
        assert refused.value.code == code
        assert two.in_use() == two.other.person_id
    with two.stand.database.writes() as session:
        session.execute(update(Publication).values(status=Status.PLANNED))
    two.connect(two.one, new_app=True)
    assert two.in_use() == two.one.person_id
    with two.stand.database.reads() as session:
        rows = session.scalars(select(ChannelToken)).all()
        assert {row.person_id: row.reason for row in rows} == {
            two.other.person_id: "app_changed",
            two.one.person_id: "",
        }
        assert session.scalars(select(Event.verb).where(Event.verb == "app_changed")).all()


def test_what_ends_soon_is_less_urgent_with_two(two: Two) -> None:
    two.connect(two.one)
    soon = clock.now() + timedelta(hours=12)
    with two.stand.database.writes() as session:
        session.execute(update(Channel).values(data_access_until=soon))
    with two.stand.database.reads() as session:
        [alone] = warning_facts.channels(session, clock.now())
    two.connect(two.other)
    with two.stand.database.writes() as session:
        session.execute(update(Channel).values(data_access_until=soon))
    with two.stand.database.reads() as session:
        [both] = warning_facts.channels(session, clock.now())
    lights = [of_channel(facts, clock.now())[0] for facts in (alone, both)]
    assert [light.code for light in lights] == [Code.DATA_ACCESS_ENDS] * 2
    assert lights[0].severity > lights[1].severity


def test_pages_of_a_portfolio_are_found_when_asked_for(two: Two) -> None:
    practice, account = two.stand.practice, two.accounts[two.one.person_id]
    held = practice.ask("pages", {"name": "Region", "count": 30, "person": account, "portfolio": "Saarivesi"})
    guest = practice.add_pages("Guest")[0]
    practice.ask("portfolios", {"name": "Friends", "people": [account], "clients": [guest]})
    without = practice.add_pages("No role")[0]
    practice.ask("portfolios", {"name": "Closed", "people": [account], "owned": [without]})
    practice.ask("roles", {"page": without, "person": account, "tasks": None})
    plain = {place.remote_id for place in two.finish(two.one).places}
    assert plain == {two.stand.page}, "without the permission they are not listed"
    for way in ("apart", "with_permission"):
        practice.switches(portfolio_pages=way)
        choice = two.finish(two.one, portfolio=True)
        places = {place.remote_id: place for place in choice.places}
        assert choice.portfolios
        assert places.keys() == {two.stand.page, *held["pages"], guest, without}
        assert len(choice.places) == len(places)
        assert places[without].missing_tasks == ("CREATE_CONTENT",)
        assert places[without].token == ""
    assert places[without].portfolio == "Closed"
    with pytest.raises(Invalid):
        connect.choose(two.stand.ground, two.one, choice.connection_id, [without])
    [made] = connect.choose(two.stand.ground, two.one, choice.connection_id, [held["pages"][29]])
    with two.stand.database.reads() as session:
        assert session.get_one(Channel, made).token_state == "ok"
