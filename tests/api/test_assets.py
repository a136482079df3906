"""Pictures through the API: sent, described, found, used, removed; and nothing of others."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from PIL import Image

from app.domain.roles import Role
from app.foundation.database import Database
from app.foundation.images import Pictures
from tests.api.program import API, Program
from tests.builders import actor, person, with_pictures
from tests.cast import Cast
from tests.support.pictures import a_picture, drawing, stored

PICTURE = a_picture("jpeg")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pictures]:
    """One reader of pictures for all: to start it takes longer than a test."""
    pictures = Pictures(tmp_path_factory.mktemp("reader"))
    yield pictures
    pictures.close()


@pytest.fixture(autouse=True)
def shared_reader(app: FastAPI, reader: Pictures) -> None:
    """The app's own reader need not start."""
    vars(app.state.ground)["pictures"] = reader


def send(
    program: Program, unit_id: int, data: bytes = PICTURE, key: str | None = None, **more: Any
) -> Response:
    """Send a picture as a form."""
    headers = {} if key is None else {"Idempotency-Key": key}
    return program.client.post(
        f"{API}/assets",
        data={"unit_id": str(unit_id), **more},
        files={"file": ("dogs.jpg", data, "image/jpeg")},
        headers=headers,
    )


def sent(program: Program, unit_id: int, data: bytes = PICTURE, **more: Any) -> Any:
    """The picture that was sent."""
    answer = send(program, unit_id, data, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()


def faults(answer: Response) -> tuple[int, list[tuple[str | None, str]]]:
    told = answer.json()
    return answer.status_code, [(each["field"], each["code"]) for each in told["errors"]]


@pytest.fixture
def asset(editor: Program, cast: Cast) -> int:
    """The id of a picture of Koivuranta."""
    made: int = sent(editor, cast.koivuranta.id)["id"]
    return made


def test_a_picture_is_sent_with_its_description(editor: Program, cast: Cast) -> None:
    told = sent(
        editor, cast.koivuranta.id, alt_text="Three dogs", credit="Photo: Sara", rights="own",
        shown="children", focal="0.25,0.75", shared="true", name="Dogs",
    )  # fmt: skip
    assert (told["width"], told["height"], told["source_kind"]) == (320, 256, "jpeg")
    assert (told["alt_text"], told["credit"], told["decorative"]) == ("Three dogs", "Photo: Sara", False)
    assert (told["rights"], told["shown"], told["focal"]) == ("own", "children", [0.25, 0.75])
    assert (told["name"], told["shared"], told["unit"]) == ("Dogs", True, "Koivuranta")
    assert editor.get(f"assets/{told['id']}") == told
    assert editor.items("assets") == [told]
    verbs = [event["verb"] for event in editor.items("history", thing="asset", thing_id=told["id"])]
    assert sorted(verbs) == ["added", "edited", "shared"]


def test_only_the_file_and_its_unit_are_needed(editor: Program, cast: Cast) -> None:
    told = sent(editor, cast.koivuranta.id)
    assert (told["name"], told["alt_text"], told["rights"], told["shown"]) == ("dogs.jpg", "", None, None)


def test_the_same_file_again_keeps_its_description(editor: Program, cast: Cast) -> None:
    first = sent(editor, cast.koivuranta.id, alt_text="Three dogs")
    assert sent(editor, cast.koivuranta.id) == first
    again = sent(editor, cast.koivuranta.id, credit="Photo: Sara")
    assert (again["id"], again["alt_text"], again["credit"]) == (first["id"], "Three dogs", "Photo: Sara")


FORMS: list[tuple[dict[str, str], str, str]] = [
    ({"unit_id": "999"}, "unit_id", "unit_not_yours"),
    ({"unit_id": "x"}, "unit_id", "not_a_number"),
    ({"unit_id": "9" * 30}, "unit_id", "too_large"),
    ({"rights": "stolen"}, "rights", "not_in_list"),
    ({"focal": "0.5"}, "focal", "missing"),
    ({"focal": "0.5,2"}, "focal", "too_large"),
    ({"focal": "0.5,0.5,0.5"}, "focal", "too_long"),
    ({"alt_text": "x" * 1001}, "alt_text", "too_long"),
    ({"alt_text": "x", "decorative": "true"}, "alt_text", "alt_and_decorative"),
    ({"decorative": "perhaps"}, "decorative", "not_yes_or_no"),
    ({"name": "\x00"}, "name", "unwritable"),
    ({"colour": "red"}, "colour", "unknown_field"),
]


def test_a_form_that_can_not_be(editor: Program, cast: Cast) -> None:
    for more, field, code in FORMS:
        values = {"unit_id": str(cast.koivuranta.id), **more}
        answer = editor.client.post(f"{API}/assets", data=values, files={"file": ("x.jpg", PICTURE)})
        assert faults(answer) == (422, [(field, code)]), more
    nothing = editor.client.post(f"{API}/assets", files={"unit_id": (None, str(cast.koivuranta.id))})
    assert faults(nothing) == (422, [("file", "file_missing")])
    text = editor.client.post(f"{API}/assets", files={"unit_id": (None, "1"), "file": (None, "text")})
    assert faults(text) == (422, [("file", "file_missing")])
    assert editor.items("assets") == []


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"content-type": "application/json"}, b'{"unit_id": 1}'),
        ({"content-type": "multipart/form-data"}, b"x"),
        ({"content-type": "multipart/form-data; boundary=x"}, b"--x\r\nrubbish"),
        ({}, b""),
    ],
)
def test_what_is_no_form(editor: Program, headers: dict[str, str], body: bytes) -> None:
    answer = editor.client.post(f"{API}/assets", content=body, headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def test_two_files_are_too_many(editor: Program, cast: Cast) -> None:
    two = [("file", ("a.jpg", PICTURE)), ("file", ("b.jpg", PICTURE))]
    answer = editor.client.post(f"{API}/assets", data={"unit_id": str(cast.koivuranta.id)}, files=two)
    assert answer.status_code == 400


def test_what_is_no_picture_is_told(editor: Program, cast: Cast) -> None:
    moving = io.BytesIO()
    drawing().save(moving, "WEBP", save_all=True, append_images=[drawing().rotate(90)])
    answer = send(editor, cast.koivuranta.id, moving.getvalue())
    assert faults(answer) == (422, [("file", "picture_animated")])
    assert answer.json()["detail"] == "This picture moves. Send one still picture."
    gif = send(editor, cast.koivuranta.id, stored(drawing(), "gif"))
    assert gif.json()["detail"].startswith("GIF is not taken.")


def test_more_than_30_mb_are_not_read(editor: Program, cast: Cast) -> None:
    within = send(editor, cast.koivuranta.id, bytes(30_000_001))
    assert faults(within) == (422, [("file", "picture_too_big")])
    beyond = editor.client.post(  # nothing that says so is read
        f"{API}/assets",
        content=b"x",
        headers={"content-type": "multipart/form-data; boundary=x", "content-length": "1001000001"},
    )
    assert (beyond.status_code, beyond.json()["code"]) == (413, "body_too_large")


def test_nothing_is_read_from_whom_nobody_knows(app: FastAPI, cast: Cast) -> None:
    stranger = Program(app, None)
    asked: list[int] = []

    def body() -> Iterator[bytes]:
        for number in range(20):
            asked.append(number)
            yield b"x" * 1_000_000

    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = stranger.client.post(f"{API}/assets", content=body(), headers=headers)
    assert answer.status_code == 401


def test_the_second_time_gets_the_first_answer(editor: Program, cast: Cast) -> None:
    first = send(editor, cast.koivuranta.id, key="a-key", alt_text="Dogs")
    again = send(editor, cast.koivuranta.id, key="a-key", alt_text="Dogs")
    assert (first.status_code, first.content) == (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replay"] == "true"
    for more in ({"alt_text": "Cats"}, {"alt_text": "Dogs", "data": a_picture("png")}):
        other = send(editor, cast.koivuranta.id, key="a-key", **more)
        assert faults(other) == (422, [("Idempotency-Key", "key_reused")])
    assert len(editor.items("assets")) == 1


def test_a_refusal_does_not_use_the_key(editor: Program, cast: Cast) -> None:
    assert send(editor, cast.koivuranta.id, b"rubbish", key="a-key").status_code == 422
    assert send(editor, cast.koivuranta.id, key="a-key").status_code == 201
    assert faults(send(editor, cast.koivuranta.id, key=""))[1] == [("Idempotency-Key", "key_length")]


def test_what_is_sent_is_changed_and_the_rest_stays(editor: Program, asset: int) -> None:
    editor.patch(f"assets/{asset}", {"alt_text": "Three dogs", "rights": "own", "focal": [0.1, 0.2]})
    told = editor.patch(f"assets/{asset}", {"credit": "Photo: Sara"})
    assert (told["alt_text"], told["rights"], told["focal"]) == ("Three dogs", "own", [0.1, 0.2])
    told = editor.patch(f"assets/{asset}", {"alt_text": None, "rights": None, "decorative": True})
    assert (told["alt_text"], told["rights"], told["decorative"]) == ("", None, True)
    assert told["credit"] == "Photo: Sara"
    refused = editor.refused("PATCH", f"assets/{asset}", {"alt_text": "x"})
    assert refused == (422, [("alt_text", "alt_and_decorative")])
    assert editor.refused("PATCH", f"assets/{asset}", {"name": ""})[0] == 422
    assert editor.refused("PATCH", f"assets/{asset}", {"id": 7})[1] == [("id", "unknown_field")]


def test_a_picture_is_seen_in_three_sizes(editor: Program, cast: Cast) -> None:
    asset = sent(editor, cast.koivuranta.id, stored(drawing((2000, 1600)), "jpeg"))["id"]
    sizes = {}
    for size in ("thumb", "view", "original"):
        answer = editor.ask("GET", f"assets/{asset}/file", size=size)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "private, no-cache"
        assert answer.headers["x-content-type-options"] == "nosniff"
        with Image.open(io.BytesIO(answer.content)) as image:
            sizes[size] = (answer.headers["content-type"], image.format, max(image.size))
    assert sizes == {
        "thumb": ("image/webp", "WEBP", 240),
        "view": ("image/jpeg", "JPEG", 1024),
        "original": ("image/jpeg", "JPEG", 2000),
    }
    assert editor.refused("GET", f"assets/{asset}/file", size="huge") == (422, [("size", "not_in_list")])


def test_a_lost_file_is_told_as_none(editor: Program, asset: int, app: FastAPI, database: Database) -> None:
    from app.models.assets import Asset

    with database.reads() as session:
        app.state.ground.store.drop(session.get_one(Asset, asset).sha256)
    assert editor.refused("GET", f"assets/{asset}/file") == (404, [(None, "not_found")])


@pytest.fixture
def above(database: Database, cast: Cast, program: Callable[..., Program]) -> Program:
    """The program of an editor of the library above."""
    with database.writes() as session:
        who = actor(session, person(session, "Helmi", cast.library, Role.EDITOR))
    above: Program = program(who)
    return above


def test_lists_are_narrowed_and_come_in_pages(editor: Program, above: Program, cast: Cast) -> None:
    for number in range(4):
        who = above if number == 3 else editor
        name = f"{'Kissa' if number else 'Äiti'} {number}"
        data = stored(drawing((320, 200 + 8 * number)), "jpeg")
        sent(who, cast.koivuranta.id, data, name=name, shown="staff" if number == 1 else "nobody")
    first = editor.get("assets", limit=3)
    last = editor.get("assets", limit=3, after=first["next"])
    rows = first["items"] + last["items"]
    assert [row["name"] for row in rows] == ["Kissa 3", "Kissa 2", "Kissa 1", "Äiti 0"]
    assert last["next"] is None
    editor.patch(f"assets/{rows[0]['id']}", {"alt_text": "A cat"})
    for query, found in (
        ({"q": "ÄITI"}, 1), ({"q": "kissa"}, 3), ({"q": "a cat"}, 1), ({"shown": "staff"}, 1),
        ({"q": "\x00"}, 4),
        ({"undescribed": True}, 3), ({"mine": True}, 3), ({"unused": True}, 4),
        ({"unit": cast.koivuranta.id}, 4), ({"unit": cast.myllymaki.id}, 0), ({"unit": 999}, 0),
    ):  # fmt: skip
        assert len(editor.items("assets", **query)) == found, query
    assert editor.refused("GET", "assets", after="rubbish") == (422, [("after", "bad_cursor")])


def test_a_picture_goes_and_comes_back(editor: Program, asset: int) -> None:
    assert editor.ask("DELETE", f"assets/{asset}").status_code == 204
    assert editor.items("assets") == []
    assert editor.get(f"assets/{asset}")["removed_at"]
    assert editor.refused("PATCH", f"assets/{asset}", {"name": "x"}) == (409, [(None, "asset_removed")])
    assert editor.post(f"assets/{asset}/restore", key="a-key")["removed_at"] is None
    assert [row["id"] for row in editor.items("assets")] == [asset]


def test_what_a_draft_needs_is_not_removed(
    editor: Program, asset: int, draft: int, database: Database
) -> None:
    from app.models.assets import Asset
    from app.models.posts import Post

    assert editor.get(f"assets/{asset}/uses") == {"items": [], "count": 0, "elsewhere": False}
    with database.writes() as session:
        revision = session.get_one(Post, draft).revision_id
        with_pictures(session, revision or 0, [session.get_one(Asset, asset)])
    told = editor.ask("DELETE", f"assets/{asset}")
    assert faults(told) == (409, [(None, "asset_in_use")])
    assert told.json()["detail"] == "It is used in Quiet hours. Take it out there first."
    uses = editor.get(f"assets/{asset}/uses")
    assert (uses["count"], uses["elsewhere"]) == (1, False)
    assert (uses["items"][0]["post_id"], uses["items"][0]["status"]) == (draft, "draft")


@pytest.fixture(params=["sibling_editor", "stranger"])
def outsider(request: pytest.FixtureRequest, program: Callable[..., Program], cast: Cast) -> Program:
    """The program of somebody who has no business in Koivuranta."""
    return program(getattr(cast, request.param))


def test_nothing_of_others_is_there(outsider: Program, editor: Program, cast: Cast, asset: int) -> None:
    editor.patch(f"assets/{asset}", {"shared": True})
    before = editor.get(f"assets/{asset}")
    assert outsider.items("assets") == outsider.items("assets", q="dogs") == []
    assert outsider.items("assets", unit=cast.koivuranta.id) == []
    path = f"assets/{asset}"
    for method, address, body in (
        ("GET", path, None), ("GET", f"{path}/uses", None), ("GET", f"{path}/file", None),
        ("PATCH", path, {"name": "Mine"}), ("DELETE", path, None), ("POST", f"{path}/restore", None),
    ):  # fmt: skip
        assert outsider.refused(method, address, body) == (404, [(None, "not_found")]), (method, address)
    assert faults(send(outsider, cast.koivuranta.id)) == (422, [("unit_id", "unit_not_yours")])
    assert outsider.refused("POST", "uploads", {"unit_id": cast.koivuranta.id, "size": 9}) == (
        422, [("unit_id", "unit_not_yours")],
    )  # fmt: skip
    assert editor.get(path) == before
    assert editor.items("history", thing="asset", thing_id=asset)
    assert outsider.items("history", thing="asset", thing_id=asset) == []


def test_what_is_above_is_seen_when_it_is_shared_and_never_changed(
    editor: Program, above: Program, cast: Cast
) -> None:
    asset = sent(above, cast.library.id)["id"]
    assert editor.items("assets") == []
    assert editor.refused("GET", f"assets/{asset}/file")[0] == 404
    above.patch(f"assets/{asset}", {"shared": True})
    assert [row["unit"] for row in editor.items("assets")] == ["Saarivesi City Library"]
    assert editor.ask("GET", f"assets/{asset}/file", size="thumb").status_code == 200
    assert editor.refused("PATCH", f"assets/{asset}", {"name": "x"}) == (403, [(None, "not_allowed")])
    assert editor.refused("DELETE", f"assets/{asset}") == (403, [(None, "not_allowed")])


def part(program: Program, key: str, offset: Any, data: bytes) -> Response:
    """Send bytes of an upload."""
    headers = {"Upload-Offset": str(offset), "content-type": "application/octet-stream"}
    return program.client.patch(f"{API}/uploads/{key}", content=data, headers=headers)


def test_an_upload_goes_on_after_a_break(editor: Program, cast: Cast) -> None:
    begun = editor.post(
        "uploads", {"unit_id": cast.koivuranta.id, "name": "dogs.jpg", "size": len(PICTURE)}, "a-key"
    )
    key, half = begun["key"], len(PICTURE) // 2
    assert (begun["offset"], begun["size"], begun["asset_id"]) == (0, len(PICTURE), None)
    assert part(editor, key, 0, PICTURE[:half]).json()["offset"] == half
    wrong = part(editor, key, 0, PICTURE[:half])
    assert faults(wrong)[0] == 409
    assert (wrong.json()["code"], wrong.headers["upload-offset"]) == ("wrong_offset", str(half))
    assert editor.get(f"uploads/{key}")["offset"] == half
    assert editor.refused("POST", f"uploads/{key}/finish") == (409, [(None, "upload_unfinished")])
    assert part(editor, key, half, PICTURE[half:]).json()["offset"] == len(PICTURE)
    made = editor.post(f"uploads/{key}/finish")
    assert (made["name"], made["width"]) == ("dogs.jpg", 320)
    assert editor.post(f"uploads/{key}/finish") == made
    assert editor.get(f"uploads/{key}")["asset_id"] == made["id"]
    original = editor.ask("GET", f"assets/{made['id']}/file").content
    assert len(original) == made["size"]


def test_parts_that_can_not_be(editor: Program, cast: Cast) -> None:
    key = editor.post("uploads", {"unit_id": cast.koivuranta.id, "size": 2_000_000})["key"]
    assert part(editor, key, 0, b"x" * 1_048_577).json()["code"] == "body_too_large"
    assert part(editor, key, 0, b"x" * 1_048_576).json()["offset"] == 1_048_576
    assert faults(part(editor, key, 1_048_576, b"x" * 1_000_000))[1] == [(None, "upload_too_long")]
    assert faults(part(editor, key, 1_048_576, b""))[1] == [(None, "chunk_empty")]
    for offset in ("x", -1, 2**41, ""):
        status, told = faults(part(editor, key, offset, b"x"))
        assert (status, told[0][0]) == (422, "Upload-Offset")
    assert editor.refused("PATCH", f"uploads/{key}")[1] == [("Upload-Offset", "missing")]


def test_an_upload_is_its_persons_own(
    editor: Program, approver: Program, sibling: Program, program: Callable[..., Program], cast: Cast
) -> None:
    key = editor.post("uploads", {"unit_id": cast.koivuranta.id, "size": len(PICTURE)})["key"]
    for other in (approver, sibling, program(cast.administrator)):
        assert other.refused("GET", f"uploads/{key}") == (404, [(None, "not_found")])
        assert part(other, key, 0, PICTURE).status_code == 404
        assert other.refused("POST", f"uploads/{key}/finish") == (404, [(None, "not_found")])
    for key in ("x", "%00", "..%2Fkeys", "0"):
        assert editor.refused("GET", f"uploads/{key}")[0] == 404


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"size": 0}, "size", "too_small"),
        ({"size": 1_000_000_001}, "size", "picture_too_big"),
        ({"size": 10**30}, "size", "picture_too_big"),
        ({"size": "much"}, "size", "not_a_number"),
        ({"name": "x" * 201}, "name", "too_long"),
        ({"unit_id": 10**30}, "unit_id", "unit_not_yours"),
        ({"key": "mine"}, "key", "unknown_field"),
    ],
)
def test_an_upload_that_can_not_be(
    editor: Program, cast: Cast, body: dict[str, Any], field: str, code: str
) -> None:
    told = editor.refused("POST", "uploads", {"unit_id": cast.koivuranta.id, "size": 9, **body})
    assert told == (422, [(field, code)])
