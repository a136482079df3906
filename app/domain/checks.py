"""What a post still lacks before it can go out, and what a person should look at once more."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.domain.posts import Tone
from app.domain.texts import TextLimits, count


class Outcome(StrEnum):
    """How a check came out: fine, for a person to look at, or nothing goes on before it is put right."""

    OK = "ok"
    LOOK = "look"
    STOP = "stop"


@dataclass(frozen=True)
class Check:
    """One check: its code (`words/` has the sentence), how it came out, and what the sentence needs."""

    code: str
    outcome: Outcome
    params: dict[str, Any] = field(default_factory=dict)


def check_content(
    tone: Tone | None, text: str, link: str, networks: Iterable[tuple[str, TextLimits]]
) -> list[Check]:
    """The checks of a post's content. `networks`: the name of each that it may go to, with its limits."""
    return [
        Check("check_tone", Outcome.OK) if tone else Check("check_no_tone", Outcome.STOP),
        Check("check_text", Outcome.OK) if text or link else Check("check_no_text", Outcome.STOP),
        *(_fit(text, name, limits) for name, limits in networks if text),
        Check("check_link", Outcome.OK) if link else Check("check_no_link", Outcome.LOOK),
    ]


def _fit(text: str, network: str, limits: TextLimits) -> Check:
    length = count(text)
    facts = {"network": network, "length": length, "most": limits.most}
    if length > limits.most:
        return Check("check_too_long", Outcome.STOP, facts)
    return Check("check_fits", Outcome.OK, facts)
