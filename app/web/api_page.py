"""The JSON API as a page to read: made here from the OpenAPI document, without anything from elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import Response

from app.domain.errors import NotFound
from app.web.rendering import render

router = APIRouter(include_in_schema=False)
DOCUMENT = "openapi.json"
OPERATIONS = "/api/v1/docs"
# By their first letter, so that each page is quick on an old line.
SHAPES = {"a-k": "K", "l-z": "Z"}  # address: its last letter
_BOUNDS = {"minimum": "≥ {}", "maximum": "≤ {}", "minLength": "≥ {} signs", "maxLength": "≤ {} signs",
           "pattern": "like {}", "minItems": "≥ {} of them", "maxItems": "≤ {} of them"}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """What a value may be: words, and the names of the shapes among them."""

    words: str
    shapes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """One value: of a request's address or body, or of an answer."""

    name: str
    where: str
    kind: Kind
    required: bool
    about: str


@dataclass(frozen=True)
class Shape:
    """A named object with its fields, or a list of words that one chooses from."""

    name: str
    about: str
    fields: tuple[Field, ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Operation:
    """One thing that a program can ask for."""

    method: str
    path: str
    summary: str
    about: str
    fields: tuple[Field, ...]
    body: Kind | None
    answer: Kind | None
    status: str


@dataclass(frozen=True)
class Read:
    """The whole document, to be shown."""

    title: str
    about: str
    groups: tuple[tuple[str, tuple[Operation, ...]], ...]
    shapes: tuple[Shape, ...]


@router.get("/api/v1/docs")
def page(request: Request) -> Response:
    """Everything that programs can ask for. It holds no data, so nobody need be known."""
    return _page(request, "", ())


@router.get("/api/v1/docs/shapes/{letters}")
def shapes(request: Request, letters: str) -> Response:
    """The shapes of what is sent and answered, some letters at a time. Raises NotFound."""
    if letters not in SHAPES:
        raise NotFound
    shown = [one for one in _read(request.app).shapes if _letters(one.name) == letters]
    return _page(request, letters, shown)


def _page(request: Request, letters: str, shown: Sequence[Shape]) -> Response:
    """One part: what can be asked for, or the shapes of some `letters`."""
    return render(
        request, "api/document.html", read=_read(request.app), letters=letters, shown=shown, parts=[*SHAPES],
        document=DOCUMENT, operations=OPERATIONS, place_of=_place,
    )  # fmt: skip


def _place(name: str) -> str:
    """Where a shape stands."""
    return f"{OPERATIONS}/shapes/{_letters(name)}#shape-{name}"


def _letters(name: str) -> str:
    return next(part for part, last in SHAPES.items() if name[0].upper() <= last)


@cache
def _read(app: FastAPI) -> Read:
    return read(app.openapi())


def read(document: Mapping[str, Any]) -> Read:
    """An OpenAPI document, as FastAPI makes them, in the order of its addresses."""
    groups: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            tag = next(iter(operation.get("tags", ())), "")
            groups.setdefault(tag, []).append(_operation(method, path, operation))
    schemas = document["components"]["schemas"]
    info = document["info"]
    return Read(
        f"{info['title']} {info['version']}",
        _said(info.get("description", "")),
        tuple((tag, tuple(found)) for tag, found in sorted(groups.items())),
        tuple(_shape(name, schemas[name]) for name in sorted(schemas)),
    )


def _operation(method: str, path: str, told: Mapping[str, Any]) -> Operation:
    status = next(each for each in told["responses"] if each.startswith("2"))
    body = told.get("requestBody", {}).get("content", {})
    fields = (
        Field(one["name"], one["in"], kind(one["schema"]), one.get("required", False), _about(one))
        for one in told.get("parameters", ())
    )
    return Operation(
        method.upper(), path, _said(told["summary"]), _said(told.get("description", "")), tuple(fields),
        _content(body), _content(told["responses"][status].get("content", {})), status,
    )  # fmt: skip


def _about(told: Mapping[str, Any]) -> str:
    return _said(told.get("description", told.get("schema", {}).get("description", "")))


def _said(text: str) -> str:
    """A docstring without the marks around names."""
    return text.replace("`", "")


def _content(content: Mapping[str, Any]) -> Kind | None:
    """What travels: a shape, or a file of a kind."""
    if not content:
        return None
    schema = content.get("application/json", {}).get("schema")
    return kind(schema) if schema else Kind(", ".join(content), _shapes_in(content))


def _shapes_in(content: Mapping[str, Any]) -> tuple[str, ...]:
    schemas = [one["schema"] for one in content.values() if "schema" in one]
    return tuple(name for schema in schemas for name in kind(schema).shapes)


def kind(schema: Mapping[str, Any]) -> Kind:
    """What a schema allows, in words: "integer ≥ 1 or null", "list of PostOut"."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return Kind(name, (name,))
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            parts = [kind(one) for one in schema[several]]
            return _joined(parts, " or ")
    if schema.get("type") == "array":
        inner = kind(schema.get("items", {}))
        return Kind(" ".join(["list of", inner.words, *_bounds(schema)]), inner.shapes)
    if "const" in schema or "enum" in schema:
        return Kind(" or ".join(str(each) for each in schema.get("enum", [schema.get("const")])))
    named = schema.get("format") or schema.get("type") or "anything"
    return Kind(" ".join([str(named), *_bounds(schema)]))


def _joined(parts: list[Kind], word: str) -> Kind:
    return Kind(
        word.join(part.words for part in parts), tuple(name for part in parts for name in part.shapes)
    )


def _bounds(schema: Mapping[str, Any]) -> Iterator[str]:
    yield from (words.format(schema[name]) for name, words in _BOUNDS.items() if name in schema)


def _shape(name: str, schema: Mapping[str, Any]) -> Shape:
    needed = schema.get("required", ())
    fields = (
        Field(field, "", kind(told), field in needed, _about(told))
        for field, told in schema.get("properties", {}).items()
    )
    words = tuple(str(each) for each in schema.get("enum", ()))
    return Shape(name, _about(schema), tuple(fields), words)
