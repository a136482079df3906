"""What pictures leave behind is cleared away, and nothing that anybody still needs."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import ideas
from app.actions.ideas import IdeaInput
from app.actions.uploads import BeginUpload, begin
from app.errands import housekeeping
from app.errands.ground import Ground
from app.errands.pictures import FOLDER
from app.foundation import clock
from app.models.assets import Asset, Lending, Upload
from app.models.ideas import IdeaPicture
from tests import plans
from tests.builders import an_asset, with_pictures
from tests.cast import Cast


def days(number: float) -> timedelta:
    return timedelta(days=number)


def aged(path: Path, age: timedelta) -> Path:
    then = (clock.now() - age).timestamp()
    os.utime(path, (then, then))
    return path


def kept(ground: Ground, session: Session, cast: Cast, removed: timedelta | None, **more: Any) -> Asset:
    """An asset with an old file."""
    removed_at = clock.now() - removed if removed else None
    asset = an_asset(session, cast.koivuranta, removed_at=removed_at)
    asset.sha256 = more.pop("sha256", asset.sha256)
    session.flush()
    for kind in ("master", "thumb"):
        path = ground.store.path(kind, asset.sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"picture")
        aged(path, more.get("age", days(60)))
    return asset


def left(ground: Ground, *assets: Asset) -> list[tuple[bool, bool]]:
    """Of each asset whether its row is there, and its bytes."""
    with ground.database.reads() as session:
        rows = set(session.scalars(select(Asset.id)))
    return [(asset.id in rows, ground.store.has("master", asset.sha256)) for asset in assets]


def test_pictures_go_30_days_after_they_were_removed(ground: Ground, cast: Cast) -> None:
    with ground.database.writes() as session:
        here = kept(ground, session, cast, None)
        fresh = kept(ground, session, cast, days(29.9))
        old = kept(ground, session, cast, days(30.1))
        cut = ground.store.rendition_path(old.sha256, "key")
        cut.write_bytes(b"cut")
        aged(cut, days(2))
    housekeeping.clean(ground)
    assert left(ground, here, fresh, old) == [(True, True), (True, True), (False, False)]
    assert list(ground.store.path("master", old.sha256).parent.glob(f"{old.sha256}*")) == []


def test_an_idea_does_not_keep_what_was_removed(ground: Ground, cast: Cast) -> None:
    with ground.database.writes() as session:
        old, here = kept(ground, session, cast, None), kept(ground, session, cast, None)
        data = IdeaInput(unit_id=cast.koivuranta.id, title="Foxes", asset_ids=(old.id, here.id))
        ideas.send(session, cast.contributor, data)
        old.removed_at = clock.now() - days(31)
    housekeeping.clean(ground)
    assert left(ground, old, here) == [(False, False), (True, True)]
    with ground.database.reads() as session:
        assert session.scalars(select(IdeaPicture.asset_id)).all() == [here.id]


def test_pictures_of_any_revision_stay(ground: Ground, cast: Cast) -> None:
    with ground.database.writes() as session:
        used = kept(ground, session, cast, days(400))
        post = plans.post(session, cast.koivuranta, cast.editor)
        with_pictures(session, post.revision_id or 0, [used])
    housekeeping.clean(ground)
    assert left(ground, used) == [(True, True)]


def test_bytes_stay_while_another_asset_has_them(ground: Ground, cast: Cast) -> None:
    with ground.database.writes() as session:
        gone = kept(ground, session, cast, days(31))
        other = kept(ground, session, cast, None, sha256=gone.sha256)
    housekeeping.clean(ground)
    assert left(ground, gone, other) == [(False, True), (True, True)]
    with ground.database.writes() as session:
        session.get_one(Asset, other.id).removed_at = clock.now() - days(31)
    housekeeping.clean(ground)
    assert left(ground, other) == [(False, False)]


def test_a_picture_that_is_just_sent_again_stays(ground: Ground, cast: Cast) -> None:
    with ground.database.writes() as session:
        coming = kept(ground, session, cast, days(31), age=timedelta(minutes=1))
    housekeeping.clean(ground)
    assert left(ground, coming) == [(True, True)]


def test_lost_files_keep_no_row(ground: Ground, cast: Cast) -> None:
    with ground.database.writes() as session:
        gone = kept(ground, session, cast, days(31))
    ground.store.drop(gone.sha256)
    housekeeping.clean(ground)
    assert left(ground, gone) == [(False, False)]


def test_addresses_that_were_lent_are_forgotten_after_30_days(ground: Ground, cast: Cast) -> None:
    now = clock.now()
    with ground.database.writes() as session:
        asset = kept(ground, session, cast, days(100))
        for name, age, bucket in (("old", 31, ""), ("new", 29, ""), ("in a bucket", 31, "key")):
            session.add(
                Lending(
                    token_hash=name, asset_id=asset.id, sha256=asset.sha256, rendition="x", bucket_key=bucket,
                    created_at=now - days(age), expires_at=now - days(age),
                )
            )  # fmt: skip
    housekeeping.clean(ground)
    with ground.database.writes() as session:
        rows = session.scalars(select(Lending)).all()
        assert {row.token_hash for row in rows} == {"new", "in a bucket"}
        assert left(ground, asset) == [(True, True)]
        for row in rows:
            session.delete(row)
    housekeeping.clean(ground)
    assert left(ground, asset) == [(False, False)]


def test_uploads_that_broke_off_go_with_their_parts(ground: Ground, cast: Cast) -> None:
    with ground.database.writes() as session:
        data = BeginUpload(unit_id=cast.koivuranta.id, size=100)
        over, on = (begin(session, cast.editor, data).key for _ in range(2))
        session.flush()
        session.scalars(select(Upload).where(Upload.key == over)).one().expires_at = clock.now() - days(0.01)
    for name in (over, on, "stray"):
        ground.store.append(name, 0, b"x")
    aged(ground.store.incoming_path("stray"), days(3))
    folder = ground.store.incoming_path("folder")
    folder.mkdir()
    aged(folder, days(3))
    housekeeping.clean(ground)
    assert [path.name for path in (ground.store.folder / "incoming").iterdir()] == [on]
    with ground.database.reads() as session:
        assert list(session.scalars(select(Upload.key))) == [on]


def test_folders_of_work_that_was_cut_off_go(ground: Ground) -> None:
    for name, age in (("old", 2.0), ("new", 0.5)):
        folder = ground.store.folder / f"{FOLDER}{name}"
        folder.mkdir(parents=True)
        (folder / "source").write_bytes(b"x")
        aged(folder, days(age))
    housekeeping.clean(ground)
    assert [path.name for path in ground.store.folder.iterdir()] == [f"{FOLDER}new"]


def test_cuts_that_nobody_used_go_and_can_be_made_again(ground: Ground, cast: Cast) -> None:
    with ground.database.writes() as session:
        asset = kept(ground, session, cast, None)
    for key, age in (("old", 31), ("new", 29)):
        path = ground.store.rendition_path(asset.sha256, key)
        path.write_bytes(b"cut")
        aged(path, days(age))
    for number in range(housekeeping.FOLDERS):
        housekeeping.clean_cuts(ground, f"{number:02x}", clock.now())
    there = [ground.store.rendition_path(asset.sha256, key).exists() for key in ("old", "new")]
    assert there == [False, True]
    assert left(ground, asset) == [(True, True)]
