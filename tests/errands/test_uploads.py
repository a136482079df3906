"""Uploads in parts: in order, as long as was said, by one at a time; the whole becomes an asset, once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.actions.uploads import BeginUpload, begin
from app.domain.errors import Conflict, Invalid, NotFound, Refusal
from app.errands import uploads
from app.errands.ground import Ground
from tests.cast import Cast
from tests.support.pictures import a_picture

PICTURE = a_picture("jpeg")


@pytest.fixture
def key(ground: Ground, cast: Cast) -> str:
    """An announced picture of Koivuranta's editor."""
    return announced(ground, cast, len(PICTURE))


def announced(ground: Ground, cast: Cast, size: int) -> str:
    with ground.database.writes() as session:
        data = BeginUpload(unit_id=cast.koivuranta.id, name="dogs.jpg", size=size)
        return begin(session, cast.editor, data).key


def parts(ground: Ground) -> list[str]:
    return [path.name for path in (ground.store.folder / "incoming").glob("*")]


def test_it_comes_in_parts_and_goes_on_after_a_break(ground: Ground, cast: Cast, key: str) -> None:
    assert uploads.coming(ground, cast.editor, key).offset == 0
    for start in range(0, len(PICTURE), 700):
        assert uploads.coming(ground, cast.editor, key).offset == start
        told = uploads.receive(ground, cast.editor, key, start, PICTURE[start : start + 700])
    assert (told.offset, told.size, told.asset_id) == (len(PICTURE), len(PICTURE), None)
    asset_id = uploads.finish(ground, cast.editor, key)
    assert uploads.finish(ground, cast.editor, key) == asset_id
    told = uploads.coming(ground, cast.editor, key)
    assert (told.offset, told.asset_id) == (len(PICTURE), asset_id)
    assert parts(ground) == []
    with pytest.raises(Conflict, match="upload_finished"):
        uploads.receive(ground, cast.editor, key, 0, b"x")
    assert parts(ground) == []


def test_a_part_must_begin_where_the_last_one_ended(ground: Ground, cast: Cast, key: str) -> None:
    uploads.receive(ground, cast.editor, key, 0, PICTURE[:100])
    for offset in (0, 99, 101, len(PICTURE)):
        with pytest.raises(Conflict) as refused:
            uploads.receive(ground, cast.editor, key, offset, PICTURE[:100])
        fault = refused.value.faults[0]
        assert (fault.code, fault.params) == ("wrong_offset", {"offset": 100})


def test_parts_that_can_not_be(ground: Ground, cast: Cast, key: str) -> None:
    for chunk in (b"", b"x" * (len(PICTURE) + 1), b"x" * (uploads.CHUNK_MOST + 1)):
        with pytest.raises(Invalid):
            uploads.receive(ground, cast.editor, key, 0, chunk)
    with pytest.raises(Conflict) as refused:
        uploads.finish(ground, cast.editor, key)
    assert refused.value.faults[0].params == {"offset": 0, "size": len(PICTURE)}


def test_others_find_nothing(ground: Ground, cast: Cast, key: str) -> None:
    for who in (cast.sibling_editor, cast.administrator, cast.stranger):
        with pytest.raises(NotFound):
            uploads.coming(ground, who, key)
        with pytest.raises(NotFound):
            uploads.receive(ground, who, key, 0, PICTURE)
        with pytest.raises(NotFound):
            uploads.finish(ground, who, key)


def test_what_is_no_picture_is_dropped(ground: Ground, cast: Cast) -> None:
    key = announced(ground, cast, 9)
    uploads.receive(ground, cast.editor, key, 0, b"no image!")
    with pytest.raises(Invalid, match="picture_unreadable"):
        uploads.finish(ground, cast.editor, key)
    assert parts(ground) == []
    with pytest.raises(NotFound):
        uploads.coming(ground, cast.editor, key)


def test_for_want_of_room_it_stays(
    ground: Ground, cast: Cast, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads.receive(ground, cast.editor, key, 0, PICTURE)
    monkeypatch.setattr(ground.store, "space_left", lambda: 0)
    with pytest.raises(Invalid, match="store_full"):
        uploads.finish(ground, cast.editor, key)
    monkeypatch.undo()
    assert uploads.finish(ground, cast.editor, key)


def test_many_at_once_write_one_file(ground: Ground, cast: Cast, key: str) -> None:
    def send(_: int) -> str:
        try:
            uploads.receive(ground, cast.editor, key, 0, PICTURE)
        except Refusal as refusal:
            return refusal.code
        return "taken"

    with ThreadPoolExecutor(4) as pool:
        told = sorted(pool.map(send, range(4)))
        assert told == ["taken"] + ["wrong_offset"] * 3
        found = set(pool.map(lambda _: uploads.finish(ground, cast.editor, key), range(4)))
    assert len(found) == 1
