"""The life of a post through the API."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI

from app.domain.publications import Status
from app.foundation.database import Database
from app.models.assets import Asset
from tests.api.conftest import Channels, Planned
from tests.api.program import Program, put
from tests.builders import an_asset
from tests.cast import Cast


@pytest.fixture
def assets(database: Database, cast: Cast) -> list[int]:
    """Ids of two pictures of Koivuranta; nobody has described the second."""
    with database.writes() as session:
        return [
            an_asset(session, cast.koivuranta).id,
            an_asset(session, cast.koivuranta, "carpet.jpg", alt_text="").id,
        ]


def test_a_post_is_made_in_one_call(editor: Program, cast: Cast) -> None:
    body = {
        "unit_id": cast.koivuranta.id,
        "title": "Quiet hours",
        "tone": "human",
        "text": "Why we whisper.\r\n",
        "link": "https://library.example/quiet",
    }
    made = editor.post("posts", body)
    assert made.items() >= {**body, "text": "Why we whisper.", "status": "draft", "revision": 1}.items()
    assert (made["pictures"], made["variants"]) == ([], [])
    assert made["created_at"].endswith("Z")
    assert editor.get(f"posts/{made['id']}") == made


def test_from_draft_to_yes(editor: Program, approver: Program, draft: int) -> None:
    path = f"posts/{draft}"
    assert editor.post(f"{path}/submit")["status"] == "in_review"
    asked = approver.post(f"{path}/request-changes", {"revision": 1, "comment": "Shorter, please"})
    assert asked["status"] == "changes_requested"
    assert asked["reviews"][0].items() >= {"comment": "Shorter, please", "revision": 1, "own": False}.items()
    assert editor.patch(path, {"revision": 1, "text": "Hush."})["revision"] == 2
    editor.post(f"{path}/submit")
    assert approver.post(f"{path}/approve", {"revision": 2})["status"] == "approved"
    texts = [(each["number"], each["text"]) for each in editor.items(f"{path}/revisions")]
    assert texts == [(2, "Hush."), (1, "Why we whisper.")]
    assert editor.post(f"{path}/withdraw", {"comment": "Too late"})["status"] == "withdrawn"


def test_what_is_not_sent_stays(editor: Program, draft: int) -> None:
    path = f"posts/{draft}"
    told = editor.patch(path, {"revision": 1, "title": "Quiet mornings"})
    assert (told["title"], told["text"], told["tone"], told["revision"]) == (
        "Quiet mornings",
        "Why we whisper.",
        "human",
        2,
    )
    cleared = editor.patch(path, {"revision": 2, "text": None, "tone": None})
    assert (cleared["title"], cleared["text"], cleared["tone"]) == ("Quiet mornings", "", None)
    assert editor.patch(path, {"revision": 1, "title": "Quiet mornings"})["revision"] == 3  # nothing changed


def test_a_stale_revision_changes_nothing(editor: Program, approver: Program, draft: int) -> None:
    path = f"posts/{draft}"
    editor.patch(path, {"revision": 1, "text": "Second"})
    assert editor.refused("PATCH", path, {"revision": 1, "text": "Third"}) == (
        409,
        [("revision", "stale_revision")],
    )
    told = editor.ask("PATCH", path, {"revision": 1, "text": "Third"}).json()
    assert [told[name]["text"] for name in ("began", "current")] == ["Why we whisper.", "Second"]
    assert told["current"]["author"] == "Sara Niemi"
    editor.post(f"{path}/submit")
    assert approver.refused("POST", f"{path}/approve", {"revision": 1}) == (
        409,
        [("revision", "stale_approval")],
    )
    assert editor.get(path)["text"] == "Second"


def test_a_review_needs_tone_and_text(editor: Program, cast: Cast) -> None:
    made = editor.post("posts", {"unit_id": cast.koivuranta.id, "title": "Only a title"})
    missing = [("tone", "tone_missing"), ("text", "text_missing")]
    assert editor.refused("POST", f"posts/{made['id']}/submit") == (422, missing)
    told = editor.get(f"posts/{made['id']}/checks")
    assert [(each["field"], each["code"]) for each in told["errors"]] == missing


def test_checks_name_every_channel(
    editor: Program, approved: int, channels: Channels, planned: Planned
) -> None:
    told = editor.get(f"posts/{approved}/checks")
    assert (told["revision"], told["errors"]) == (1, [])
    found = {each["channel_id"]: [error["code"] for error in each["errors"]] for each in told["channels"]}
    assert found == {channels.own: ["already_planned"], channels.shared: []}
    editor.patch(f"posts/{approved}", {"revision": 1, "text": "x" * 70_000})
    told = editor.get(f"posts/{approved}/checks")
    codes = {error["code"] for each in told["channels"] for error in each["errors"]}
    assert codes == {"text_too_long", "already_planned"}


def test_nobody_approves_their_own_words(
    program: Callable[..., Program], cast: Cast, editor: Program, draft: int
) -> None:
    editor.post(f"posts/{draft}/submit")
    assert editor.refused("POST", f"posts/{draft}/approve", {"revision": 1}) == (403, [(None, "not_allowed")])
    reader = program(cast.contributor)
    body = {"unit_id": cast.koivuranta.id, "title": "x"}
    assert reader.refused("POST", "posts", body) == (422, [("unit_id", "unit_not_yours")])


def test_an_illegal_jump_is_a_conflict(approver: Program, editor: Program, draft: int) -> None:
    told = approver.refused("POST", f"posts/{draft}/approve", {"revision": 1})
    assert told == (409, [(None, "post_move")])
    editor.post(f"posts/{draft}/withdraw")
    assert editor.refused("POST", f"posts/{draft}/submit")[0] == 409


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["C", "B", "A"]),
        ({"tone": "human"}, ["B"]),
        ({"status": "withdrawn"}, ["A"]),
        ({"q": "b"}, ["B"]),
        ({"q": "nothing\x00%_"}, []),
        ({"unit": 999}, []),
    ],
)
def test_lists_are_narrowed(editor: Program, cast: Cast, query: dict[str, Any], found: list[str]) -> None:
    for title, tone in (("A", "informative"), ("B", "human"), ("C", None)):
        made = editor.post("posts", {"unit_id": cast.koivuranta.id, "title": title, "tone": tone})
        if title == "A":
            editor.post(f"posts/{made['id']}/withdraw")
    rows = editor.items("posts", **query)
    assert sorted(row["title"] for row in rows) == sorted(found)


def test_the_list_comes_in_pages(editor: Program, cast: Cast) -> None:
    for number in range(5):
        editor.post("posts", {"unit_id": cast.koivuranta.id, "title": str(number)})
    first = editor.get("posts", limit=2)
    second = editor.get("posts", limit=2, after=first["next"])
    last = editor.get("posts", limit=2, after=second["next"])
    titles = [row["title"] for page in (first, second, last) for row in page["items"]]
    assert titles == ["4", "3", "2", "1", "0"]
    assert last["next"] is None
    assert editor.refused("GET", "posts", after="rubbish") == (422, [("after", "bad_cursor")])


def test_pictures_and_variants_are_written_and_read_alike(
    editor: Program, cast: Cast, channels: Channels, assets: list[int]
) -> None:
    one, two = assets
    body = {
        "unit_id": cast.koivuranta.id, "title": "Reading dogs", "tone": "human", "text": "Three dogs wait.",
        "pictures": [
            {"asset_id": two, "alt_text": "A red carpet", "crops": {"instagram": [0, 0, 1, 0.5]}},
            {"asset_id": one},
        ],
        "variants": [
            {"channel_id": channels.own, "text": "Shorter"},
            {"channel_id": channels.shared, "pictures": [{"asset_id": one, "decorative": True}],
             "format": "story", "first_comment": ""},
        ],
        "first_comment": "Come and listen!",
    }  # fmt: skip
    made = editor.post("posts", body)
    still: dict[str, object] = {"kind": "picture", "seconds": None, "captions": None}
    assert made["pictures"] == [
        {"asset_id": two, "alt_text": "A red carpet", "decorative": False,
         "crops": {"instagram": [0, 0, 1, 0.5]}, **still},
        {"asset_id": one, "alt_text": "Three dogs on a red carpet", "decorative": False, "crops": {},
         **still},
    ]  # fmt: skip
    decorative = {"asset_id": one, "alt_text": "", "decorative": True, "crops": {}, **still}
    alike = {"format": None, "first_comment": None}
    assert made["variants"] == [
        {"channel_id": channels.own, "text": "Shorter", "pictures": None, **alike},
        {"channel_id": channels.shared, "text": None, "pictures": [decorative],
         "format": "story", "first_comment": ""},
    ]  # fmt: skip
    assert (made["format"], made["first_comment"]) == ("post", "Come and listen!")
    path = f"posts/{made['id']}"
    read = {name: made[name] for name in ("pictures", "variants", "format", "first_comment")}
    assert editor.patch(path, {"revision": 1, **read})["revision"] == 1
    revision = editor.items(f"{path}/revisions")[0]
    assert {name: revision[name] for name in read} == read


def test_a_patch_leaves_pictures_alone_that_it_does_not_name(
    editor: Program, cast: Cast, channels: Channels, assets: list[int]
) -> None:
    one, two = assets
    body = {
        "unit_id": cast.koivuranta.id, "title": "Dogs", "text": "All",
        "pictures": [{"asset_id": one, "alt_text": "Said here"}],
        "variants": [{"channel_id": channels.own, "text": "Own"}],
    }  # fmt: skip
    made = editor.post("posts", body)
    path = f"posts/{made['id']}"
    told = editor.patch(path, {"revision": 1, "text": "Anew"})
    assert (told["pictures"], told["variants"]) == (made["pictures"], made["variants"])
    told = editor.patch(path, {"revision": 2, "asset_ids": [two, one]})
    assert [each["asset_id"] for each in told["pictures"]] == [two, one]
    assert told["pictures"][1] == made["pictures"][0]
    told = editor.patch(path, {"revision": 3, "pictures": None, "variants": []})
    assert (told["pictures"], told["variants"], told["text"]) == ([], [], "Anew")
    told = [len(each["pictures"]) for each in editor.items(f"{path}/revisions")]
    assert told == [0, 2, 1, 1]


def test_faults_name_the_picture_and_the_channel(
    editor: Program, cast: Cast, channels: Channels, assets: list[int]
) -> None:
    pictures = [{"asset_id": assets[0]}, {"asset_id": assets[1], "alt_text": "x" * 1001}]
    body = {
        "unit_id": cast.koivuranta.id, "title": "Dogs", "pictures": pictures,
        "variants": [{"channel_id": channels.own, "pictures": [{"asset_id": 999_999}]}],
    }  # fmt: skip
    assert editor.refused("POST", "posts", body) == (
        422,
        [
            ("pictures.1.alt_text", "alt_too_long"),
            (f"variants.{channels.own}.pictures.0", "picture_not_yours"),
        ],
    )
    body = {"unit_id": cast.koivuranta.id, "title": "Dogs", "variants": [{"channel_id": channels.sibling}]}
    assert editor.refused("POST", "posts", body) == (422, [("variants", "channel_not_yours")])


def test_checks_judge_what_each_channel_is_told(
    editor: Program, cast: Cast, channels: Channels, assets: list[int]
) -> None:
    body = {
        "unit_id": cast.koivuranta.id, "title": "Dogs", "tone": "human", "text": "All",
        "variants": [{"channel_id": channels.own, "text": "x" * 70_000, "asset_ids": [assets[1]]}],
    }  # fmt: skip
    made = editor.post("posts", body)
    told = editor.get(f"posts/{made['id']}/checks")
    field = f"variants.{channels.own}.pictures.0.alt_text"
    assert [(each["field"], each["code"]) for each in told["errors"]] == [(field, "alt_missing")]
    by_channel = {each["channel_id"]: each for each in told["channels"]}
    assert [each["field"] for each in by_channel[channels.own]["errors"]] == [
        f"variants.{channels.own}.text",
        field,
    ]
    assert (by_channel[channels.own]["differs"], by_channel[channels.shared]["differs"]) == (True, False)
    assert (by_channel[channels.shared]["errors"], by_channel[channels.shared]["looks"]) == ([], [])


def test_a_post_is_copied(
    database: Database, editor: Program, sibling: Program, planned: Planned, assets: list[int]
) -> None:
    path = f"posts/{planned.post}"
    put(database, planned.publication, status=Status.PUBLISHED)
    editor.patch(path, {"revision": 1, "asset_ids": assets})
    copy = editor.post(f"{path}/duplicate", key="once")
    assert editor.post(f"{path}/duplicate", key="once") == copy
    old = editor.get(path)
    assert copy["id"] != old["id"]
    for name in ("unit_id", "title", "tone", "text", "link", "pictures", "variants"):
        assert copy[name] == old[name]
    assert (copy["status"], copy["revision"], copy["publications"]) == ("draft", 1, [])
    assert sibling.refused("POST", f"{path}/duplicate")[0] == 404


def test_words_written_in_a_post_describe_the_picture(
    database: Database, editor: Program, cast: Cast, assets: list[int]
) -> None:
    pictures = [{"asset_id": assets[1], "alt_text": "A red carpet"}]
    editor.post("posts", {"unit_id": cast.koivuranta.id, "title": "Dogs", "pictures": pictures})
    with database.reads() as session:
        assert session.get_one(Asset, assets[1]).alt_text == "A red carpet"


def test_a_correction_waits_for_whoever_wrote_it_before(
    app: FastAPI, cast: Cast, editor: Program, approver: Program, draft: int
) -> None:
    path = f"posts/{draft}"
    editor.post(f"{path}/submit")
    told = approver.post(f"{path}/correct", {"revision": 1, "text": "Kinder", "comment": "So?"})
    assert (told["revision"], told["status"], told["text"]) == (2, "in_review", "Kinder")
    assert approver.refused("POST", f"{path}/approve", {"revision": 2}) == (403, [(None, "own_revision")])
    reading = Program(app, cast.editor, "read")
    for act in ("approve", "correct"):
        assert reading.refused("POST", f"{path}/{act}", {"revision": 2})[0] == 403, act
    assert editor.refused("POST", f"{path}/correct", {"revision": 2, "text": "Mine"})[0] == 403
    assert editor.refused("POST", f"{path}/approve", {"revision": 1})[0] == 409
    said = editor.post(f"{path}/approve", {"revision": 2})["reviews"][0]
    assert (said["kind"], said["person_id"], said["approver_id"]) == (
        "approved", cast.editor.person_id, cast.approver.person_id,
    )  # fmt: skip
