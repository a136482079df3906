"""What was there before the search is found after the upgrade, as if it had been written since."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.actions import ideas
from app.actions.ideas import IdeaInput
from app.domain.posts import ReviewKind
from app.foundation import clock
from app.foundation.crypto import Keyring
from app.foundation.database import table_of
from app.models.posts import Review, RevisionVariant
from app.models.search import SearchEntry
from tests import plans
from tests.builders import an_asset
from tests.cast import gather


def words(session: Session) -> set[tuple[str, int, int, str]]:
    """Every entry, its words in any order."""
    rows = session.execute(
        select(SearchEntry.kind, SearchEntry.thing_id, SearchEntry.unit_id, SearchEntry.words)
    )
    return {(row.kind, row.thing_id, row.unit_id, " ".join(sorted(row.words.split()))) for row in rows}


def test_the_upgrade_lays_in_what_is_there(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = gather(session)
    place = plans.channel(session, cast.koivuranta, Keyring([bytes(32)]))
    post = plans.post(session, cast.koivuranta, cast.editor, "Ärtsoppa, café!", text="På torsdag. A\u030a!")
    session.add(RevisionVariant(revision_id=post.revision_id, channel_id=place.id, text="Kom hungrig"))
    session.add(
        Review(
            post_id=post.id, revision_id=post.revision_id, kind=ReviewKind.CHANGES_REQUESTED,
            person_id=cast.approver.person_id, comment="När?", at=clock.now(),
        )
    )  # fmt: skip
    an_asset(session, cast.koivuranta, "soppa.jpg", alt_text="En kastrull", credit="İsmail Ø")
    ideas.send(session, cast.contributor, IdeaInput(unit_id=cast.koivuranta.id, title="Soppa ute", why="Å!"))
    session.flush()
    kept = words(session)
    assert {kind for kind, *_ in kept} == {"post", "picture", "comment", "idea"}
    session.execute(delete(SearchEntry))
    upgrade: Any = import_module("migrations.versions.0009_calendar")
    monkeypatch.setattr(upgrade, "op", SimpleNamespace(get_bind=session.connection))
    monkeypatch.setattr(upgrade, "AT_ONCE", 2)
    for kind, question in (("post", "_POSTS"), ("picture", "_PICTURES"), ("comment", "_COMMENTS")):
        upgrade._fill(table_of(SearchEntry), kind, getattr(upgrade, question))
    import_module("migrations.versions.0025_ideas_are_found").upgrade()
    assert words(session) == kept
