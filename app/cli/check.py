"""`kuliss check`: what is wrong with settings, database, clock and channels, and what to do."""

import argparse
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select

from app.cli import check_history, check_mail, check_provider, check_way_out, live
from app.cli.findings import Finding
from app.cli.ready import answers
from app.connectors import http
from app.domain.networks import ChannelState, NetworkKind, Realm
from app.domain.publications import WATCHDOG_AFTER, Status
from app.domain.warnings import of_house
from app.errands import allowances, reach, warning_facts
from app.errands.connect import check
from app.errands.ground import Ground
from app.foundation import clock, outgoing
from app.foundation.bucket import BucketFailure, BucketMissing
from app.foundation.crypto import keyring
from app.foundation.database import open_database
from app.foundation.settings import Settings
from app.models.channels import Channel
from app.models.leases import Run
from app.models.publications import Publication
from app.queries.warnings import Lit
from app.web.health import newest
from app.words.sentences import sentence
from app.words.warnings import said


def arguments(parser: argparse.ArgumentParser) -> None:
    """An address that gets a mail, to see whether mail works; a channel for an evening with a test page."""
    parser.add_argument("--mail-to", default="", metavar="ADDRESS", help="only send a mail there, as a try")
    parser.add_argument(
        "--live",
        default="",
        metavar="CHANNEL",
        help="go through the list of an evening with a test page, by its number or name",
    )
    parser.set_defaults(command="check")


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Print every finding; 1 when any is not well."""
    outgoing.set_up(settings)
    if given.mail_to:
        return check_mail.try_to(settings, given.mail_to)
    if given.live:
        return live.run(settings, given.live)
    bad = 0
    for finding in findings(settings):
        print(("ok    " if finding.well else "LOOK  ") + finding.words)
        bad += not finding.well
    print("\nAll is well." if not bad else f"\n{bad} to look at.")
    return 1 if bad else 0


def findings(settings: Settings) -> Iterator[Finding]:
    """Everything that is looked at, in order; stops where the rest can't be told."""
    yield from _settings(settings)
    trouble = answers(settings)
    if trouble or (not settings.database_url and not (settings.data_dir / "kuliss.db").exists()):
        yield Finding(
            False, trouble or f"There is no database in {settings.data_dir} yet. Run: kuliss migrate"
        )
        return
    database = open_database(settings.database)
    try:
        ground = Ground(settings, database, keyring(settings.data_dir, settings.secret_keys))
        yield from _database(ground)
        yield from _pictures(ground)
        yield check_mail.finding(settings)
        yield from check_provider.findings(settings)
    finally:
        database.engine.dispose()


def _settings(settings: Settings) -> Iterator[Finding]:
    if settings.public_url.startswith("https://"):
        yield Finding(True, f"People use {settings.address}.")
    elif settings.host in ("127.0.0.1", "localhost"):
        yield Finding(
            True, f"Only this machine reaches {settings.address}. Set HOST and PUBLIC_URL to open it."
        )
    else:
        yield Finding(False, f"{settings.address} is not encrypted. Set PUBLIC_URL to an https:// address.")
    app = {"META_APP_ID": settings.meta_app_id, "META_APP_SECRET": settings.meta_app_secret}
    there, lacking = [name for name in app if app[name]], [name for name in app if not app[name]]
    if there and lacking:
        yield Finding(
            False, f"{there[0]} is set, {lacking[0]} is not. Enter both, or enter them in the pages."
        )


def _database(ground: Ground) -> Iterator[Finding]:
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError

    kind = "SQLite" if ground.database.is_sqlite else "PostgreSQL"
    try:
        with ground.database.reads() as session:
            version = session.scalar(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError:
        version = None
    if version != newest():
        yield Finding(False, "The database has not this version's tables. Run: kuliss migrate")
        return
    yield Finding(True, f"The database answers ({kind}) and has this version's tables.")
    yield from _clock(ground)
    http.set_up(ground.settings.network_timeout_seconds)
    yield from check_way_out.findings(ground)
    yield from _house(ground)
    yield from _channels(ground)
    yield from check_history.findings(ground)


def _clock(ground: Ground) -> Iterator[Finding]:
    now = clock.now()
    with ground.database.reads() as session:
        seen = session.scalar(select(func.max(Run.seen_at)).where(Run.ended_at.is_(None)))
        late = session.scalar(
            select(func.count())
            .select_from(Publication)
            .where(
                Publication.status.in_([Status.PLANNED, Status.STAGED, Status.PUBLISHING]),
                Publication.due_at < now - WATCHDOG_AFTER,
            )
        )
        asked = session.scalar(
            select(func.count()).select_from(Publication).where(Publication.status == Status.UNSURE)
        )
    if seen and now - seen < timedelta(minutes=1):
        yield Finding(True, "The publishing clock is running.")
    else:
        yield Finding(False, "No publishing clock is running. Start: kuliss serve (or kuliss worker)")
    if late:
        yield Finding(False, f"{late} posts are more than ten minutes late. Their pages say why.")
    if asked:
        yield Finding(False, f"{asked} posts wait for a person to say whether they are out. See the queue.")


def _house(ground: Ground) -> Iterator[Finding]:
    """What administrators are warned of on the first screen; a public network is asked for its time first."""
    with ground.database.reads() as session:
        public = (Channel.realm == Realm.META) & (Channel.state == ChannelState.ACTIVE)
        asked = session.scalar(
            select(Channel.id).where(public, Channel.network != NetworkKind.MANUAL).limit(1)
        )
    if asked:
        allowances.ask_one(ground, asked, with_time=True)
    now = clock.now()
    with ground.database.reads() as session:
        facts = warning_facts.house(ground, session, now)
    for light in of_house(facts, now):
        row = Lit(light.code, light.severity, facts=light.facts, until_at=light.until)
        told = said(row, "en", "UTC", now)
        yield Finding(False, f"{told.what} {told.to_do}")


def _channels(ground: Ground) -> Iterator[Finding]:
    with ground.database.reads() as session:
        rows = session.execute(
            select(Channel.id, Channel.name, Channel.realm, Channel.reach, Channel.reach_reason).where(
                Channel.state != ChannelState.CLOSED, Channel.network != NetworkKind.MANUAL
            )
        ).all()
    if not rows:
        yield Finding(True, "No channel is connected yet. Connect one on the page Channels.")
    for row in rows:
        name = row.name + (" (practice)" if row.realm is Realm.PRACTICE else "")
        yield _channel(ground, row.id, name)
        if row.reach == reach.FAILED:
            yield Finding(False, f"{name}: {sentence(row.reach_reason, 'en')} Its page says what to open.")


def _pictures(ground: Ground) -> Iterator[Finding]:
    try:
        if ground.bucket:
            ground.bucket.check()
            yield Finding(True, f"The bucket {ground.settings.media_bucket} can be written to.")
    except (BucketFailure, BucketMissing) as trouble:
        yield Finding(False, f"The bucket {ground.settings.media_bucket} can't be used: {trouble}")


def _channel(ground: Ground, channel_id: int, name: str) -> Finding:
    health = check(ground, channel_id)
    if health is None:
        return Finding(False, f"{name}: the network does not answer. Is the way out open, or is it down?")
    if not health.valid:
        return Finding(False, f"{name}: {sentence(health.reason or 'token_invalid', 'en')}")
    missing = [*health.missing_scopes, *health.missing_tasks]
    if missing:
        return Finding(False, f"{name}: connect it again and allow {', '.join(missing)}.")
    if health.data_access_until and health.data_access_until - clock.now() < timedelta(days=15):
        return Finding(False, f"{name}: connect it again before {health.data_access_until:%d %B %Y}.")
    return Finding(True, f"{name}: the sign-in is good.")
