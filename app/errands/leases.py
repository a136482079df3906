"""Runs and leases: which process works for which channel, and how it is noticed that one has died.

On PostgreSQL a run holds a session advisory lock (class 75, its id) on a connection of its own; its leases
are void when that lock is free. On SQLite one process holds the data folder, so earlier runs are over.
"""

import os
import socket
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from app.domain.publications import Status
from app.foundation import clock
from app.foundation.database import Database, table_of
from app.models.leases import ChannelLease, Lease, Run
from app.models.publications import Publication

LOCK_CLASS = 75
_LIVING = text(
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = :class"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
GOOD_FOR = timedelta(seconds=60)
_LEASES = table_of(ChannelLease)
# Built once: it runs before each look, on the second that posts are due too.
_STANDS = select(_LEASES.c.channel_id).where(
    _LEASES.c.channel_id == bindparam("its_channel"),
    _LEASES.c.run_id == bindparam("its_run"),
    _LEASES.c.token == bindparam("its_token"),
)


@dataclass
class Life:
    """One run of the clock. `leases`: channel id -> our lease, as far as we know."""

    run_id: int
    lock: Connection | None = None
    leases: dict[int, Lease] = field(default_factory=dict)


def begin(database: Database) -> Life:
    """Start a run: its row, its lock, and everything that dead runs left open is made due at once."""
    now = clock.now()
    life = _new_run(database, now)
    try:
        with database.writes() as session:
            bury(session, _dead_runs(session, database, life.run_id), now)
    except BaseException:
        let_go(life)
        raise
    return life


def _new_run(database: Database, now: datetime) -> Life:
    """Its row and its lock; where the row can't be kept (a full disk), no lock is left behind."""
    life: Life | None = None
    try:
        with database.writes() as session:
            run = Run(host=socket.gethostname()[:200], pid=os.getpid(), started_at=now, seen_at=now)
            session.add(run)
            session.flush()
            # Before the commit: whoever sees the row must see the lock too, or would take us for dead.
            life = Life(run.id, _take_lock(database, run.id))
    except BaseException:
        if life is not None:
            let_go(life)
        raise
    assert life is not None
    return life


def bury_dead(database: Database, life: Life) -> int:
    """Find runs that have died, free their channels and make their open work due; returns how many."""
    if database.is_sqlite:
        return 0
    with database.reads() as session:
        dead = _dead_runs(session, database, life.run_id)
    if dead:
        with database.writes() as session:
            bury(session, dead, clock.now())
    return len(dead)


def still_alive(life: Life) -> bool:
    """Whether our lock still stands; after a restart of the database it is gone and a new run must begin."""
    if life.lock is None:
        return True
    try:
        life.lock.execute(text("SELECT 1"))
        life.lock.commit()
    except Exception:  # noqa: BLE001 - whatever the driver says, the lock's connection is no more
        return False
    return True


class NotOurs(Exception):
    """The channel has been leased to another run since; nothing was done."""


def check_ours(session: Session, lease: Lease) -> None:
    """Nothing, while a lease stands. Raises NotOurs: the call belongs to whoever has it now."""
    holder = {"its_channel": lease.channel_id, "its_run": lease.run_id, "its_token": lease.token}
    if session.connection().execute(_STANDS, holder).first() is None:
        raise NotOurs


def let_go(life: Life) -> None:
    """Close what is left of a lost lock's connection: half alive, it would keep a run that is over."""
    if life.lock is not None:
        with suppress(Exception):
            life.lock.invalidate()
            life.lock.close()


def renew(session: Session, life: Life, now: datetime) -> None:
    """Say that this run lives, and keep its leases; those that others took while we slept are let go."""
    session.execute(update(Run).where(Run.id == life.run_id).values(seen_at=now))
    kept = session.execute(
        update(ChannelLease)
        .where(ChannelLease.run_id == life.run_id, ChannelLease.channel_id.in_(list(life.leases)))
        .values(until_at=now + GOOD_FOR)
        .returning(ChannelLease.channel_id, ChannelLease.token),
        execution_options={"synchronize_session": False},
    ).all()
    ours = {(row.channel_id, row.token) for row in kept}
    for lease in list(life.leases.values()):
        if (lease.channel_id, lease.token) not in ours:
            del life.leases[lease.channel_id]


def claim(database: Database, life: Life, channel_ids: Collection[int]) -> None:
    """Lease those of the channels that are free; `life.leases` has them afterwards."""
    wanted = sorted(set(channel_ids) - life.leases.keys())
    if not wanted:
        return
    now = clock.now()
    with database.writes() as session:
        insert = sqlite_insert if database.is_sqlite else postgresql_insert
        session.execute(
            insert(ChannelLease).on_conflict_do_nothing(), [{"channel_id": one, "token": 0} for one in wanted]
        )
        free = (
            select(ChannelLease.channel_id)
            .where(
                ChannelLease.channel_id.in_(wanted),
                # Ours, though we don't know of it: a transaction failed or its answer was lost.
                or_(
                    ChannelLease.run_id.is_(None),
                    ChannelLease.run_id == life.run_id,
                    ChannelLease.until_at < now,
                ),
            )
            .with_for_update(skip_locked=True)
        )
        rows = session.execute(
            update(ChannelLease)
            .where(ChannelLease.channel_id.in_(session.scalars(free).all()))
            .values(run_id=life.run_id, token=ChannelLease.token + 1, until_at=now + GOOD_FOR)
            .returning(ChannelLease.channel_id, ChannelLease.token),
            execution_options={"synchronize_session": False},
        ).all()
    for row in rows:
        life.leases[row.channel_id] = Lease(row.channel_id, life.run_id, row.token)


def release(session: Session, life: Life, channel_ids: Collection[int]) -> None:
    """Give leases back, so that another worker may take the channels."""
    mine = [one for one in channel_ids if life.leases.pop(one, None)]
    session.execute(
        update(ChannelLease)
        .where(ChannelLease.channel_id.in_(mine), ChannelLease.run_id == life.run_id)
        .values(run_id=None, until_at=None)
    )


def pause(session: Session, channel_id: int, until: datetime) -> None:
    """The network asked for quiet: nothing is called for this channel until then."""
    session.execute(
        update(ChannelLease).where(ChannelLease.channel_id == channel_id).values(paused_until=until)
    )


def end(database: Database, life: Life) -> None:
    """Finish a run: its leases are free for others at once."""
    with database.writes() as session:
        session.execute(
            update(ChannelLease).where(ChannelLease.run_id == life.run_id).values(run_id=None, until_at=None)
        )
        session.execute(update(Run).where(Run.id == life.run_id).values(ended_at=clock.now()))
    if life.lock is not None:
        # Given back by name: a connection that closes is noticed by the server a moment later.
        with suppress(Exception):
            life.lock.execute(select(func.pg_advisory_unlock(LOCK_CLASS, life.run_id)))
        life.lock.close()


def bury(session: Session, dead: Collection[int], now: datetime) -> None:
    """Void the leases of dead runs and make what they were showing due for a look."""
    if not dead:
        return
    channels = session.scalars(select(ChannelLease.channel_id).where(ChannelLease.run_id.in_(dead))).all()
    session.execute(
        update(Publication)
        .where(Publication.channel_id.in_(channels), Publication.status == Status.PUBLISHING)
        .values(step_at=now)
    )
    session.execute(
        update(ChannelLease).where(ChannelLease.run_id.in_(dead)).values(run_id=None, until_at=None)
    )
    session.execute(update(Run).where(Run.id.in_(dead)).values(ended_at=now))


def living(session: Session, database: Database) -> bool:
    """Whether some process publishes from this very PostgreSQL just now: locks are in no copy or backup."""
    return not database.is_sqlite and clocks_on(session)


def clocks_on(session: Session | Connection) -> bool:
    """The same of what is known to be PostgreSQL."""
    return bool(session.execute(_LIVING, {"class": LOCK_CLASS}).all())


def _take_lock(database: Database, run_id: int) -> Connection | None:
    if database.is_sqlite:
        return None
    connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    connection.execute(select(func.pg_advisory_lock(LOCK_CLASS, run_id)))
    # Nothing else may use the connection that the lock lives on.
    connection.detach()
    return connection


def _dead_runs(session: Session, database: Database, but: int) -> list[int]:
    # Runs first, locks second: a run that starts between the two must not look dead.
    open_runs = session.scalars(select(Run.id).where(Run.ended_at.is_(None), Run.id != but)).all()
    if database.is_sqlite or not open_runs:
        return list(open_runs)
    living = set(session.execute(_LIVING, {"class": LOCK_CLASS}).scalars())
    return [run_id for run_id in open_runs if run_id not in living]
