"""Batches."""

import json
from typing import Any

from tests.practice.graph import Graph, code
from tests.support.practice import PracticeServer


def batch(graph: Graph, *items: dict[str, Any], **more: str) -> Any:
    return graph.post("../", batch=json.dumps(items), include_headers="false", **more)


def test_answers_in_order(practice: PracticeServer, graph: Graph) -> None:
    post = graph.create("In a batch")
    rows = batch(
        graph,
        {"method": "GET", "relative_url": f"v25.0/{post}?fields=message"},
        {"method": "GET", "relative_url": f"{post}/insights?metric=dead"},
        {"method": "GET", "relative_url": practice.other_page, "access_token": practice.user_token()},
    )
    assert [row["code"] for row in rows] == [200, 400, 200]
    assert json.loads(rows[0]["body"]) == {"id": post, "message": "In a batch"}
    assert code(json.loads(rows[1]["body"])) == (100, None)
    assert "headers" not in rows[0]


def test_items_that_are_missing(practice: PracticeServer, graph: Graph) -> None:
    items = [{"method": "GET", "relative_url": graph.page}] * 4
    practice.switches(batch_null_every=2)
    assert [row is None for row in batch(graph, *items)] == [False, True, False, True]
    practice.switches(batch_null_every=0)
    practice.script("null", calls="page", skip=2)
    assert [row is None for row in batch(graph, *items)] == [False, False, True, False]


def test_at_most_fifty(graph: Graph) -> None:
    items = [{"method": "GET", "relative_url": graph.page}] * 51
    assert code(batch(graph, *items)) == (100, None)
    assert len(batch(graph, *items[:50])) == 50
    assert code(graph.post("../", batch="no")) == (100, None)


def test_a_whole_batch_can_fail(practice: PracticeServer, graph: Graph) -> None:
    practice.script("code_2", calls="batch")
    assert code(batch(graph, {"method": "GET", "relative_url": graph.page})) == (2, None)
    assert len(batch(graph, {"method": "GET", "relative_url": graph.page})) == 1
