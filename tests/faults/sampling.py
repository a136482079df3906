"""How much of the catalogue of faults is run: all of it with FAULTS=all, else a sample that changes each day.

The seed is the day's, or FAULTS_SEED; it is printed, and the same seed gives the same sample again.
"""

import os
import random
from datetime import UTC, datetime

import pytest

SAMPLE = int(os.environ.get("FAULTS_SAMPLE", "36"))
EVERYTHING = os.environ.get("FAULTS") == "all"


def seed() -> int:
    """The seed of this run, the same in all its processes."""
    return int(os.environ.setdefault("FAULTS_SEED", f"{datetime.now(UTC):%Y%m%d}"))


def pytest_configure(config: pytest.Config) -> None:
    """Fix the seed before other processes are started."""
    config.addinivalue_line("markers", "catalogue: one case of the catalogue of faults; usually only sampled")
    seed()


def pytest_report_header() -> str:
    """Say which sample it is."""
    size = "everything" if EVERYTHING else f"a sample of {SAMPLE}"
    return f"faults: {size}, FAULTS_SEED={seed()}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what is not in the sample, unless tests are named by hand."""
    cases = [item for item in items if item.get_closest_marker("catalogue")]
    if EVERYTHING or len(cases) <= SAMPLE:
        return
    names = sorted(item.nodeid for item in cases)
    kept = set(random.Random(seed()).sample(names, SAMPLE))  # noqa: S311 - it shall repeat itself
    left_out = {item.nodeid for item in cases} - kept
    items[:] = [item for item in items if item.nodeid not in left_out]
