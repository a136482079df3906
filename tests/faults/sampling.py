"""How much of the catalogue of faults is run: all of it with FAULTS=all, else a sample that changes each day.

The seed is the day's, or FAULTS_SEED; it is printed, and the same seed gives the same cases again. Where
CI is set it is always the same, so that a run there tells of a change, and not of the day.
"""

import os
import random
from datetime import UTC, datetime

import pytest

SAMPLE = int(os.environ.get("FAULTS_SAMPLE", "20"))
EVERYTHING = os.environ.get("FAULTS") == "all"


def seed() -> int:
    """The seed of this run, the same in all its processes."""
    usual = "20261122" if os.environ.get("CI") else f"{datetime.now(UTC):%Y%m%d}"
    return int(os.environ.setdefault("FAULTS_SEED", usual))


def pytest_configure(config: pytest.Config) -> None:
    """Fix the seed before other processes are started."""
    config.addinivalue_line("markers", "catalogue: one case of the catalogue of faults; usually only sampled")
    config.addinivalue_line("markers", "whole_catalogue: run with all of the catalogue alone")
    seed()


def pytest_report_header() -> str:
    """Say which sample it is."""
    size = "everything" if EVERYTHING else f"a sample of {SAMPLE}"
    return f"faults: {size}, FAULTS_SEED={seed()}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is not in the sample, and of each case all worlds but one."""
    if not EVERYTHING:
        items[:] = [item for item in items if not item.get_closest_marker("whole_catalogue")]
    cases = [item for item in items if item.get_closest_marker("catalogue")]
    kept = _in_one_world_each(cases)
    if not EVERYTHING and len(kept) > SAMPLE:
        kept = set(_dice("sample").sample(sorted(kept), SAMPLE))
    left_out = {item.nodeid for item in cases if item.nodeid not in kept}
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in left_out])
    items[:] = [item for item in items if item.nodeid not in left_out]


def _in_one_world_each(cases: list[pytest.Item]) -> set[str]:
    """The names of the cases, each in one of the worlds that it may be in: another seed takes another."""
    groups: dict[str, list[str]] = {}
    for item in cases:
        found = item.callspec.params.get("world") if isinstance(item, pytest.Function) else None
        name = item.nodeid.replace(f"-{found}", "") if found else item.nodeid
        groups.setdefault(name, []).append(item.nodeid)
    return {_dice(name).choice(sorted(names)) for name, names in groups.items()}


def _dice(name: str) -> random.Random:
    return random.Random(f"{seed()} {name}")  # noqa: S311 - it shall repeat itself
