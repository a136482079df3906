"""What stands beside the posts: numbers of the pages, posts made by hand, rhythms, who looks after what."""

from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import delete, insert

from app.actions import slots
from app.domain.examples import Part
from app.domain.networks import Format, NetworkKind
from app.domain.posts import Tone
from app.domain.timing import to_instant, to_local
from app.errands import found
from app.errands.examples import network, numbers, plan
from app.errands.examples.stage import Line, Stage
from app.errands.ground import line_to
from app.foundation.database import table_of
from app.models.channel_days import ChannelDay
from app.models.duties import ChannelKeeper
from app.models.found import FoundPost, FoundReading

_OLD = 100  # days: the network is asked for its posts of the last 90
_HOURS = ((1, time(9, 30)), (2, time(12, 0)), (3, time(15, 30)), (4, time(10, 0)), (5, time(11, 15)))


def lay(stage: Stage) -> None:
    """All of it, channel by channel."""
    for done, line in enumerate(stage.lines):
        stage.told(Part.NUMBERS, done, len(stage.lines))
        dice = stage.dice(f"beside/{line.unit}/{line.network}")
        _days(stage, dice, line)
        _promise(stage, dice, line)
        if line.network is NetworkKind.FACEBOOK:
            _found_long_ago(stage, dice, line)
    _found_of_late(stage)


def _days(stage: Stage, dice: Random, line: Line) -> None:
    count = max(28, int(plan.DAYS * stage.share))
    first = datetime.combine(stage.now.date() - timedelta(days=count), time(), UTC)
    version = stage.ground.settings.graph_api_version
    days = numbers.days(dice, line.network, line.followers, first, count)
    rows = [{**day, "channel_id": line.channel_id, "api_version": version} for day in days]
    with stage.ground.database.writes() as session:
        # The clock may have asked the network already.
        session.execute(delete(ChannelDay).where(ChannelDay.channel_id == line.channel_id))
        session.execute(insert(table_of(ChannelDay)), rows)


def _promise(stage: Stage, dice: Random, line: Line) -> None:
    """What the channel promises, and who answers for it."""
    place = plan.place(line.unit)
    rate = (place.facebook if line.network is NetworkKind.FACEBOOK else place.instagram) or 1
    least = max(1, round(rate * 0.8))
    hours = sorted(dice.sample(_HOURS, min(len(_HOURS), least)))
    given = slots.RhythmInput.model_validate({
        "at_least": least, "at_most": max(least, round(rate * 1.4)),
        "slots": [{"weekday": day, "local_time": at} for day, at in hours],
    })  # fmt: skip
    owner, deputy = stage.people[plan.writer_for(line.unit)], stage.people[plan.COORDINATOR]
    with stage.ground.database.writes() as session:
        slots.promise(session, stage.actor(session, plan.COORDINATOR), line.channel_id, given)
        session.add(ChannelKeeper(channel_id=line.channel_id, owner_id=owner, deputy_id=deputy))


def _found_long_ago(stage: Stage, dice: Random, line: Line) -> None:
    """Posts that somebody made on the page itself; their tone was said since."""
    many = int((plan.place(line.unit).facebook or 0) * 4 * stage.share)
    rows = [_found(stage, dice, line, dice.uniform(_OLD, plan.DAYS)) for _ in range(many)]
    if not rows:
        return
    table = table_of(FoundPost)
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    version = stage.ground.settings.graph_api_version
    with stage.ground.database.writes() as session:
        ids = session.scalars(statement, rows).all()
        readings = [
            {**one, "found_id": found_id, "api_version": version}
            for row, found_id in zip(rows, ids, strict=True)
            for one in numbers.told(
                dice, line.network, row["tone"], line.followers, row["made_at"], stage.now
            )
        ]
        session.execute(insert(table_of(FoundReading)), readings)


def _found(stage: Stage, dice: Random, line: Line, days: float) -> dict[str, Any]:
    there = to_local(stage.now - timedelta(days=days), stage.library.zone)
    local = there.replace(hour=dice.randrange(9, 18), microsecond=0)
    at = to_instant(local, stage.library.zone)
    return {
        "channel_id": line.channel_id, "remote_id": f"{line.remote_id}_{dice.randrange(10**12)}",
        "made_at": at, "network_made_at": at, "local_made": local,
        "text": dice.choice(stage.library.said["found"]), "format": Format.POST,
        "tone": Tone.HUMAN if dice.random() < 0.6 else Tone.INFORMATIVE,
        "tone_by_id": stage.people[plan.EDITOR], "tone_at": at + timedelta(days=3),
        "found_at": at + timedelta(hours=2), "listed_at": at + timedelta(days=90),
    }  # fmt: skip


def _found_of_late(stage: Stage) -> None:
    """Some of these days, made on the network itself and read in from there; nobody said their tone yet."""
    dice, told = stage.dice("found"), stage.library.said["found"]
    pages = [line for line in stage.lines if line.network is NetworkKind.FACEBOOK][:6]
    for n, text in enumerate(told):
        page = pages[n % len(pages)]
        given = {"page": page.remote_id, "message": text, "hours_ago": dice.uniform(5, 24 * 16)}
        network.ask(stage.ground, "posts", given)
    for page in pages:
        with stage.ground.database.reads() as session:
            line = line_to(session, stage.ground, page.channel_id)
        found.find(stage.ground, line)
