"""The API as a page: whole, local, and readable without a script."""

import gzip
import re

import pytest
from fastapi import FastAPI

from app.web.api_page import kind, read
from tests.web.visitor import Visitor

PAGES = ("/api/v1/docs", "/api/v1/docs/shapes/a-k", "/api/v1/docs/shapes/l-z")


def test_everything_of_the_document_is_on_it(app: FastAPI, visitor: Visitor) -> None:
    page, *shapes = (visitor.get(path).text for path in PAGES)
    document = app.openapi()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert f"<code>{method.upper()} {path}</code>" in page
            assert operation["summary"].split(";")[0][:30].replace("’", "") in page.replace("&#39;", "'")
    there = {path: set(re.findall(r'id="([^"]+)"', visitor.get(path).text)) for path in PAGES}
    assert {f"shape-{name}" for name in document["components"]["schemas"]} <= set().union(*there.values())
    for path, anchor in re.findall(r'href="([^"#]*)#([^"]+)"', "".join((page, *shapes))):
        assert anchor in there[path or PAGES[0]]


@pytest.mark.parametrize("path", PAGES)
def test_it_comes_from_here_alone(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', answer.text)
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert len(gzip.compress(answer.content, 6)) <= 20_000
    assert visitor.get("/docs").status_code == visitor.get("/redoc").status_code == 404
    assert 'href="/api/v1/docs"' in answer.text or 'href="openapi.json"' in answer.text


def test_kinds_of_values_in_words() -> None:
    assert kind({"type": "integer", "minimum": 1, "maximum": 9}).words == "integer ≥ 1 ≤ 9"
    assert (
        kind({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]}).words
        == "date-time or null"
    )
    many = kind({"type": "array", "items": {"$ref": "#/components/schemas/PostOut"}, "maxItems": 3})
    assert (many.words, many.shapes) == ("list of PostOut ≤ 3 of them", ("PostOut",))
    assert kind({"enum": ["a", "b"], "type": "string"}).words == "a or b"
    assert kind({"const": "x"}).words == "x"
    assert kind({}).words == "anything"


def test_a_file_as_an_answer() -> None:
    file = {"image/jpeg": {"schema": {"type": "string"}}, "video/mp4": {}}
    told = {"summary": "One", "responses": {"200": {"content": file}}, "tags": ["x"]}
    shown = read(
        {
            "info": {"title": "A", "version": "1"},
            "paths": {"/a": {"get": told}},
            "components": {"schemas": {}},
        }
    )
    answer = shown.groups[0][1][0].answer
    assert answer is not None
    assert answer.words == "image/jpeg, video/mp4"
