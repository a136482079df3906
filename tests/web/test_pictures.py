"""The library of pictures: the wall, new ones with and without a script, the page of one, its files."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx2 import Response

from app.actions import assets
from app.domain.networks import NetworkKind
from app.domain.pictures import WHOLE, Box, Shown
from app.domain.roles import Actor, Role
from app.errands import pictures
from app.foundation.database import Database
from app.models.assets import Asset
from app.queries.scopes import scope_of
from app.web import cuts
from tests import plans
from tests.builders import person, with_pictures
from tests.cast import Cast
from tests.support.pictures import a_picture
from tests.web.scene import counted
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]


def photo(size: tuple[int, int]) -> bytes:
    """A JPEG of so many pixels."""
    return a_picture("jpeg", size)


@pytest.fixture
def add(app: FastAPI, cast: Cast, tmp_path: Path) -> Callable[..., int]:
    """`add(actor, unit_id, name)`: a picture of its own in the library; gives its id."""
    made = iter(range(1, 1000))

    def work(who: Actor | None = None, unit_id: int = 0, name: str = "desk.jpg", **about: object) -> int:
        file = tmp_path / "source"
        file.write_bytes(photo((400 + next(made), 300)))
        who = who or cast.editor
        asset_id = pictures.take_in(app.state.ground, who, unit_id or cast.koivuranta.id, name, file)
        if about:
            with app.state.database.writes() as session:
                assets.edit(session, who, asset_id, assets.AssetEdit.model_validate(about))
        return asset_id

    return work


@pytest.fixture
def above(database: Database, cast: Cast) -> Actor:
    """An editor of the whole network."""
    with database.writes() as session:
        row = person(session, "Maria Lind", cast.network, Role.EDITOR)
        return Actor(row.id, scope_of(session, row.id), row.name, row.locale)


def send(visitor: Visitor, unit_id: int, *files: tuple[str, bytes]) -> Response:
    """The form for new pictures, as a browser without a script sends it."""
    page = visitor.get("/pictures/new").text
    token = page.split('name="csrf" value="')[1].split('"')[0]
    parts = [("files", (name, data, "image/jpeg")) for name, data in files]
    return visitor.client.post("/pictures/new", data={"csrf": token, "unit_id": str(unit_id)}, files=parts)


def header(visitor: Visitor) -> dict[str, str]:
    """The token of a page, as the script sends it."""
    page = visitor.get("/pictures/new").text
    return {"X-CSRF-Token": page.split('name="csrf" value="')[1].split('"')[0]}


def test_an_empty_library_says_what_to_do(cast: Cast, visit: Visit) -> None:
    page = visit(cast.editor).get("/pictures").text
    assert "No pictures yet." in page
    assert 'href="/pictures/new"' in page
    assert "/pictures/new" not in visit(cast.manager).get("/pictures").text


def test_files_without_a_script_are_answered_each_by_itself(cast: Cast, visit: Visit, app: FastAPI) -> None:
    editor = visit(cast.editor)
    answer = send(
        editor, cast.koivuranta.id, ("desk.jpg", photo((640, 480))), ("no.jpg", b"GIF89a nothing"),
        ("shelf.jpg", photo((500, 300))),
    )  # fmt: skip
    assert answer.status_code == 200
    assert "2 pictures are in the library." in answer.text
    assert "One file was not taken" in answer.text
    assert "<b>no.jpg</b>" in answer.text
    with app.state.database.reads() as session:
        assert sorted(row.name for row in session.query(Asset)) == ["desk.jpg", "shelf.jpg"]
    assert not list((app.state.ground.store.folder).glob("taking-*"))


def test_a_file_sent_twice_is_one_picture(cast: Cast, visit: Visit, app: FastAPI) -> None:
    editor, same = visit(cast.editor), photo((640, 480))
    for _ in range(2):
        assert send(editor, cast.koivuranta.id, ("desk.jpg", same)).status_code == 200
    with app.state.database.reads() as session:
        assert session.query(Asset).count() == 1


def test_new_pictures_need_a_unit_a_file_and_a_writer(cast: Cast, visit: Visit) -> None:
    editor = visit(cast.editor)
    assert "Choose a picture." in send(editor, cast.koivuranta.id).text
    elsewhere = send(editor, cast.elsewhere.id, ("desk.jpg", photo((640, 480))))
    assert (elsewhere.status_code, "Choose a unit that you work for." in elsewhere.text) == (422, True)
    assert visit(cast.manager).get("/pictures/new").status_code == 403


def test_a_form_of_files_without_its_token_is_refused(cast: Cast, visit: Visit) -> None:
    files = [("files", ("desk.jpg", photo((640, 480)), "image/jpeg"))]
    editor = visit(cast.editor)
    assert editor.client.post("/pictures/new", files=files).status_code == 403
    foreign = {"sec-fetch-site": "cross-site"}
    assert editor.client.post("/pictures/new", files=files, headers=foreign).status_code == 403


def test_the_wall_is_searched_and_narrowed(cast: Cast, visit: Visit, add: Callable[..., int]) -> None:
    add(name="cat.jpg", alt_text="A cat on the returns belt", shown="nobody")
    add(name="hands.jpg", alt_text="Hands that mend a puppet", shown="children")
    add(name="raw.jpg")
    editor = visit(cast.editor)

    def names(question: str) -> set[str]:
        page = editor.get(f"/pictures?{question}").text
        known = {"A cat on": "cat", "Hands that": "hands", "raw.jpg": "raw"}
        return {name for words, name in known.items() if words in page}

    assert names("") == {"cat", "hands", "raw"}
    assert names("words=RETURNS") == {"cat"}
    assert names("shown=children") == {"hands"}
    assert names("undescribed=yes") == {"raw"}
    assert names("mine=yes&shown=nobody") == {"cat"}
    assert names("unit=x&shown=y&after=z") == {"cat", "hands", "raw"}
    assert "No picture fits all of that." in editor.get("/pictures?words=dog").text
    assert "No picture fits" in visit(cast.approver).get("/pictures?mine=yes").text


def test_the_wall_goes_on_after_48_and_asks_little(
    cast: Cast, visit: Visit, database: Database, add: Callable[..., int]
) -> None:
    first = add()
    with database.writes() as session:
        row = session.get_one(Asset, first)
        kept = {c.name: getattr(row, c.name) for c in Asset.__table__.columns if c.name != "id"}
        session.add_all([Asset(**{**kept, "name": f"number {n}"}) for n in range(60)])
    editor = visit(cast.editor)
    with counted(database) as asked:
        page = editor.get("/pictures").text
    assert len(asked) <= 6
    assert page.count('loading="lazy"') == 48
    more = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert editor.get(more).text.count('loading="lazy"') == 13


def test_what_is_known_about_a_picture_is_said_on_its_page(
    cast: Cast, visit: Visit, database: Database, add: Callable[..., int]
) -> None:
    page, editor = f"/pictures/{add()}", visit(cast.editor)
    said = {
        "name": "Cat", "alt_text": "A cat on the returns belt", "credit": "Photo: L. Demir",
        "shown": "nobody", "rights": "own", "shared": "yes", "focal": "83-17",
    }  # fmt: skip
    answer = editor.send(page, page, **said)
    assert answer.headers["location"] == f"{page}?done=asset_saved"
    reader = visit(cast.manager).get(page)
    assert reader.status_code == 200
    assert "A cat on the returns belt" in reader.text
    assert "Taken by our own staff" in reader.text
    with database.reads() as session:
        row = session.query(Asset).one()
    assert (row.alt_text, row.shown, row.shared) == (said["alt_text"], Shown.NOBODY, True)
    assert (row.focal_x, row.focal_y) == (0.83, 0.17)
    editor.send(page, page, focal_x="10", focal_y="90", focal="83-17")
    with database.reads() as session:
        row = session.query(Asset).one()
    assert (row.focal_x, row.focal_y, row.alt_text, row.shared) == (0.1, 0.9, "", False)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"alt_text": "A cat", "decorative": "yes"}, "It can&#39;t be both"),
        ({"focal_x": "x", "focal_y": "1"}, "Choose a point within the picture."),
        ({"focal_x": "nan", "focal_y": "1"}, "Choose a point within the picture."),
        ({"focal": "1-2-3"}, "Choose a point within the picture."),
        ({"alt_text": "a" * 1001}, "This is too long: at most"),
        ({"rights": "stolen"}, "Choose one from the list."),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_lost(
    cast: Cast, visit: Visit, add: Callable[..., int], fields: dict[str, str], words: str
) -> None:
    page = f"/pictures/{add()}"
    answer = visit(cast.editor).send(page, page, credit="Photo: L. Demir", **fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Photo: L. Demir" in answer.text


def test_a_removed_picture_can_be_brought_back(cast: Cast, visit: Visit, add: Callable[..., int]) -> None:
    page, editor = f"/pictures/{add()}", visit(cast.editor)
    assert editor.send(page, f"{page}/remove").headers["location"] == f"{page}?done=asset_removed"
    assert "No pictures yet." in editor.get("/pictures").text
    assert "Bring it back" in editor.get(page).text
    assert editor.send(page, f"{page}/restore").status_code == 303
    assert "desk.jpg" in editor.get("/pictures").text
    assert visit(cast.approver).send(page, f"{page}/remove").status_code == 403


def test_files_are_for_those_who_see_the_picture(
    cast: Cast, visit: Visit, above: Actor, add: Callable[..., int]
) -> None:
    shared = add(above, cast.network.id, shared=True)
    own = add()
    for name in ("thumb.webp", "view.jpg", "original.jpg", "cut.jpg?network=facebook", ""):
        for who in (cast.sibling_editor, cast.stranger):
            assert visit(who).get(f"/pictures/{own}/{name}".rstrip("/")).status_code == 404, name
        for who in (cast.editor, cast.manager, cast.administrator):
            assert visit(who).get(f"/pictures/{own}/{name}".rstrip("/")).status_code == 200, name
        assert visit(cast.sibling_editor).get(f"/pictures/{shared}/{name}".rstrip("/")).status_code == 200
    for path in ("edit", "remove", "restore"):
        target = f"/pictures/{own}" + ("" if path == "edit" else f"/{path}")
        assert visit(cast.sibling_editor).send("/pictures", target).status_code == 404
        assert (
            visit(cast.sibling_editor).send("/pictures", target.replace(str(own), str(shared))).status_code
            == 403
        )


def test_files_say_what_they_are_and_how_long_they_keep(
    cast: Cast, visit: Visit, database: Database, add: Callable[..., int]
) -> None:
    asset_id, editor = add(name="Cat & dog.png"), visit(cast.editor)
    with database.reads() as session:
        address = cuts.thumb(session.get_one(Asset, asset_id))
    thumb = editor.get(address)
    assert thumb.headers["content-type"] == "image/webp"
    assert thumb.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert thumb.headers["x-content-type-options"] == "nosniff"
    assert len(thumb.content) <= 6000
    head = editor.client.head(address)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(thumb.content))
    assert editor.get(f"/pictures/{asset_id}/view.jpg").headers["cache-control"] == "private, no-cache"
    assert editor.get(f"/pictures/{asset_id}/view.jpg?v=old").headers["cache-control"] == "private, no-cache"
    original = editor.get(f"/pictures/{asset_id}/original.jpg")
    assert original.headers["content-type"] == "image/jpeg"
    assert original.headers["content-disposition"] == "attachment; filename*=utf-8''Cat%20%26%20dog.jpg"


def test_a_lost_file_is_not_there(cast: Cast, visit: Visit, app: FastAPI, add: Callable[..., int]) -> None:
    asset_id = add()
    with app.state.database.reads() as session:
        app.state.ground.store.drop(session.get_one(Asset, asset_id).sha256)
    for name in ("thumb.webp", "view.jpg", "original.jpg", "cut.jpg?network=facebook"):
        assert visit(cast.editor).get(f"/pictures/{asset_id}/{name}").status_code == 404


def test_a_cut_is_made_for_a_network(cast: Cast, visit: Visit, add: Callable[..., int]) -> None:
    asset_id, editor = add(), visit(cast.editor)
    cut = editor.get(f"/pictures/{asset_id}/cut.jpg?network=facebook&box=0.5,0,0.5,1")
    assert (cut.status_code, cut.headers["content-type"]) == (200, "image/jpeg")
    assert editor.get(f"/pictures/{asset_id}/cut.jpg?network=facebook&box=9,x").status_code == 200
    assert editor.get(f"/pictures/{asset_id}/cut.jpg?network=nowhere").status_code == 404


def test_whoever_sees_a_post_gets_its_pictures_whole(
    cast: Cast, visit: Visit, add: Callable[..., int], database: Database
) -> None:
    asset_id, sibling = add(), visit(cast.sibling_editor)
    with database.writes() as session:
        post = plans.post(session, cast.myllymaki, cast.sibling_editor)
        with_pictures(session, post.revision_id or 0, [session.get_one(Asset, asset_id)])
    assert sibling.get(f"/pictures/{asset_id}/original.jpg").status_code == 200
    assert sibling.get(f"/pictures/{asset_id}").status_code == 404


def test_looking_at_cuts_leaves_room_for_posts(
    app: FastAPI, cast: Cast, visit: Visit, add: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    asset_id, editor = add(), visit(cast.editor)
    monkeypatch.setattr(app.state.ground.store, "space_left", lambda: 0)
    assert editor.get(f"/pictures/{asset_id}/cut.jpg?network=facebook&box=0.5,0,0.5,1").status_code == 404


def test_a_part_is_read_and_written_in_percent() -> None:
    assert cuts.typed_box(("10", "0", "50,5", "100")) == Box(0.1, 0.0, 0.505, 1.0)
    for wrong in (
        ("", "", "", ""),
        ("60", "0", "50", "100"),
        ("x", "0", "50", "100"),
        ("nan", "0", "1", "1"),
    ):
        assert cuts.typed_box(wrong) is None
    assert cuts.percents(Box(0.1, 0.0, 0.505, 1.0)) == ("10", "0", "50.5", "100")
    assert cuts.percents(None) == ("", "", "", "")


def test_a_preview_of_the_whole_needs_no_cut(database: Database, add: Callable[..., int]) -> None:
    asset_id = add()
    with database.reads() as session:
        row = session.get_one(Asset, asset_id)
    assert cuts.cut(row, NetworkKind.FACEBOOK).src == cuts.view(row)
    square = cuts.square(row)
    assert square.width == square.height
    assert "cut.jpg?network=instagram&box=" in square.src
    assert cuts.shared_box(square.src.split("box=")[1].split("&")[0].replace("%2C", ",")) != WHOLE


class TestUploads:
    """What the script asks."""

    def begin(self, visitor: Visitor, unit_id: int, data: bytes, **more: str) -> Response:
        form = {"unit_id": str(unit_id), "name": "cat.jpg", "size": str(len(data)), **more}
        return visitor.client.post("/pictures/uploads", data=form, headers=header(visitor))

    def part(self, visitor: Visitor, key: str, data: bytes, offset: int) -> Response:
        headers = {**header(visitor), "Upload-Offset": str(offset)}
        return visitor.client.patch(f"/pictures/uploads/{key}", content=data, headers=headers)

    def finish(self, visitor: Visitor, key: str) -> Response:
        return visitor.client.post(f"/pictures/uploads/{key}/finish", headers=header(visitor))

    def test_a_file_comes_in_parts_and_goes_on_after_a_break(self, cast: Cast, visit: Visit) -> None:
        editor, data = visit(cast.editor), photo((640, 480))
        key = self.begin(editor, cast.koivuranta.id, data).json()["key"]
        assert self.part(editor, key, data[:500], 0).json() == {"key": key, "offset": 500}
        again = self.part(editor, key, data[:500], 0)
        assert (again.status_code, again.json()) == (409, {"key": key, "offset": 500})
        early = self.finish(editor, key)
        assert (early.status_code, early.json()) == (409, {"key": key, "offset": 500})
        assert editor.get(f"/pictures/uploads/{key}").json() == {"key": key, "offset": 500}
        self.part(editor, key, data[500:], 500)
        picture = self.finish(editor, key).json()
        assert picture == self.finish(editor, key).json()
        assert (picture["name"], picture["width"], picture["alt_text"]) == ("cat.jpg", 640, "")
        assert editor.get(picture["thumb"]).status_code == editor.get(picture["view"]).status_code == 200
        assert editor.get(f"/pictures/uploads/{key}").json()["offset"] == len(data)

    def test_refusals_are_sentences(self, cast: Cast, visit: Visit) -> None:
        editor, data = visit(cast.editor), b"GIF89a nothing"
        assert "Choose a unit" in self.begin(editor, cast.elsewhere.id, data).json()["error"]
        assert "1,000 MB" in self.begin(editor, cast.koivuranta.id, data, size="1000000001").json()["error"]
        key = self.begin(editor, cast.koivuranta.id, data, size="99000000").json()["key"]
        assert "30 MB" in self.part(editor, key, data, 0).json()["error"]  # it is no video
        key = self.begin(editor, cast.koivuranta.id, data).json()["key"]
        assert self.part(editor, key, data + b"more", 0).status_code == 422
        self.part(editor, key, data, 0)
        refused = self.finish(editor, key)
        assert (refused.status_code, bool(refused.json()["error"])) == (422, True)
        assert self.finish(editor, key).json() | {"error": ""} == {"key": "", "offset": 0, "error": ""}

    def test_a_part_that_is_too_large_is_not_kept_in_memory(self, cast: Cast, visit: Visit) -> None:
        editor, data = visit(cast.editor), b"x" * 3_000_000
        key = self.begin(editor, cast.koivuranta.id, data).json()["key"]
        assert self.part(editor, key, data, 0).status_code == 413

    def test_uploads_are_ones_own_and_need_the_token(self, cast: Cast, visit: Visit) -> None:
        editor, other, data = visit(cast.editor), visit(cast.administrator), photo((640, 480))
        key = self.begin(editor, cast.koivuranta.id, data).json()["key"]
        assert other.get(f"/pictures/uploads/{key}").json()["key"] == ""
        assert self.part(other, key, data, 0).status_code == 404
        assert self.finish(other, key).status_code == 404
        for method, path in (("POST", ""), ("PATCH", f"/{key}"), ("POST", f"/{key}/finish")):
            answer = editor.client.request(method, f"/pictures/uploads{path}", content=b"")
            assert answer.status_code == 403, path
