"""Figures beside their targets, and the machine that they were taken on."""

import os
import platform
import sqlite3
import statistics
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One measured thing. values: (value, most), most None where nothing is promised; form: how written.

    Values are milliseconds, seconds, bytes or counts, as `what` says.
    """

    what: str
    values: Sequence[tuple[float, float | None]]
    form: str = ".0f"

    @property
    def is_short(self) -> bool:
        """Whether any value misses its target."""
        return any(most is not None and value > most for value, most in self.values)


def median(values: Iterable[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def p95(values: Iterable[float]) -> float:
    """The value that 95 of 100 do not exceed (nearest rank)."""
    found = sorted(values)
    return found[max(0, -(-len(found) * 95 // 100) - 1)]


def show(title: str, runs: str, columns: Sequence[str], figures: Iterable[Figure]) -> bool:
    """Print a Markdown table line by line as the figures come. Returns whether all reach their targets."""
    print(f"\n### {title}\n\n{runs}\n")
    print(f"| | {' | '.join(columns)} | to reach | |")
    print(f"|---|{'---:|' * len(columns)}---:|---|", flush=True)
    good = True
    for figure in figures:
        values = " | ".join(format(value, figure.form) for value, _most in figure.values)
        wanted = " / ".join(f"{most:g}" if most is not None else "-" for _value, most in figure.values)
        told = any(most is not None for _value, most in figure.values)
        word = ("short" if figure.is_short else "reached") if told else ""
        print(f"| {figure.what} | {values} | {wanted if told else ''} | {word} |", flush=True)
        good = good and not figure.is_short
    return good


def machine(postgresql: str) -> str:
    """Processor, cores, memory, Python and database versions; and how busy the machine was before."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    model = next(
        (line.partition(":")[2].strip() for line in _cpu() if line.startswith("model name")),
        platform.machine(),
    )
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}; "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, PostgreSQL {postgresql}; "
        f"load before: {os.getloadavg()[0]:.1f}"
    )


def _cpu() -> list[str]:
    info = Path("/proc/cpuinfo")
    return info.read_text().splitlines() if info.exists() else [sys.platform]
