"""The year's posts as the public sees them: laid on the practice network too, so that each opens there.

Their rows are there already; here they get the network's ids and addresses instead of made-up ones, and the
network the numbers that were last told of them.
"""

import base64
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from app.domain.examples import Part
from app.domain.networks import NetworkKind
from app.domain.publications import Status
from app.errands.examples import network
from app.errands.examples.stage import Line, Stage
from app.foundation import clock
from app.foundation.database import AnyRow
from app.models.assets import Asset
from app.models.posts import Revision, RevisionPicture
from app.models.publications import Publication
from app.models.readings import Reading

AT_ONCE = 50  # posts in one call and one transaction
_NAMES = {
    NetworkKind.FACEBOOK: {
        one: one for one in ("reactions", "comments", "shares", "reach", "views", "clicks")
    },
    NetworkKind.INSTAGRAM: {
        "reactions": "likes", "comments": "comments", "shares": "shares", "saves": "saved", "reach": "reach",
        "views": "views",
    },
}  # fmt: skip
_GAP = 0.01  # seconds between two: others want to write too


def show(stage: Stage) -> None:
    """Channel by channel, the oldest posts first. Raises Conflict ("practice_down")."""
    pictures = dict[str, Any]()
    for done, line in enumerate(stage.lines):
        stage.told(Part.PAST, done, len(stage.lines))
        with stage.ground.database.reads() as session:
            rows = session.execute(_out(line)).all()
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            with stage.ground.database.reads() as session:
                told = _numbers(session, [row.id for row in some], line.network)
            posts = [{**_post(stage, row, pictures), "counted": told.get(row.id, {})} for row in some]
            laid = network.ask(stage.ground, "laid", {"place": line.remote_id, "posts": posts})["posts"]
            with stage.ground.database.writes() as session:
                _keep(session, some, laid)
            clock.pause(_GAP)


def _out(line: Line) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Publication.id, Publication.published_at, Revision.text, RevisionPicture.alt_text, Asset.sha256
        )
        .join(Revision, Revision.id == Publication.revision_id)
        .join(RevisionPicture, RevisionPicture.revision_id == Revision.id)
        .join(Asset, Asset.id == RevisionPicture.asset_id)
        .where(Publication.channel_id == line.channel_id, Publication.status == Status.PUBLISHED)
        .order_by(Publication.published_at, Publication.id)
    )


def _post(stage: Stage, row: AnyRow, pictures: dict[str, Any]) -> dict[str, Any]:
    ago = (clock.now() - row.published_at).total_seconds() / 3600
    if row.sha256 not in pictures:
        body = stage.ground.store.path("view", row.sha256).read_bytes()
        sent = {"body": base64.b64encode(body).decode()}
        pictures[row.sha256] = network.ask(stage.ground, "pictures", sent)["picture"]
    return {
        "text": row.text, "hours_ago": ago, "picture": pictures[row.sha256], "alt_text": row.alt_text,
    }  # fmt: skip


def _numbers(
    session: Session, publication_ids: Sequence[int], network_kind: NetworkKind
) -> dict[int, dict[str, int]]:
    """What was last told of each, as the network calls it."""
    names = _NAMES[network_kind]
    columns = [getattr(Reading, ours) for ours in names]
    rows = session.execute(
        select(Reading.publication_id, *columns)
        .where(Reading.publication_id.in_(publication_ids))
        .order_by(Reading.age)
    )
    return {
        row[0]: {names[ours]: row[n] for n, ours in enumerate(names, 1) if row[n] is not None} for row in rows
    }


def _keep(session: Session, rows: Sequence[AnyRow], laid: Sequence[dict[str, str]]) -> None:
    values = [
        {"id": row.id, "remote_id": post["id"], "permalink": post["link"]}
        for row, post in zip(rows, laid, strict=True)
    ]
    session.execute(update(Publication), values)
