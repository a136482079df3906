"""Pydantic's faults as ours: its error types become our codes, with the numbers that the sentence needs."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from app.domain.errors import Fault, Invalid

_CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "enum": "not_in_list",
    "literal_error": "not_in_list",
    "string_type": "not_text",
    "string_unicode": "unwritable",
    "json_invalid": "not_json",
    "model_attributes_type": "not_json",
    "dict_type": "not_json",
    "bool_parsing": "not_yes_or_no",
    "bool_type": "not_yes_or_no",
    "timezone_aware": "time_without_zone",
    "timezone_naive": "time_with_zone",
}
_STEMS = (
    ("int", "not_a_number"),
    ("float", "not_a_number"),
    ("decimal", "not_a_number"),
    ("datetime", "not_a_time"),
    ("date", "not_a_day"),
    ("time", "not_a_time"),
)
_PLACES = ("body", "query", "path", "header")


def invalid(error: ValidationError | Sequence[Mapping[str, Any]]) -> Invalid:
    """Our refusal for what pydantic (or FastAPI, as a list of errors) found, field by field."""
    errors: Sequence[Mapping[str, Any]]
    errors = error.errors(include_url=False) if isinstance(error, ValidationError) else error
    faults: dict[tuple[str, str | None], Fault] = {}
    for each in errors:
        fault = _fault(each)
        faults.setdefault((fault.code, fault.field), fault)
    return Invalid.of(list(faults.values()))


def _fault(error: Mapping[str, Any]) -> Fault:
    kind, facts = str(error["type"]), error.get("ctx") or {}
    field = _field(error.get("loc", ()))
    if kind in ("string_too_short", "too_short"):
        least = facts.get("min_length", 1)
        return Fault("missing", field) if least <= 1 else Fault("too_short", field, {"least": least})
    if kind in ("string_too_long", "too_long"):
        return Fault("too_long", field, {"most": facts.get("max_length", 0)})
    if kind.startswith(("greater_than", "less_than")):
        return _bound(kind, facts, field)
    code = _CODES.get(kind) or next((code for stem, code in _STEMS if kind.startswith(f"{stem}_")), None)
    if code is None and "." not in kind and kind in _OWN:
        code = kind
    return Fault(code or "not_usable", field)


# Codes that our own validators raise as pydantic's custom errors.
_OWN = frozenset({"unwritable", "not_an_email", "not_in_list", "password_simple", "missing"})


def _bound(kind: str, facts: Mapping[str, Any], field: str | None) -> Fault:
    bound = next((facts[name] for name in ("ge", "gt", "le", "lt") if name in facts), 0)
    return Fault("too_small" if kind.startswith("greater") else "too_large", field, {"bound": bound})


def _field(path: Sequence[int | str]) -> str | None:
    """The path with dots, without the place of the request and the number of an entry of a plain list."""
    parts = list(path[1:] if path and path[0] in _PLACES else path)
    while parts and isinstance(parts[-1], int):
        parts.pop()
    return ".".join(str(part) for part in parts) or None
