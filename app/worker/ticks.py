"""The slower rhythms: numbers, daily checks, housekeeping. APScheduler only ticks; it holds no truth."""

from collections.abc import Callable
from datetime import timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from app.errands import (
    allowances,
    channel_days,
    channel_silences,
    checks,
    digests,
    fetch,
    found,
    history,
    history_looks,
    housekeeping,
    installations,
    lend,
    mail_rounds,
    mails,
    reach,
    restored,
    results,
    warnings,
    zones,
)
from app.errands.ground import Ground
from app.foundation import logs
from app.worker.singles import Singles

_log = logs.get(__name__)


def start(ground: Ground) -> BackgroundScheduler:
    """Start the rhythms of one process; call `shutdown()` on what is returned."""
    scheduler, singles = BackgroundScheduler(timezone="UTC"), Singles(ground.database)
    rhythms: list[tuple[int, Callable[[], object], timedelta]] = [
        (1, lambda: fetch.fetch_all(ground), timedelta(seconds=5)),
        (2, lambda: housekeeping.clean(ground), timedelta(minutes=10)),
        (3, lambda: checks.check_old(ground), timedelta(minutes=15)),
        (4, lambda: installations.beat(ground), timedelta(minutes=1)),
        (5, lambda: reach.follow(ground), timedelta(seconds=2)),
        (6, lambda: lend.take_back(ground), timedelta(minutes=1)),
        (7, lambda: warnings.look_out(ground), timedelta(minutes=1)),
        (8, lambda: allowances.ask(ground), timedelta(minutes=15)),
        (9, lambda: zones.recompute(ground), timedelta(hours=1)),
        (10, lambda: mails.clear(ground), timedelta(hours=1)),
        (21, lambda: mail_rounds.gather(ground), timedelta(seconds=20)),
        (22, lambda: digests.lay_out(ground), timedelta(minutes=2)),
        (23, lambda: mail_rounds.clear(ground), timedelta(hours=6)),
        (11, lambda: restored.look_up(ground), timedelta(seconds=10)),
        (20, lambda: results.follow(ground), timedelta(minutes=10)),
        (12, lambda: found.find_all(ground), timedelta(seconds=20)),
        (13, lambda: channel_days.read_all(ground), timedelta(minutes=1)),
        (14, lambda: history.seal_new(ground), timedelta(seconds=10)),
        (15, lambda: history.seal_new(ground, everything=True), timedelta(hours=1)),
        (16, lambda: history_looks.look_on(ground), timedelta(minutes=10)),
        (17, lambda: channel_silences.look(ground), timedelta(hours=1)),
    ]
    for number, work, every in rhythms:
        scheduler.add_job(
            _once, "interval", seconds=every.total_seconds(), args=(singles, number, work),
            coalesce=True, max_instances=1, misfire_grace_time=3600,
        )  # fmt: skip
    for own, often in _own_rhythms(ground):
        scheduler.add_job(
            _safely, "interval", seconds=often.total_seconds(), args=(own,), coalesce=True, max_instances=1
        )
    scheduler.start()
    return scheduler


def _own_rhythms(ground: Ground) -> list[tuple[Callable[[], object], timedelta]]:
    """What every process does for itself: each mail is taken by one of them, and each knows its own calls."""
    return [
        (lambda: mails.deliver(ground), timedelta(seconds=10)),
        (lambda: allowances.note_usage(ground), timedelta(seconds=30)),
    ]


def _safely(work: Callable[[], object]) -> None:
    try:
        work()
    except Exception:  # noqa: BLE001 - logged, and the next round has its turn
        _log.exception("rhythm failed")


def _once(singles: Singles, number: int, work: Callable[[], object]) -> None:
    """Do a rhythm's work, unless another process is at it just now."""
    try:
        with singles.alone(number) as mine:
            if mine:
                work()
    except Exception:  # noqa: BLE001 - logged, and the clock goes on
        _log.exception("rhythm failed", number=number)
