"""Uploads in parts: whose they are, how long they live, how many there may be."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from app.actions import uploads
from app.actions.uploads import OPEN_MOST, BeginUpload
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.roles import Actor, Right, Scope
from app.foundation import clock
from app.foundation.images import MOST_BYTES
from app.models.assets import Upload
from tests.builders import an_asset
from tests.cast import Cast, gather


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


def begun(session: Session, cast: Cast, who: Actor | None = None, size: int = 1000) -> Upload:
    data = BeginUpload(unit_id=cast.koivuranta.id, name="C:\\dogs.jpg", size=size)
    return uploads.begin(session, who or cast.editor, data)


def test_an_upload_is_its_persons_own_for_a_day(session: Session, cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        upload = begun(session, cast)
        assert (upload.name, upload.size, upload.asset_id) == ("dogs.jpg", 1000, None)
        for who in (cast.approver, cast.sibling_editor, cast.administrator):
            with pytest.raises(NotFound):
                uploads.own(session, who, upload.key)
        traveller.shift(timedelta(hours=24) - timedelta(seconds=1))
        assert uploads.own(session, cast.editor, upload.key) is upload
        traveller.shift(timedelta(seconds=1))
        with pytest.raises(NotFound):
            uploads.own(session, cast.editor, upload.key)


@pytest.mark.parametrize("key", ["", "x", "\x00", "../../keys", "x" * 5000])
def test_keys_that_are_none(session: Session, cast: Cast, key: str) -> None:
    with pytest.raises(NotFound):
        uploads.own(session, cast.editor, key)


def test_only_who_may_add_begins_and_only_what_fits(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid, match="unit_not_yours"):
        begun(session, cast, cast.sibling_editor)
    begun(session, cast, cast.contributor)  # who sends an idea has a picture of it
    sees = Scope({cast.koivuranta.id: frozenset({Right.SEE})})
    with pytest.raises(Forbidden):
        begun(session, cast, replace(cast.manager, scope=sees))
    begun(session, cast, size=MOST_BYTES)
    with pytest.raises(Invalid) as refused:
        begun(session, cast, size=MOST_BYTES + 1)
    fault = refused.value.faults[0]
    assert (fault.code, fault.field, fault.params) == ("picture_too_big", "size", {"most": 30})


def test_nobody_begins_without_end(session: Session, cast: Cast) -> None:
    rows = [begun(session, cast) for _ in range(OPEN_MOST)]
    with pytest.raises(Conflict, match="too_many_uploads"):
        begun(session, cast)
    uploads.finished(session, cast.editor, rows[0].key, an_asset(session, cast.koivuranta).id)
    begun(session, cast)
    with pytest.raises(Conflict):
        begun(session, cast)
    rows[1].expires_at = clock.now()
    begun(session, cast)
    uploads.drop(session, cast.editor, rows[2].key)
    begun(session, cast)
