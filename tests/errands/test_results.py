"""The rows of results follow what they are made of; kept answers are those that would be worked out."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import delete, func, select, update

from app.actions import paid as money
from app.domain.networks import Format
from app.domain.posts import Tone
from app.domain.results import Outcome, Paid, offered_periods
from app.domain.results_answers import SHAPE, Answers
from app.domain.roles import Actor, Right, Scope
from app.errands import results as errand
from app.errands.ground import Ground
from app.foundation.crypto import keyring
from app.foundation.database import Database
from app.foundation.settings import Settings
from app.models.found import FoundPost, FoundReading
from app.models.publications import Publication
from app.models.readings import Reading
from app.models.results import Result, ResultRun, ResultSummary
from app.models.units import Unit
from app.queries import results
from app.queries.results_fresh import changed, standing
from tests.cast import Cast, gather
from tests.support.results import NOW, readings_of, year

PERIODS = offered_periods(date(2030, 1, 15))
MINUTES = timedelta(minutes=1)


class House:
    """A filled database, whose clock stands."""

    def __init__(self, database: Database, folder: Path, clock: time_machine.Traveller) -> None:
        self.database, self.clock = database, clock
        self.ground = Ground(Settings(data_dir=folder, _env_file=None), database, keyring(folder, ""))
        with database.writes() as session:
            self.cast: Cast = gather(session)
            year(session, self.cast, posts=60)

    def answers(self) -> list[Answers]:
        """Of every usual period and of two units, as they are told now."""
        cast, found = self.cast, []
        with self.database.reads() as session:
            for unit in (cast.network, cast.koivuranta):
                for period in PERIODS:
                    scope = cast.administrator.scope
                    told = results.answers(session, scope, unit.id, period, NOW, tuple(Outcome))
                    found.append(replace(told, counted_at=NOW))
        return found

    def stale(self) -> set[int]:
        """What is not stored as it would be now."""
        with self.database.reads() as session:
            scope = self.cast.administrator.scope
            return changed(session, scope, standing(session, scope, self.cast.network.id))

    def count(self, model: type[Result] | type[ResultSummary]) -> int:
        """Rows there are."""
        with self.database.reads() as session:
            return session.scalar(select(func.count()).select_from(model)) or 0


def everywhere(cast: Cast) -> Actor:
    """Somebody who plans for every unit."""
    units = (cast.network, cast.library, cast.koivuranta, cast.myllymaki)
    return replace(cast.editor, scope=Scope({unit.id: frozenset(Right) for unit in units}))


@pytest.fixture
def house(database: Database, tmp_path: Path) -> Iterator[House]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield House(database, tmp_path, clock)


def test_what_is_kept_is_what_would_be_worked_out(house: House) -> None:
    live = house.answers()
    stale = house.stale()
    assert errand.follow(house.ground) >= len(stale) > 50
    assert house.stale() == set()
    assert house.count(ResultSummary) == len(PERIODS) * 5  # every unit's, the stranger's too
    assert house.answers() == live
    house.clock.shift(10 * MINUTES)
    assert errand.follow(house.ground) == 0
    with house.database.writes() as session:
        session.execute(delete(ResultSummary))
    assert house.answers() == live


def test_every_change_is_told_at_once_and_kept_with_the_next_round(house: House) -> None:
    errand.follow(house.ground)
    house.clock.shift(20 * MINUTES)
    errand.follow(house.ground)
    before = house.answers()
    with house.database.writes() as session:
        found = session.scalars(select(Result).where(Result.counts, Result.format == Format.POST)).all()
        silent = next(row for row in found if row.publication_id and row.age is None and not row.removed)
        asked = next(row for row in found if row.found_id and row.tone is None)
        paid = next(row for row in found if row.publication_id and row is not silent and not row.removed)
        readings_of(session, session.get_one(Publication, silent.publication_id))
        session.execute(
            update(FoundPost)
            .where(FoundPost.id == asked.found_id)
            .values(tone=Tone.HUMAN, tone_at=NOW + 20 * MINUTES)
        )
        priced = next(row for row in found if row.found_id not in (None, asked.found_id))
        word = Paid.NO if priced.paid is Paid.YES else Paid.YES
        session.execute(
            update(FoundPost)
            .where(FoundPost.id == priced.found_id)
            .values(paid=word, paid_at=NOW + 20 * MINUTES)
        )
        assert paid.publication_id
        money.mark(session, everywhere(house.cast), paid.publication_id, Paid.YES)
    assert house.stale() == {silent.id, asked.id, priced.id, paid.id}
    at_once = house.answers()
    assert at_once != before
    house.clock.shift(MINUTES)
    errand.follow(house.ground)
    assert house.stale() == set()
    assert house.answers() == at_once
    with house.database.reads() as session:
        rows = {row.id: row for row in session.scalars(select(Result))}
        assert (rows[silent.id].reach, rows[silent.id].engagement) == (321, 8)
        assert rows[asked.id].tone is Tone.HUMAN
        assert (rows[paid.id].paid, rows[priced.id].paid) == (Paid.YES, word)


def test_every_outcome_is_kept_and_another_shape_is_worked_out_anew(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    errand.follow(house.ground)
    kept = house.answers()
    with house.database.writes() as session:
        session.execute(update(ResultSummary).values(shape=1, answers={}))
    assert house.answers() == kept
    assert errand.follow(house.ground) == 0
    monkeypatch.setattr(results, "lines", None)  # nothing is worked out from them
    with house.database.reads() as session:
        assert set(session.scalars(select(ResultSummary.shape))) == {SHAPE}
        scope, unit = house.cast.administrator.scope, house.cast.network.id
        asked = [results.comparison(session, scope, unit, PERIODS[2], NOW, one) for one in Outcome]
        assert asked == list(kept[2].comparisons.values())


def test_paid_posts_are_held_beside_paid_ones_alone(house: House) -> None:
    errand.follow(house.ground)
    answers = [answer.comparison for answer in house.answers()]
    before = max(answers, key=lambda one: one.human.used)
    place = answers.index(before)
    assert before.human.used > 2
    with house.database.writes() as session:
        told = select(Result.publication_id).where(Result.publication_id.is_not(None), ~Result.removed)
        for number in session.scalars(told.where(Result.tone == Tone.HUMAN)).all():
            money.mark(session, everywhere(house.cast), number or 0, Paid.YES)
    at_once = house.answers()[place].comparison
    assert (at_once.human.posts, at_once.informative.posts) == (before.human.posts, before.informative.posts)
    assert at_once.human.used < before.human.used  # found posts are left, beside those not known
    errand.follow(house.ground)
    assert house.stale() == set()
    assert house.answers()[place].comparison == at_once


def test_what_is_said_while_rows_are_worked_out_is_not_lost(house: House) -> None:
    errand.follow(house.ground)
    with house.database.writes() as session:
        row = session.scalars(
            select(Result).where(Result.publication_id.is_not(None), ~Result.removed)
        ).first()
        assert row
        assert row.publication_id
        money.mark(session, everywhere(house.cast), row.publication_id, Paid.YES)
        session.execute(update(Result).values(stale=False))  # as the round does that had read it before
    assert house.stale() == {row.id}
    errand.follow(house.ground)
    assert house.stale() == set()


def test_a_found_post_that_turns_out_to_be_ours_goes(house: House) -> None:
    errand.follow(house.ground)
    before = house.count(Result)
    with house.database.writes() as session:
        row = session.scalars(select(Result).where(Result.found_id.is_not(None), Result.counts)).first()
        assert row
        session.execute(delete(FoundReading).where(FoundReading.found_id == row.found_id))
        session.execute(delete(FoundPost).where(FoundPost.id == row.found_id))
        unit = session.get_one(Unit, row.unit_id)
    with house.database.reads() as session:
        listed = results.posts(session, house.cast.administrator.scope, unit.id, PERIODS[2], limit=None)
        assert row.id not in {post.id for post in listed}
    errand.follow(house.ground)
    assert house.count(Result) == before - 1


def test_what_a_restore_takes_back_is_worked_out_anew(house: House) -> None:
    """Rows that went with a restored table are made again; a moved unit's kept answers are not told."""
    errand.follow(house.ground)
    live = house.answers()
    with house.database.writes() as session:
        session.execute(delete(Result))
        session.execute(delete(ResultRun))
    assert house.answers() == live
    errand.follow(house.ground)
    assert house.answers() == live
    with house.database.writes() as session:
        branch = session.get_one(Unit, house.cast.myllymaki.id)
        branch.parent_id, branch.path = None, f"/{branch.id}/"
    assert sum(one.reach.posts for one in house.answers()) < sum(one.reach.posts for one in live)


def test_a_reading_that_is_written_late_is_not_lost(house: House) -> None:
    """Up to the mark everything is counted in; what was taken in the last minutes may still be under way."""
    with house.database.writes() as session:
        row = session.scalars(select(Publication)).first()
        assert row
        readings_of(session, row)
        newest = session.scalar(select(func.max(Reading.id)))
    errand.follow(house.ground)
    with house.database.reads() as session:
        assert session.get_one(ResultRun, 1).readings_to < (newest or 0)
    house.clock.shift(6 * MINUTES)
    errand.follow(house.ground)
    with house.database.reads() as session:
        assert session.get_one(ResultRun, 1).readings_to == newest


def test_very_many_changes_do_not_keep_a_reader_waiting(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    errand.follow(house.ground)
    with house.database.writes() as session:
        session.execute(update(Result).values(stale=True))
    monkeypatch.setattr(results, "MOST_ANEW", 10)
    with house.database.reads() as session:
        asked = (session, house.cast.administrator.scope, house.cast.network.id, PERIODS[0])
        found = results.answers(*asked, NOW + 5 * MINUTES)
    assert (found.waiting, found.counted_at) == (11, NOW)  # at least so many


def test_answers_over_thousands_of_posts_tell_how_many_wait(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    errand.follow(house.ground)
    with house.database.writes() as session:
        session.execute(
            update(Result)
            .where(Result.id == select(func.max(Result.id)).scalar_subquery())
            .values(stale=True)
        )
    monkeypatch.setattr(results, "MOST_COUNTED", 10)
    with house.database.reads() as session:
        asked = (session, house.cast.administrator.scope, house.cast.network.id, PERIODS[2])
        found = results.answers(*asked, NOW + 5 * MINUTES)
    assert (found.waiting, found.counted_at) == (1, NOW)
