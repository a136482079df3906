"""The machine of `machine.py`: many lives on each database, and the proof that it finds what is wrong."""

import os
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from app.connectors.contract import Look
from app.domain.networks import Seen
from app.errands import look
from app.foundation.database import Database
from tests.faults import sampling
from tests.faults.inside import PracticeInside
from tests.faults.machine import Life
from tests.faults.scene import Scene, make_empty, set_up

STEPS = 50
RUNS = int(os.environ.get("FAULTS_RUNS", "200" if sampling.EVERYTHING else "2"))
Machine = type[Life]
_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@pytest.fixture
def machine(lasting_database: Database, inside: PracticeInside, faults_folder: Path) -> Machine:
    """The machine, whose every run begins in an empty library."""

    def scenes() -> AbstractContextManager[Scene]:
        make_empty(lasting_database)
        return set_up(lasting_database, inside, faults_folder)

    return type("Lives", (Life,), {"scenes": staticmethod(scenes)})


@pytest.mark.timeout(7200)
def test_nothing_is_out_twice_lost_or_silent(machine: Machine) -> None:
    """The seed is the day's (see `sampling`), so that a failure of today comes again."""
    runs = settings(
        max_examples=RUNS, stateful_step_count=STEPS, suppress_health_check=_SLOW, database=None,
        derandomize=False,
    )  # fmt: skip
    run_state_machine_as_test(seed(sampling.seed())(machine), settings=runs)


@pytest.mark.whole_catalogue  # takes a minute or two
@pytest.mark.timeout(1200)
def test_the_machine_finds_a_look_that_is_skipped(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's own proof: whoever takes "hidden" for granted instead of looking shows posts twice."""
    monkeypatch.setattr(look, "ask", lambda *_: Look(Seen.HIDDEN))
    runs = settings(
        max_examples=60, stateful_step_count=30, report_multiple_bugs=False, suppress_health_check=_SLOW,
        phases=[Phase.generate], derandomize=False, database=None,
    )  # fmt: skip
    with pytest.raises((AssertionError, ExceptionGroup), match=r"seen \d+ times"):
        run_state_machine_as_test(seed(1)(_eyes_alone(machine)), settings=runs)


def _eyes_alone(machine: Machine) -> Machine:
    """The machine with its one promise that nothing is public twice: what else is wrong shall not hide it."""
    silent = dict.fromkeys(("history_agrees", "nothing_due_is_silent", "_come_to_rest"), lambda _: None)
    return type("EyesAlone", (machine,), {**silent, "losing": 0.5})
