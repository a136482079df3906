"""Warnings through the API: the same list as on the first screen, and of no sibling's channels."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from time_machine import travel

from app.domain.warnings import Code, Light, Severity
from app.errands.warnings import new_notice
from app.foundation import clock
from app.foundation.database import Database
from tests.api.conftest import Channels
from tests.api.program import Program
from tests.cast import Cast


def test_the_list_and_whose_it_is(
    database: Database, cast: Cast, channels: Channels, program: Callable[..., Program]
) -> None:
    until = clock.now() + timedelta(days=3, hours=1)
    with database.writes() as session:
        units = {
            channels.own: cast.koivuranta,
            channels.sibling: cast.myllymaki,
            channels.shared: cast.library,
        }
        for channel_id, unit in units.items():
            light = Light(
                Code.DATA_ACCESS_ENDS, Severity.SOON, str(channel_id), unit.id, channel_id, until=until
            )
            session.add(new_notice(light, clock.now()))
        session.add(new_notice(Light(Code.BACKUP_NEVER, Severity.LOOK), clock.now()))

    def seen(who: Program) -> list[int | None]:
        return sorted(
            one["channel_id"] or 0 for one in who.get("warnings")["items"] if one["code"] != "clock_stopped"
        )

    assert seen(program(cast.editor, "read")) == [channels.own, channels.shared]
    assert seen(program(cast.sibling_editor)) == [channels.sibling, channels.shared]
    assert seen(program(cast.administrator)) == [0, channels.own, channels.sibling, channels.shared]
    assert seen(program(cast.stranger)) == [0]
    assert seen(program(cast.contributor)) == []
    [own] = of_own(program(cast.coordinator), channels)
    assert own["sentence"].startswith("What Kuliss may do on Koivuranta ends")
    assert (own["severity"], own["days_left"], own["acts"]) == ("soon", 4, True)
    assert own["path"] == f"/channels/{channels.own}"
    [told] = of_own(program(cast.editor), channels)
    assert told["acts"] is False
    assert told["to_do"] == "Whoever looks after the channel has been told."


def of_own(who: Program, channels: Channels) -> list[dict[str, Any]]:
    """What somebody is warned of about Koivuranta's channel."""
    return [one for one in who.get("warnings")["items"] if one["channel_id"] == channels.own]


@travel("2030-02-20T12:00:00Z", tick=False)
def test_days_are_those_of_the_unit(
    database: Database, cast: Cast, channels: Channels, program: Callable[..., Program]
) -> None:
    until = clock.now() + timedelta(days=3, hours=10, minutes=30)  # after midnight in Helsinki
    with database.writes() as session:
        light = Light(
            Code.DATA_ACCESS_ENDS, Severity.SOON, "1", cast.koivuranta.id, channels.own, until=until
        )
        session.add(new_notice(light, clock.now()))
    [own] = of_own(program(cast.coordinator), channels)
    assert "24" in own["sentence"], own["sentence"]
