"""How the network misbehaves: switches that stay, and scripted faults for the next matching calls."""

import random
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.practice.switches import Switches

CALLS = (
    "create show edit delete read list insights page_insights page accounts businesses portfolio_pages me "
    "permissions program "
    "comments reactions token debug_token batch photo photo_read photo_delete profile container "
    "container_status media_publish quota media media_list media_edit media_delete media_insights "
    "upload_start upload upload_status rupload video_start video_transfer video video_read video_show "
    "video_edit video_delete reel_start reel story_start story story_read "
    "comment comment_read comment_edit comment_delete profile_insights story_insights video_insights"
).split()
Moment = Literal["before", "after", "late"]
Fault = Literal[
    "code_2",
    "code_1_99",
    "http_502",
    "closed",
    "timeout",
    "slow",
    "error",
    "token",
    "permission",
    "limit",
    "blocked",
    "missing",
    "duplicate",
    "bad_link",
    "null",
    "short_page",
    "empty_page",
    "dead_metric",
    "bad_image",
    "not_fetched",
    "not_ready",
    "container_gone",
    "fatal",
    "bad_video",
    "upload_failed",
    "cut_midway",
]
# These bend what a call answers; all others replace the answer.
BENDS = ("short_page", "empty_page", "dead_metric", "cut_midway")


class Rule(BaseModel):
    """A scripted fault.

    moment: before = not done; after = done and the answer is lost; late = done only after `seconds`, when the
    caller may have given up. bytes: of a file, kept before cut_midway closes the line; None: half of what was
    announced. times None: until removed. chance: 0 to 1, of being used when it matches.
    """

    model_config = ConfigDict(extra="forbid")

    id: int = 0
    fault: Fault
    calls: list[str] = Field(default_factory=lambda: ["*"])
    page: str = "*"
    moment: Moment = "before"
    skip: int = Field(0, ge=0)
    times: int | None = Field(1, ge=1)
    chance: float = Field(1.0, ge=0, le=1)
    seconds: float = Field(60.0, ge=0, le=3600)
    minutes: int = Field(15, ge=0)
    bytes: int | None = Field(None, ge=0)
    code: int | None = None
    subcode: int | None = None
    status: int = Field(400, ge=400, le=599)
    message: str = ""

    def fits(self, call: str, page: str | None) -> bool:
        """Whether it is meant for a kind of call on a Page or a profile."""
        return ("*" in self.calls or call in self.calls) and self.page in ("*", page)


class Faults:
    """The switches, what single Pages and profiles have instead, and the script."""

    def __init__(self, saved: dict[str, Any] | None = None) -> None:
        saved = saved or {}
        self.base = Switches.model_validate(saved.get("base", {}))
        self.pages: dict[str, dict[str, Any]] = saved.get("pages", {})
        self.script = [Rule.model_validate(rule) for rule in saved.get("script", [])]
        self.used = int(saved.get("used", 0))
        self._merged: dict[str, Switches] = {}
        self._dice = random.Random(1)  # the same trouble in each run

    def saved(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "base": self.base.model_dump(),
            "pages": self.pages,
            "script": [rule.model_dump() for rule in self.script],
            "used": self.used,
        }

    def of(self, page: str | None) -> Switches:
        """The switches in force for a Page or a profile, or for calls on none."""
        if page is None or page not in self.pages:
            return self.base
        if page not in self._merged:
            self._merged[page] = Switches.model_validate({**self.base.model_dump(), **self.pages[page]})
        return self._merged[page]

    def set(self, values: dict[str, Any], page: str | None = None) -> None:
        """Set switches for all, or for one place; None goes back to the default. Raises ValidationError."""
        if page is None:
            mine = {name: value for name, value in values.items() if value is not None}
            kept = {name: value for name, value in self.base.model_dump().items() if name not in values}
            self.base = Switches.model_validate({**kept, **mine})
        else:
            merged = {**self.pages.get(page, {}), **values}
            mine = {name: value for name, value in merged.items() if value is not None}
            Switches.model_validate({**self.base.model_dump(), **mine})
            self.pages[page] = mine
            if not mine:
                del self.pages[page]
        self._merged.clear()

    def add(self, rule: Rule) -> Rule:
        """Put a fault at the end of the script. Raises ValueError for a kind of call that is not known."""
        unknown = [name for name in rule.calls if name != "*" and name not in CALLS]
        if unknown:
            raise ValueError(f"unknown calls: {', '.join(unknown)}")
        self.used += 1
        rule.id = self.used
        self.script.append(rule)
        return rule

    def take(self, call: str, page: str | None) -> Rule | None:
        """The fault for this call, if one is due; it is then used up by one."""
        for rule in self.script:
            if not rule.fits(call, page) or (rule.chance < 1 and self._dice.random() >= rule.chance):
                continue
            if rule.skip:
                rule.skip -= 1
                continue
            if rule.times is not None:
                rule.times -= 1
                if not rule.times:
                    self.script.remove(rule)
            return rule
        return None
