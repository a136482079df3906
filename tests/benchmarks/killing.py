"""Processes that publish, killed at random and at the worst moment, each followed by another at once."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from app.domain.publications import Status
from app.foundation import clock
from app.foundation.database import Database
from app.models.channels import Channel
from app.models.leases import ChannelLease, Run
from app.models.publications import Publication
from tests.support.practice import PracticeServer

GLANCE = 0.01


@dataclass
class Kill:
    """One kill: when (UTC), and what was being shown then by the process that died."""

    at: datetime
    hit: list[int] = field(default_factory=list)


class Workers:
    """So many processes of one command; `replace` starts another for one that died."""

    def __init__(self, command: list[str], environment: Mapping[str, str], count: int) -> None:
        self._command = [sys.executable, "-m", "app.cli", *command]
        self._environment = {**os.environ, **environment}
        self._lock = threading.Lock()
        self.processes = [self._start() for _ in range(count)]

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            self._command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def pids(self) -> list[int]:
        """Their process ids."""
        with self._lock:
            return [one.pid for one in self.processes]

    def kill(self, pid: int) -> None:
        """SIGKILL, and another in its place. One that is gone already is left alone."""
        with self._lock:
            for place, one in enumerate(self.processes):
                if one.pid == pid and one.poll() is None:
                    one.send_signal(signal.SIGKILL)
                    one.wait()
                    self.processes[place] = self._start()

    def end(self) -> None:
        """SIGTERM to all."""
        for one in self.processes:
            one.terminate()
        for one in self.processes:
            one.wait(60)


class Killer:
    """Kills `at_random` times at any moment and `at_worst` times when the network has just carried out a
    visible call whose answer is not written down yet, over about so many seconds.
    """

    def __init__(
        self, database: Database, practice: PracticeServer, workers: Workers, at_random: int, at_worst: int
    ) -> None:
        self._database, self._practice, self._workers = database, practice, workers
        self._left = {"random": at_random, "worst": at_worst}
        self._dice = random.Random(1)  # noqa: S311 - the same kills each time, as far as time allows
        self._over = threading.Event()
        self.kills: dict[str, list[Kill]] = {"random": [], "worst": []}

    def run(self, seconds: float) -> list[threading.Thread]:
        """Begin; returns the threads."""
        works: list[Callable[[float], None]] = [self._at_random, self._at_worst]
        threads = [threading.Thread(target=work, args=(seconds,), daemon=True) for work in works]
        for thread in threads:
            thread.start()
        return threads

    def stop(self) -> None:
        """No more."""
        self._over.set()

    def _at_random(self, seconds: float) -> None:
        apart = 0.9 * seconds / max(1, self._left["random"])  # the dice may be against us
        for _ in range(self._left["random"]):
            if self._over.wait(self._dice.uniform(0.4, 1.6) * apart):
                return
            pid = self._dice.choice(self._workers.pids())
            self._kill("random", pid, self._showing(pid))

    def _at_worst(self, seconds: float) -> None:
        apart, seen, next_at = seconds / max(1, self._left["worst"]), 0, 0.0
        while len(self.kills["worst"]) < self._left["worst"] and not self._over.wait(GLANCE):
            rows = self._practice.public_log(seen)
            seen += len(rows)
            if not rows or time.monotonic() < next_at:
                continue
            pid = self._shower(str(rows[-1]["page"]))
            hit = self._showing(pid) if pid else []
            if pid and hit:
                self._kill("worst", pid, hit)
                next_at = time.monotonic() + apart * 0.6

    def _kill(self, why: str, pid: int, hit: list[int]) -> None:
        self._workers.kill(pid)
        self.kills[why].append(Kill(clock.now(), hit))

    def _shower(self, place: str) -> int | None:
        """The process that holds the channel of a Page or profile."""
        with self._database.reads() as session:
            return session.scalar(
                select(Run.pid)
                .join(ChannelLease, ChannelLease.run_id == Run.id)
                .join(Channel, Channel.id == ChannelLease.channel_id)
                .where(Channel.remote_id == place)
            )

    def _showing(self, pid: int) -> list[int]:
        """What a process is showing now."""
        with self._database.reads() as session:
            return list(
                session.scalars(
                    select(Publication.id)
                    .join(ChannelLease, ChannelLease.channel_id == Publication.channel_id)
                    .join(Run, Run.id == ChannelLease.run_id)
                    .where(Run.pid == pid, Run.ended_at.is_(None), Publication.status == Status.PUBLISHING)
                )
            )
