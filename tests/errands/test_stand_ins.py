"""Who is told while somebody is away, and who answers for a channel: never more than their own roles show."""

from app.actions import keepers, stand_ins
from app.actions.keepers import KeepersEdit
from app.actions.stand_ins import NewStandIn
from app.domain.publications import Status
from app.domain.roles import Actor
from app.errands import mails
from app.foundation import clock
from tests.errands.test_warnings import DAY, House
from tests.errands.test_warnings import house as house  # noqa: PLC0414 - a fixture
from tests.support.days import today

ADDRESS = "https://kuliss.library.example"


def away(house: House, who: Actor, deputy: Actor, days: int = 3) -> None:
    """Somebody names a deputy from today on; the mail about it goes."""
    day = today()
    data = NewStandIn(deputy_id=deputy.person_id or 0, from_on=day, until_on=day + days * DAY)
    with house.ground.database.writes() as session:
        stand_ins.name(session, who, who.person_id or 0, data, ADDRESS)
    mails.deliver(house.ground)


def test_a_deputy_is_told_for_as_long_as_they_stand_in(house: House) -> None:
    away(house, house.cast.editor, house.cast.manager)
    assert house.mailbox.mails[-1]["Subject"] == "You stand in for Sara Niemi"
    house.plan(Status.REJECTED, -5)
    assert [who for who, _ in house.round()] == ["Pirjo Koski"], "who is away is left in peace"
    away(house, house.cast.manager, house.cast.administrator)
    house.plan(Status.REJECTED, -5)
    assert [who for who, _ in house.round()] == ["Aino Lehtinen"], "a deputy's deputy"
    house.plan(Status.REJECTED, -5 + 7 * 24 * 60)
    house.back_up(clock.now() + 7 * DAY)
    house.change(checked_at=clock.now() + 7 * DAY)
    assert [who for who, _ in house.round(7 * DAY)] == ["Sara Niemi"], (
        "those days are over, and so is the weekend"
    )


def test_a_deputy_learns_nothing_that_their_own_roles_do_not_show(house: House) -> None:
    """The administrator of all is away; a branch's contributor stands in, and hears of that branch alone."""
    away(house, house.cast.administrator, house.cast.sibling_editor)
    house.change(token_state="dead", token_reason="token_expired")
    told = [who for who, _ in house.round()]
    assert told == ["Mikael Berg"], "somebody else looks after it"


def test_owner_and_deputy_of_a_channel_are_told_of_it(house: House) -> None:
    named = KeepersEdit(owner_id=house.cast.editor.person_id, deputy_id=house.cast.approver.person_id)
    with house.ground.database.writes() as session:
        keepers.edit(session, house.cast.coordinator, house.channel_id, named)
    house.change(data_access_until=clock.now() + 10 * DAY)
    assert [who for who, _ in house.round()] == ["Mikael Berg", "Olli Laine", "Sara Niemi"]
