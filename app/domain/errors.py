"""What can be refused, as codes. The sentence for a code is made in `words/`, in the reader's language.

Refusal
├── Invalid      one or more fields are wrong; nothing was changed          422
├── Conflict     the thing is not in the state for this                     409
├── Forbidden    seen, but not yours to change                              403
└── NotFound     not there, or not for your eyes: the same answer           404
"""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: its code, its field (None: the whole), and what the sentence needs."""

    code: str
    field: str | None = None
    params: dict[str, Any] = default(default_factory=dict)


class Refusal(Exception):
    """An answer of "no" with its reasons; the base of the four kinds.

    `beside`: what a program is told with it, by name.
    """

    status = 400

    def __init__(self, code: str, field: str | None = None, **params: Any) -> None:
        self.faults: Sequence[Fault] = (Fault(code, field, params),)
        self.beside: dict[str, Any] = {}
        super().__init__(code)

    @property
    def code(self) -> str:
        """The first reason's code."""
        return self.faults[0].code


class Invalid(Refusal):
    """What was sent can't be used as it is."""

    status = 422

    @classmethod
    def of(cls, faults: Sequence[Fault]) -> "Invalid":
        """Several faults at once; there must be at least one."""
        refusal = cls(faults[0].code, faults[0].field, **faults[0].params)
        refusal.faults = tuple(faults)
        return refusal


class Conflict(Refusal):
    """Right in itself, but not now."""

    status = 409


class Forbidden(Refusal):
    """The asker may see it and may not do this."""

    status = 403


class NotFound(Refusal):
    """Nothing there for this asker. Whether it exists elsewhere is not told."""

    status = 404

    def __init__(self, code: str = "not_found", field: str | None = None, **params: Any) -> None:
        super().__init__(code, field, **params)
