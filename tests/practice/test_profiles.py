"""Profiles on Instagram: their Pages, quota, permissions, switches."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.practice.graph import code
from tests.practice.instagram import Instagram
from tests.practice.test_oauth import get
from tests.support.practice import PracticeServer


def test_profiles_hang_on_pages(practice: PracticeServer, instagram: Instagram) -> None:
    token = practice.user_token()
    fields = "id,instagram_business_account{id,username}"
    rows = get(practice, "v25.0/me/accounts", token, fields=fields)["data"]
    profiles = {row["id"]: row.get("instagram_business_account") for row in rows}
    assert profiles[instagram.page] == {"id": instagram.profile, "username": "saarivesi.library"}
    assert list(profiles.values()).count(None) == 1
    asked = "id,username,name,profile_picture_url,followers_count,media_count,biography"
    told = instagram.get(instagram.profile, fields=asked)
    assert told.keys() == set(asked.split(","))
    assert code(instagram.get(instagram.profile, fields="mood")) == (100, None)


def test_more_profiles(practice: PracticeServer, instagram: Instagram) -> None:
    added = practice.ask("pages", {"name": "Lepola", "count": 3, "with_profiles": True})
    assert len(added["profiles"]) == 3
    assert practice.control.post("profiles", json={"page": added["pages"][0]}).status_code == 422
    bare = practice.add_pages("Bare")[0]
    profile = practice.ask("profiles", {"page": bare, "username": "bare.books"})["profile"]
    linked = instagram.call(
        "GET",
        bare,
        params={"fields": "instagram_business_account{username}"},
        headers={"authorization": f"Bearer {practice.page_token(bare)}"},
    ).json()["instagram_business_account"]
    assert linked == {"id": profile, "username": "bare.books"}


def test_quota(practice: PracticeServer, instagram: Instagram) -> None:
    practice.switches(quota_total="25", quota_used=23)
    path = f"{instagram.profile}/content_publishing_limit"
    expected = {"config": {"quota_total": 25, "quota_duration": 86_400}, "quota_usage": 23}
    assert instagram.get(path, fields="config,quota_usage")["data"] == [expected]
    first = instagram.published()
    instagram.delete(first)
    instagram.published()
    assert instagram.get(path)["data"] == [{"quota_usage": 25}]  # what was deleted counts too
    container = instagram.ready()
    assert code(instagram.publish(container)) == (9, 2207042)
    practice.forward(hours=23)
    assert code(instagram.publish(instagram.ready())) == (9, 2207042)
    practice.forward(hours=1)
    assert "id" in instagram.publish(instagram.ready())
    assert code(instagram.get(path, since="2020-01-01")) == (100, None)


@pytest.mark.parametrize("number", ["10", "200"])
def test_each_permission(practice: PracticeServer, instagram: Instagram, number: str) -> None:
    media, container = instagram.published(), instagram.ready()
    practice.switches(permission_code=number)
    calls: dict[str, Callable[[], dict[str, Any]]] = {
        "instagram_basic": lambda: instagram.get(instagram.profile),
        "instagram_content_publish": lambda: instagram.publish(container),
        "instagram_manage_insights": lambda: instagram.get(media, fields="insights.metric(views)"),
        "instagram_manage_contents": lambda: instagram.delete(media),
    }
    for name, call in calls.items():
        practice.ask("permissions", {"permissions": {name: "declined"}})
        assert code(call()) == (int(number), None)
        practice.ask("permissions", {"permissions": {name: "granted"}})
    practice.ask("permissions", {"permissions": {"instagram_basic": "declined"}})
    page = instagram.get(instagram.page, fields="id,instagram_business_account")
    assert page == {"id": instagram.page}


def test_scopes_name_their_profiles(practice: PracticeServer) -> None:
    app = f"{practice.keys.app_id}|{practice.keys.app_secret}"
    told = get(practice, "debug_token", app, input_token=practice.user_token())["data"]
    targets = {row["scope"]: row.get("target_ids") for row in told["granular_scopes"]}
    assert len(targets["instagram_basic"]) == 2
    assert not set(targets["instagram_basic"]) & set(targets["pages_show_list"])


def test_roles_and_other_pages(practice: PracticeServer, instagram: Instagram) -> None:
    container, media = instagram.ready(), instagram.published()
    other = {"authorization": f"Bearer {practice.page_token(practice.other_page)}"}
    for path in (container, media):
        assert code(instagram.call("GET", path, headers=other).json()) == (100, 33)
    assert code(instagram.call("GET", instagram.profile, headers=other).json()) == (200, None)
    practice.ask("roles", {"page": instagram.page, "tasks": ["ANALYZE"]})
    assert code(instagram.publish(container)) == (200, None)
    assert instagram.get(media)["id"] == media


def test_switches_of_a_profile_are_its_own(practice: PracticeServer, instagram: Instagram) -> None:
    practice.switches(page=instagram.profile, token_error="460")
    assert code(instagram.get(instagram.profile)) == (190, 460)
    assert instagram.get(instagram.page)["id"] == instagram.page
    practice.switches(page=instagram.profile, token_error=None, blocked=True)
    assert instagram.refused(image_url="http://a/b") == (4, 2207051)
    practice.switches(page=instagram.profile, blocked=None, usage_percent=100)
    assert code(instagram.get(instagram.profile)) == (80002, None)
    assert "id" in instagram.post(f"{instagram.page}/feed", message="The Page goes on")


def test_data_access(practice: PracticeServer, instagram: Instagram) -> None:
    practice.switches(data_access_expired=True)
    assert instagram.get(instagram.profile)["id"] == instagram.profile
    practice.switches(instagram_after_data_access="refused")
    assert code(instagram.get(instagram.profile)) == (10, None)
    assert instagram.get(instagram.page)["id"] == instagram.page
