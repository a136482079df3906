"""Names of metrics that a network has refused: not asked for again in that version of its interface."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from app.errands.ground import Ground, Line
from app.foundation import clock, logs
from app.models.readings import DeadMetric

_log = logs.get(__name__)


def of(session: Session, line: Line) -> list[str]:
    """Those of a channel's network, realm and version."""
    return list(
        session.scalars(
            select(DeadMetric.name).where(
                DeadMetric.network == line.network.profile.kind,
                DeadMetric.realm == line.realm,
                DeadMetric.api_version == line.access.app.endpoint.version,
            )
        )
    )


def bury(ground: Ground, session: Session, line: Line, names: Sequence[str]) -> None:
    """Keep names that were just refused; administrators are warned of them (`warning_facts`)."""
    insert = sqlite_insert if ground.database.is_sqlite else postgresql_insert
    for name in names:
        _log.warning("metric refused", name=name, version=line.access.app.endpoint.version)
        session.execute(
            insert(DeadMetric)
            .values(
                network=line.network.profile.kind,
                realm=line.realm,
                api_version=line.access.app.endpoint.version,
                name=name,
                found_at=clock.now(),
            )
            .on_conflict_do_nothing()
        )
