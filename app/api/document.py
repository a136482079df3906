"""The OpenAPI document: what FastAPI gathers, with our problems as the answers that say no."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema
from starlette.routing import BaseRoute

from app.api.problems import MEDIA_TYPE, Problem

_REF = "#/components/schemas/{model}"
_REFUSED = {
    "description": "Nothing was changed; `code` and `errors` say why.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": _REF.format(model="Problem")}}},
}


def document(app: FastAPI, routes: Callable[[], list[BaseRoute]]) -> dict[str, Any]:
    """The document of an app's API, made once; only then the routes are asked for."""
    if app.openapi_schema is None:
        app.openapi_schema = _made(app, routes())
    return app.openapi_schema


def _made(app: FastAPI, routes: list[BaseRoute]) -> dict[str, Any]:
    found = get_openapi(
        title=app.title,
        version=app.version,
        description="Plan, approve and publish a library's posts. Times are UTC; `local_due` is wall time.",
        routes=routes,
    )
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    schemas |= models_json_schema([(Problem, "serialization")], ref_template=_REF)[1]["$defs"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for path in found["paths"].values():
        for operation in path.values():
            _describe(operation)
    return found


def _describe(operation: dict[str, Any]) -> None:
    """The route's docstring is its summary; what can be refused is the same everywhere."""
    first, _, rest = operation.pop("description", "").partition("\n\n")
    operation["summary"] = first.removesuffix(".")
    if rest:
        operation["description"] = rest
    operation["responses"].pop("422", None)
    operation["responses"]["4XX"] = _REFUSED
