"""Pictures in the composer without a script: chosen, ordered, described, cut, and nothing typed is lost."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import select

from app.actions import posts as actions
from app.domain.posts import Tone
from app.domain.roles import Actor
from app.foundation.database import Database
from app.models.assets import Asset
from app.models.posts import Revision, RevisionPicture
from tests.builders import an_asset
from tests.cast import Cast
from tests.support.pictures import a_picture
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
WRITTEN = {"title": "Ten books", "tone": "human", "text": "Sari chooses ten books.", "link": ""}


@pytest.fixture
def editor(cast: Cast, visit: Visit) -> Visitor:
    return visit(cast.editor)


@pytest.fixture
def three(database: Database, cast: Cast) -> list[int]:
    """Three pictures of Koivuranta; the last one is described by nobody."""
    with database.writes() as session:
        made = [
            an_asset(session, cast.koivuranta, name, alt_text=alt_text)
            for name, alt_text in (("one.jpg", "A dog"), ("two.jpg", "A cat"), ("three.jpg", ""))
        ]
        return [row.id for row in made]


def pressed(editor: Visitor, do: str, path: str = "/posts/new", /, **fields: Any) -> Response:
    """The composer with these fields in it, and one of its buttons pressed."""
    return editor.send(path, path, do=do, **{**WRITTEN, **fields})


def listed(answer: Response) -> list[str]:
    """The keys of the pictures that stand in the form, in order."""
    return re.findall(r'name="pictures" value="([\d-]+)"', answer.text)


def description(answer: Response, key: object) -> str:
    """What stands in the field for a picture's description."""
    found = re.search(
        rf'<textarea id="picture\.{key}\.alt_text"[^>]*>\n(.*?)</textarea>', answer.text, re.DOTALL
    )
    assert found, key
    return unescape(found[1])


def kept(database: Database) -> list[tuple[int, str, bool, dict[str, object]]]:
    """The pictures of the newest revision: asset, alt text, decorative, crops."""
    with database.reads() as session:
        newest = select(Revision.id).order_by(Revision.id.desc()).limit(1).scalar_subquery()
        rows = session.scalars(
            select(RevisionPicture)
            .where(RevisionPicture.revision_id == newest, RevisionPicture.channel_id.is_(None))
            .order_by(RevisionPicture.position)
        )
        return [(row.asset_id, row.alt_text, row.decorative, row.crops) for row in rows]


def test_pictures_come_from_the_library(editor: Visitor, three: list[int]) -> None:
    opened = pressed(editor, "library")
    assert opened.text.count('name="chosen"') == 3
    assert "Sari chooses ten books.</textarea>" in opened.text
    sought = pressed(editor, "find", shelf="post", find="CAT")
    assert sought.text.count('name="chosen"') == 1
    assert "No picture has all of these words." in pressed(editor, "find", shelf="post", find="zebra").text
    added = pressed(editor, "add", shelf="post", chosen=[str(three[1]), str(three[2])])
    assert listed(added) == [str(three[1]), str(three[2])]
    assert description(added, three[1]) == "A cat"
    assert 'id="shelf"' not in added.text
    assert "Not described yet" in added.text
    assert 'id="shelf"' not in pressed(editor, "close", shelf="post").text


def test_order_changes_and_what_was_typed_stays(editor: Visitor, three: list[int]) -> None:
    one, two, last = map(str, three)
    fields: dict[str, Any] = {
        "pictures": [one, two, last],
        f"picture.{last}.alt_text": "Typed <now>",
        f"picture.{one}.decorative": "yes",
        f"picture.{two}.crop.instagram.x": "12,5",
        f"picture.{two}.crop.instagram.w": "50",
    }
    up = pressed(editor, f"up:{last}", **fields)
    assert listed(up) == [one, last, two]
    assert description(up, last) == "Typed <now>"
    assert f'name="picture.{one}.decorative" value="yes" checked' in up.text
    assert 'value="12,5"' in up.text
    assert listed(pressed(editor, f"down:{one}", **fields)) == [two, one, last]
    assert listed(pressed(editor, f"up:{one}", **fields)) == [one, two, last]
    assert listed(pressed(editor, f"remove:{two}", **fields)) == [one, last]
    assert listed(pressed(editor, "up:999", **fields)) == [one, two, last]


def test_a_post_is_saved_with_its_pictures(
    editor: Visitor, database: Database, cast: Cast, three: list[int]
) -> None:
    one, two, last = three
    fields: dict[str, Any] = {
        "unit_id": str(cast.koivuranta.id),
        "pictures": [str(last), str(one)],
        f"picture.{last}.alt_text": " A bird ",
        f"picture.{one}.alt_text": "",
        f"picture.{one}.decorative": "yes",
        f"picture.{last}.crop.instagram.x": "10",
        f"picture.{last}.crop.instagram.y": "0",
        f"picture.{last}.crop.instagram.w": "33,3",
        f"picture.{last}.crop.instagram.h": "50 %",
    }
    answer = pressed(editor, "save", **fields)
    assert answer.status_code == 303
    assert kept(database) == [
        (last, "A bird", False, {"instagram": [0.1, 0.0, 0.333, 0.5]}),
        (one, "", True, {}),
    ]
    page = editor.get(answer.headers["location"]).text
    assert f"/pictures/{last}/cut.jpg?network=instagram" in page or f"/pictures/{last}/view.jpg" in page
    assert two not in [row[0] for row in kept(database)]
    assert f"/pictures/{last}/thumb.webp" in editor.get("/posts").text


def test_what_stands_there_is_given_to_the_form_and_saved_as_it_was(
    editor: Visitor, database: Database, cast: Cast, three: list[int]
) -> None:
    pictures = [
        {"asset_id": three[0], "alt_text": "Once", "crops": {"facebook": [0.12345, 0.1, 0.5, 0.54321]}},
        {"asset_id": three[0], "alt_text": "Twice"},
    ]
    with database.writes() as session:
        data = actions.PostInput.model_validate(
            {"unit_id": cast.koivuranta.id, "title": "T", "tone": Tone.HUMAN, "pictures": pictures}
        )
        post_id = actions.create(session, cast.editor, data).id
    path = f"/posts/{post_id}/edit"
    page = editor.get(path)
    assert listed(page) == [str(three[0]), f"{three[0]}-2"]
    assert description(page, f"{three[0]}-2") == "Twice"
    names = rf'name="(picture\.{three[0]}[^"]*|pictures)" value="([^"]*)"'
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(names, page.text):
        if not name.endswith("decorative"):
            fields.setdefault(name, []).append(value)
    for key in listed(page):
        fields[f"picture.{key}.alt_text"] = [description(page, key)]
    sent = {"title": "T", "tone": "human", "text": "", "link": "", "revision": "1", **fields}
    assert editor.send(path, path, do="save", **sent).status_code == 303
    with database.reads() as session:
        assert session.scalars(select(Revision.number)).all() == [1]


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"picture.K.alt_text": "x" * 1001}, "picture.K.alt_text", "too long"),
        ({"picture.K.crop.instagram.x": "90", "picture.K.crop.instagram.w": "50"}, "picture.K.crop.instagram",
         "within the picture"),
        ({"picture.K.alt_text": "A bird", "picture.K.decorative": "yes"}, "picture.K.alt_text", "be both"),
        ({"picture.K.crop.facebook.x": "left"}, "picture.K.crop.facebook", "within the picture"),
    ],
)  # fmt: skip
def test_faults_stand_at_the_picture(
    editor: Visitor, cast: Cast, three: list[int], change: dict[str, str], field: str, sentence: str
) -> None:
    one, last = str(three[0]), str(three[2])
    changed = {name.replace("K", last): value for name, value in change.items()}
    fields: dict[str, Any] = {"unit_id": str(cast.koivuranta.id), "pictures": [one, last], **changed}
    answer = pressed(editor, "save", **fields)
    assert answer.status_code == 422
    assert f'<a href="#{field.replace("K", last)}">' in answer.text
    assert f'id="{field.replace("K", last)}"' in answer.text
    assert sentence in answer.text
    assert listed(answer) == [one, last]


def test_review_wants_every_picture_described(editor: Visitor, cast: Cast, three: list[int]) -> None:
    last = str(three[2])
    answer = pressed(editor, "submit", unit_id=str(cast.koivuranta.id), pictures=[last])
    assert answer.status_code == 422
    assert f'<a href="#picture.{last}.alt_text">Say what picture 1 shows' in answer.text


def test_pictures_of_others_are_not_shown_nor_taken(
    editor: Visitor, database: Database, cast: Cast, three: list[int]
) -> None:
    with database.writes() as session:
        foreign = str(an_asset(session, cast.elsewhere, "secret.jpg", alt_text="Their secret").id)
    page = pressed(editor, "preview", pictures=[foreign, str(three[0])])
    assert "Their secret" not in page.text
    assert "secret.jpg" not in page.text
    assert "A picture that this unit can’t use" in page.text
    answer = pressed(editor, "save", unit_id=str(cast.koivuranta.id), pictures=[foreign])
    assert answer.status_code == 422
    assert f'<a href="#picture.{foreign}">' in answer.text


@pytest.mark.parametrize(
    "fields",
    [
        {"pictures": ["x", "-1", "0", "9" * 30, "1-", "²", "1-9999"]},
        {"shelf": "²", "do": "add", "chosen": ["²", "-1", "9" * 30]},
        {"variant.0.text": "x", "variant.99999999999.text": "y", "variant.x.text": "z"},
        {"variant.5.own_text": "yes", "variant.5.own_pictures": "yes", "variant.5.pictures": ["x", "7"]},
        {"shelf": "9" * 30},
    ],
)
@pytest.mark.parametrize(
    "do", ["preview", "up:", "remove:x", "drop:x:y", "drop:²:1", "library:²", "add", "nonsense"]
)
def test_names_that_are_none_are_passed_over(editor: Visitor, fields: dict[str, object], do: str) -> None:
    answer = pressed(editor, do, **{name: value for name, value in fields.items() if name != "do"})
    assert answer.status_code == 200
    assert "Sari chooses ten books.</textarea>" in answer.text


def upload(editor: Visitor, do: str, *files: tuple[str, bytes], **fields: str) -> Response:
    """The composer as a browser sends it with files chosen."""
    page = editor.get("/posts/new").text
    hidden = dict(re.findall(r'<input type="hidden" name="(csrf|once|unit_id)" value="([^"]*)"', page))
    parts = [("files", (name, content, "image/jpeg")) for name, content in files]
    data = {**hidden, **WRITTEN, **fields, "do": do}
    return editor.client.post("/posts/new", data=data, files=parts or [("files", ("", b""))])


def test_files_are_taken_in_and_refused_by_name(editor: Visitor, database: Database) -> None:
    good, bad = ("dog.jpg", a_picture("jpeg")), ("notes.txt", b"no picture at all")
    answer = upload(editor, "upload", good, bad)
    assert answer.status_code == 422
    assert "notes.txt: " in answer.text
    assert '<a href="#files">' in answer.text
    assert len(listed(answer)) == 1
    assert "Sari chooses ten books.</textarea>" in answer.text
    with database.reads() as session:
        assert session.scalars(select(Asset.name)).all() == ["dog.jpg"]
        assert session.scalars(select(Revision.id)).all() == []


def test_files_chosen_and_saved_at_once_are_in_the_post(editor: Visitor, database: Database) -> None:
    answer = upload(editor, "save", ("dog.jpg", a_picture("jpeg")))
    assert answer.status_code == 303
    assert len(kept(database)) == 1


def test_a_form_with_no_file_chosen_saves(editor: Visitor, database: Database) -> None:
    assert upload(editor, "save").status_code == 303
    assert kept(database) == []


def test_somebody_saved_meanwhile_and_the_pictures_are_given_back(
    editor: Visitor, database: Database, cast: Cast, three: list[int]
) -> None:
    with database.writes() as session:
        first = {"unit_id": cast.koivuranta.id, "title": "T", "tone": Tone.HUMAN, "asset_ids": three[:1]}
        post_id = actions.create(session, cast.editor, actions.PostInput.model_validate(first)).id
        theirs = {"revision": 1, "title": "T", "tone": Tone.HUMAN, "asset_ids": three[1:2]}
        actions.edit(session, cast.editor, post_id, actions.PostEdit.model_validate(theirs))
    path = f"/posts/{post_id}/edit"
    fields: dict[str, Any] = {
        "pictures": [str(three[2])],
        f"picture.{three[2]}.alt_text": "Mine",
        "revision": "1",
    }
    answer = pressed(editor, "save", path, **fields)
    assert answer.status_code == 409
    assert listed(answer) == [str(three[2])]
    assert description(answer, three[2]) == "Mine"
    assert "Picture 1 is new." in answer.text
    assert "Picture 1 went away." in answer.text
    assert pressed(editor, "save", path, **{**fields, "revision": "2"}).status_code == 303
    assert kept(database) == [(three[2], "Mine", False, {})]


def test_pictures_taken_out_of_the_library_are_told(
    app: FastAPI, editor: Visitor, database: Database, cast: Cast, three: list[int]
) -> None:
    with database.writes() as session:
        data = {"unit_id": cast.koivuranta.id, "title": "T", "tone": Tone.HUMAN, "asset_ids": three[:1]}
        post_id = actions.create(session, cast.editor, actions.PostInput.model_validate(data)).id
        row = session.get_one(Asset, three[0])
        row.removed_at = row.created_at
    page = editor.get(f"/posts/{post_id}/edit")
    assert "It was taken out of the library. Choose another one." in page.text
    again = pressed(editor, "preview", f"/posts/{post_id}/edit", pictures=[str(three[0])], revision="1")
    assert "It was taken out of the library. Choose another one." in again.text
