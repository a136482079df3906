"""The three questions, each number against the same number counted by simple loops over the raw rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from math import exp, log
from statistics import median
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, update
from sqlalchemy.orm import Session

from app.domain.comparison import CONFIDENCE
from app.domain.comparison_interval import Valued, estimate
from app.domain.errors import NotFound
from app.domain.networks import Format, Realm
from app.domain.posts import Tone
from app.domain.publications import Status
from app.domain.results import Median, Outcome, Period, Total
from app.domain.roles import Scope
from app.models.channel_days import ChannelDay
from app.models.channels import Channel
from app.models.found import FoundPost, FoundReading
from app.models.publications import Publication
from app.models.readings import Reading
from app.queries import results
from app.queries.results import PostRow, Wanted
from tests.cast import Cast, gather
from tests.support.results import NOW, Plain, page, plain, readings_of, usual, year

PERIODS = [
    Period(date(2029, 1, 1), date(2029, 12, 31)),
    Period(date(2029, 10, 1), date(2029, 12, 31)),
    Period(date(2029, 12, 20), date(2030, 1, 15)),
]


@dataclass(frozen=True)
class House:
    """A filled database that every test of this file finds as it was."""

    connection: Connection
    cast: Cast
    channels: list[Channel]


@pytest.fixture(scope="module")
def house(engine: Engine) -> Iterator[House]:
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            cast = gather(session)
            filled = House(connection, cast, year(session, cast))
            session.commit()
        yield filled
        outer.rollback()


@pytest.fixture
def session(house: House) -> Iterator[Session]:
    with Session(house.connection, join_transaction_mode="create_savepoint") as session:
        yield session
        session.rollback()


@pytest.fixture
def cast(house: House) -> Cast:
    return house.cast


@pytest.fixture
def channels(house: House) -> list[Channel]:
    return house.channels


def everything(cast: Cast) -> Scope:
    return cast.administrator.scope


def within(posts: Sequence[Plain], period: Period) -> list[Plain]:
    return [one for one in posts if period.from_on <= one.day <= period.to_on]


def middle(values: Sequence[float | None]) -> Median:
    told = [value for value in values if value is not None]
    return Median(median(told) if told else None, len(told), len(values) - len(told))


def together(values: Sequence[int | None]) -> Total:
    told = [value for value in values if value is not None]
    return Total(sum(told) if told else None, len(told), len(values) - len(told))


def against(posts: Sequence[Plain], every: Sequence[Plain], name: str) -> Median:
    found = []
    for one in posts:
        value, base = (one.figure("reach") if name == "reach" else one.engagement), usual(one, every, name)
        found.append(value / base if value is not None and base else None)
    return middle(found)


@pytest.mark.parametrize("period", PERIODS, ids=str)
def test_the_three_questions(session: Session, cast: Cast, channels: list[Channel], period: Period) -> None:
    units = [cast.network, cast.library, cast.koivuranta, cast.myllymaki]
    every = plain(session, units)
    found = results.answers(session, everything(cast), cast.network.id, period, NOW)
    assert (found.unit_id, found.period, found.simulated, found.waiting) == (cast.network.id, period, True, 0)
    for days, reach, effect in (
        (period, found.reach, found.effect),
        (period.before, found.reach_before, found.effect_before),
    ):
        its = within(every, days)
        assert reach.posts == len(its)
        assert reach.views == together([one.figure("views") for one in its])
        assert reach.reach == middle([one.figure("reach") for one in its])
        assert reach.against_baseline == against(its, every, "reach")
        assert effect.engagement == together([one.engagement for one in its])
        assert effect.clicks == together([one.figure("clicks") for one in its])
        assert effect.comments == together([one.figure("comments") for one in its])
        assert effect.engagement_middle == middle([one.engagement for one in its])
        assert effect.rate == middle([one.rate for one in its])
        assert effect.against_baseline == against(its, every, "engagement")
    its = within(every, period)
    assert found.tones.human == sum(one.tone is Tone.HUMAN for one in its)
    assert found.tones.unknown == sum(one.tone is None for one in its)
    for group in (*found.whom, *found.formats):
        posts = [one for one in its if group.key in (str(one.channel_id), one.format.value)]
        assert group.posts == len(posts)
        assert group.reach == middle([one.figure("reach") for one in posts])
        assert group.rate == middle([one.rate for one in posts])
    assert sum(group.posts for group in found.whom) == sum(group.posts for group in found.formats) == len(its)


def test_there_is_enough_to_compare(session: Session, cast: Cast, channels: list[Channel]) -> None:
    """Else the tests above would compare nothing with nothing."""
    every = plain(session, [cast.koivuranta])
    assert sum(usual(one, every, "reach") is not None for one in every) > 5
    assert any(one.format is Format.STORY and one.figures for one in every)
    assert any(one.id % 2 for one in every)


@pytest.mark.parametrize("outcome", Outcome)
def test_the_comparison_is_of_the_same_posts(
    session: Session, cast: Cast, channels: list[Channel], outcome: Outcome
) -> None:
    its = within(plain(session, [cast.library, cast.koivuranta, cast.myllymaki]), PERIODS[0])
    valued = []
    for one in its:
        reach, engagement = one.figure("reach"), one.engagement
        if outcome is Outcome.REACH:
            value = None if reach is None else log(reach + 1)
        elif outcome is Outcome.ENGAGEMENT:
            value = None if engagement is None else log(engagement + 0.5)
        else:
            value = None if one.rate is None else log((engagement or 0) + 0.5) - log((reach or 0) + 1)
        if value is not None and one.tone is not None:
            stratum = (one.channel_id, one.format, one.paid, (one.day.year, (one.day.month - 1) // 3))
            week = (one.unit_id, one.day.isocalendar()[:2])
            valued.append(Valued(value, one.tone is Tone.HUMAN, stratum, week))
    both = [
        one
        for one in valued
        if {other.human for other in valued if other.stratum == one.stratum} == {True, False}
    ]
    expected = estimate(both, CONFIDENCE)
    found = results.comparison(session, everything(cast), cast.library.id, PERIODS[0], NOW, outcome)
    assert found.ratio
    assert found.human.used == sum(one.human for one in both)
    assert found.informative.used == sum(not one.human for one in both)
    assert found.ratio.value == pytest.approx(exp(expected.middle), rel=2e-3)
    assert expected.low is not None
    assert found.ratio.low == pytest.approx(exp(expected.low), rel=2e-3)
    behind = results.posts(
        session, everything(cast), cast.library.id, PERIODS[0], Wanted(side_of=outcome), limit=None
    )
    sides = [sum(row.tone is tone for row in behind) for tone in (Tone.HUMAN, Tone.INFORMATIVE)]
    assert sides == [found.human.used, found.informative.used]


def test_every_post_has_its_figures(session: Session, cast: Cast, channels: list[Channel]) -> None:
    every = plain(session, [cast.koivuranta])
    period = Period(date(2028, 1, 1), date(2030, 12, 31))
    found = results.posts(session, cast.manager.scope, cast.koivuranta.id, period, limit=None)
    expected = sorted(every, key=lambda one: (one.at, one.id), reverse=True)
    assert [row.id for row in found] == [one.id for one in expected]
    for row, one in zip(found, expected, strict=True):
        assert (row.tone, row.format, row.paid, row.published_at) == (one.tone, one.format, one.paid, one.at)
        assert (row.at_seven_days is None) == (one.figures is None)
        if row.at_seven_days:
            assert row.at_seven_days.reach == one.figure("reach")
            assert row.at_seven_days.engagement == one.engagement
            assert row.at_seven_days.rate == one.rate
        assert row.baseline.reach == usual(one, every, "reach")
        assert row.baseline.engagement == usual(one, every, "engagement")
        assert row.baseline.rate == usual(one, every, "rate")
    ours, theirs = (next(row for row in found if bool(row.found_id) is other) for other in (False, True))
    assert (ours.post_id is None, theirs.post_id is None) == (False, True)
    for row in (ours, theirs):
        assert results.post(session, cast.manager.scope, row.id) == row
    assert theirs.title == "Tuesday is for the choir."


def test_pages_of_the_list_make_the_whole(session: Session, cast: Cast, channels: list[Channel]) -> None:
    asked = partial(results.posts, session, everything(cast), cast.network.id, PERIODS[0])
    whole = asked(limit=None)
    pages: list[PostRow] = []
    after = None
    while page := asked(after=after, limit=13):
        pages += page
        after = (page[-1].published_at, page[-1].id)
    assert pages == whole
    wanted = Wanted(channel_id=channels[1].id, format=Format.POST, tone=Tone.HUMAN)
    some = asked(wanted, limit=None)
    assert some == [
        row for row in whole
        if (row.channel_id, row.format, row.tone) == (channels[1].id, Format.POST, Tone.HUMAN)
    ]  # fmt: skip
    assert some


def test_a_branch_sees_its_own_and_nothing_of_its_sibling(
    session: Session, cast: Cast, channels: list[Channel]
) -> None:
    for unit in (cast.myllymaki, cast.library, cast.network):
        for question in (results.answers, results.comparison, results.posts):
            more: Any = () if question is results.posts else (NOW,)
            with pytest.raises(NotFound):
                question(session, cast.manager.scope, unit.id, PERIODS[0], *more)
        with pytest.raises(NotFound):
            results.mixes(session, cast.manager.scope, unit.id, NOW)
    other = plain(session, [cast.myllymaki])[0]
    with pytest.raises(NotFound):
        results.post(session, cast.manager.scope, other.id)
    found = results.answers(session, cast.manager.scope, cast.koivuranta.id, PERIODS[0], NOW)
    assert found.reach.posts == len(within(plain(session, [cast.koivuranta]), PERIODS[0]))


def test_the_mix_is_of_the_last_28_days(session: Session, cast: Cast, channels: list[Channel]) -> None:
    every = plain(session, [cast.library, cast.koivuranta, cast.myllymaki])
    found = results.mixes(session, everything(cast), cast.network.id, NOW)
    window = within(every, Period(date(2029, 12, 19), date(2030, 1, 15)))
    assert {one.channel_id for one in found} == {one.channel_id for one in window}
    for one in found:
        tones = [post.tone for post in window if post.channel_id == one.channel_id]
        assert one.mix.counted.human == tones.count(Tone.HUMAN)
        assert one.mix.counted.unknown == tones.count(None)


def test_what_changes_is_told_at_once(session: Session, cast: Cast, channels: list[Channel]) -> None:
    def reached() -> Median:
        return results.answers(session, everything(cast), cast.network.id, PERIODS[0], NOW).reach.reach

    before = reached()
    silent = next(one for one in within(plain(session, [cast.koivuranta]), PERIODS[0])
                  if one.figures is None and one.format is Format.POST and not one.id % 2)  # fmt: skip
    row = session.get_one(Publication, silent.id // 2)
    readings_of(session, row)
    assert (reached().n, reached().missing) == (before.n + 1, before.missing - 1)
    row.status, row.since_at = Status.REMOVED, NOW
    session.flush()
    assert reached().n == before.n + 1  # it had its figure


def test_real_results_leave_practice_out(session: Session, cast: Cast, channels: list[Channel]) -> None:
    assert results.realm(session, cast.manager.scope) is Realm.PRACTICE
    page(session, cast.elsewhere, "A real page", realm=Realm.META)
    assert results.realm(session, cast.manager.scope) is Realm.META
    found = results.answers(session, everything(cast), cast.network.id, PERIODS[0], NOW)
    assert (found.simulated, found.reach.posts, found.mixes) == (False, 0, [])
    assert results.posts(session, everything(cast), cast.network.id, PERIODS[0]) == []
    with pytest.raises(NotFound):
        results.post(session, everything(cast), plain(session, [cast.koivuranta])[0].id)


def test_another_basis_is_never_held_against_the_old_one(
    session: Session, cast: Cast, channels: list[Channel]
) -> None:
    begins = NOW - timedelta(days=45)
    for model in (Reading, FoundReading):
        session.execute(update(model).where(model.taken_at > begins).values(sources={"reach": "new_name"}))
    period = Period(date(2028, 1, 1), date(2030, 12, 31))
    found = results.posts(session, everything(cast), cast.koivuranta.id, period, limit=None)
    fresh = [row for row in found if row.published_at > NOW - timedelta(days=44)]
    assert max(row.baseline.reach_n for row in fresh) < max(row.baseline.engagement_n for row in found)
    old = [row for row in found if row.published_at < begins - timedelta(days=30)]
    assert any(row.baseline.reach_n >= 8 for row in old)


def test_followers_are_the_last_told_of_the_period(
    session: Session, cast: Cast, channels: list[Channel]
) -> None:
    for day, followers in ((date(2029, 12, 1), 900), (date(2029, 12, 30), None), (date(2030, 1, 3), 990)):
        session.add(
            ChannelDay(channel_id=channels[0].id, day=day, followers=followers, basis="network",
                       api_version="v25.0", taken_at=NOW)
        )  # fmt: skip
    session.flush()
    found = results.answers(session, everything(cast), cast.network.id, PERIODS[1], NOW)
    told = {group.key: group.followers for group in found.whom}
    assert told[str(channels[0].id)] == 900
    assert told[str(channels[1].id)] is None


def test_few_questions_are_asked(session: Session, cast: Cast, channels: list[Channel]) -> None:
    asked: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: asked.append(args[2]))
    results.answers(session, everything(cast), cast.network.id, PERIODS[0], NOW)
    live = len(asked)
    results.posts(session, everything(cast), cast.network.id, PERIODS[0])
    assert live <= 16  # nothing is stored: every row is worked out
    assert len(asked) - live <= 14


def test_a_found_post_that_a_person_leaves_out_is_out(
    session: Session, cast: Cast, channels: list[Channel]
) -> None:
    one = next(one for one in plain(session, [cast.koivuranta]) if one.id % 2)
    row = session.get_one(FoundPost, one.id // 2)
    row.left_out, row.tone, row.tone_at = True, None, NOW
    session.flush()
    with pytest.raises(NotFound):
        results.post(session, cast.manager.scope, one.id)
