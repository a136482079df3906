"""The OpenAPI document is true, and tells programs what they need."""

from typing import Any

import pytest
from fastapi import FastAPI

from tests.api.program import Program

ADDRESSES = """
units units/{unit_id} people people/{person_id} invitations tokens tokens/{token_id}
channels channels/{channel_id} channels/{channel_id}/reach channels/{channel_id}/check
channels/connections channels/connections/finish channels/connections/{connection_id}/choose
channels/{channel_id}/sign-ins channels/{channel_id}/sign-ins/{sign_in_id}
channels/apps units/{unit_id}/meta-app units/{unit_id}/meta-app/steps
posts posts/{post_id} posts/{post_id}/submit posts/{post_id}/request-changes posts/{post_id}/approve
posts/{post_id}/withdraw posts/{post_id}/duplicate posts/{post_id}/revisions posts/{post_id}/checks
posts/{post_id}/publications
publications publications/{publication_id} publications/{publication_id}/hold
publications/{publication_id}/release publications/{publication_id}/cancel
publications/{publication_id}/publish-now publications/{publication_id}/settle
publications/{publication_id}/correct publications/{publication_id}/remove
publications/{publication_id}/taken-down publications/{publication_id}/corrected
publications/{publication_id}/give-up publications/{publication_id}/done publications/{publication_id}/assign
publications/{publication_id}/attempts publications/{publication_id}/readings history
publications/{publication_id}/comment-there publications/{publication_id}/comment-again
publications/{publication_id}/comment-left-out publications/{publication_id}/paid
found-posts found-posts/{found_id} found-posts/tones found-posts/paid
channels/accounts channels/matters channels/planned channels/{channel_id}/plan channels/{channel_id}/plan/from
channels/{channel_id}/turn-down channels/{channel_id}/take-up channels/{channel_id}/open
channels/{channel_id}/closing channels/{channel_id}/closing/steps channels/{channel_id}/closing/queue
channels/{channel_id}/closing/finish
channels/{channel_id}/days queue/hold queue/release channels/manual warnings
results/overview results/comparison results/posts health-check
assets assets/{asset_id} assets/{asset_id}/restore assets/{asset_id}/uses assets/{asset_id}/file
people/{person_id}/duties people/{person_id}/hand-over people/{person_id}/erase-name
people/{person_id}/deputies people/{person_id}/deputies/{stand_in_id} channels/{channel_id}/keepers
people/{person_id}/doors people/{person_id}/second-factor people/{person_id}/work-account
hand-overs hand-overs/{hand_over_id}/seen
channels/{channel_id}/rhythm slots search feeds
mails/mine mails/health mails/try units/{unit_id}/hours
uploads uploads/{upload_key} uploads/{upload_key}/finish
ledger ledger/{entry_id}/undo ledger/weeks
ideas ideas/{idea_id} ideas/{idea_id}/accept ideas/{idea_id}/park ideas/{idea_id}/decline
ideas/{idea_id}/merge ideas/{idea_id}/spam ideas/{idea_id}/held/{number}
ideas/doors ideas/doors/{door_id}/renew ideas/doors/{door_id}/close ideas/numbers
ideas/{idea_id}/reopen ideas/{idea_id}/assign ideas/{idea_id}/vote ideas/{idea_id}/comments
strategies strategies/in-force strategies/{strategy_id} strategies/{strategy_id}/adopt
strategies/{strategy_id}/take-back strategies/{strategy_id}/open strategies/{strategy_id}/comments
units/import units/export units/{unit_id}/move posts/{post_id}/correct people/{person_id}/invitation
""".split()
# What is answered as it is, without a shape.
FILES = {
    "/api/v1/assets/{asset_id}/file": {"image/jpeg", "image/webp", "video/mp4"},
    "/api/v1/ideas/{idea_id}/held/{number}": {"image/jpeg"},
    "/api/v1/units/export": {"text/csv"},
}


@pytest.fixture
def document(app: FastAPI) -> dict[str, Any]:
    """The document as everybody gets it, without a token."""
    answer = Program(app, None).ask("GET", "openapi.json")
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


def test_the_names_that_must_exist(document: dict[str, Any]) -> None:
    assert document["info"]["title"] == "Kuliss"
    assert set(document["paths"]) == {f"/api/v1/{address}" for address in ADDRESSES}


def test_every_route_says_in_one_line_what_it_does(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        summary = operation["summary"]
        assert 5 < len(summary) < 100, path
        assert "\n" not in summary, path
        assert operation["security"] == [{"HTTPBearer": []}], path
        content = operation["responses"]["4XX"]["content"]
        assert content == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        keys = [one["name"] for one in operation.get("parameters", []) if one["in"] == "header"]
        part = ["Upload-Offset"] if (method, path) == ("patch", "/api/v1/uploads/{upload_key}") else []
        assert keys == (["Idempotency-Key"] if method == "post" else part), path


def test_every_answer_has_its_shape(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert "HTTPValidationError" not in schemas
    assert set(schemas["Problem"]["properties"]) == {"type", "status", "title", "code", "detail", "errors"}
    for method, path, operation in operations(document):
        [good] = [status for status in operation["responses"] if status.startswith("2")]
        if path in FILES:
            assert operation["responses"][good]["content"].keys() == FILES[path]
        elif method != "delete":
            schema = operation["responses"][good]["content"]["application/json"]["schema"]
            assert schema["$ref"].rsplit("/", 1)[1] in schemas, path
