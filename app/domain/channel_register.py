"""The register of channels: what each is for, what its plan lacks, and when somebody should look at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

SILENT_AFTER = timedelta(days=21)  # without a post; then an account is called dormant
PRIVACY_GOOD_FOR = timedelta(days=365)
HOURS_MOST = 168  # of a week
WORDS_MOST = 4000
LINE_MOST = 200
AUDIENCES_MOST = 20


class Purpose(StrEnum):
    """What a library is on a channel for; it may be several, and others in its own words."""

    PROMOTE = "promote_activities"
    SPREAD = "spread_digital"
    INSPIRE = "inspire"
    RELATIONS = "build_relations"
    VIEWS = "gather_views"
    REACH = "reach_new_users"
    ANSWER = "answer_questions"
    WORK = "show_our_work"


class Rank(StrEnum):
    """Whether a channel is where its audience is reached first, or stands beside another."""

    PRIMARY = "primary"
    COMPLEMENT = "complement"


class Decision(StrEnum):
    """What a privacy assessment came to."""

    USE = "use"
    LIMITS = "limits"
    LEAVE = "leave"


class Lack(StrEnum):
    """What a plan must have before somebody makes its channel active, and lacks."""

    PURPOSE = "purpose"
    AUDIENCE = "audience"
    OWNER = "owner"
    DEPUTY = "deputy"
    HOURS = "hours"
    RHYTHM = "rhythm"
    REVIEW = "review"


# Where on the plan's form each is put right.
FIELDS: Mapping[Lack, str] = {
    Lack.PURPOSE: "purposes",
    Lack.AUDIENCE: "audiences",
    Lack.OWNER: "owner_id",
    Lack.DEPUTY: "deputy_id",
    Lack.HOURS: "hours_a_week",
    Lack.RHYTHM: "at_least",
    Lack.REVIEW: "review_on",
}


class Step(StrEnum):
    """What is done before a channel is closed, in this order."""

    EXPORT = "export"
    FOLLOWERS = "followers"
    QUEUE = "queue"
    ELSEWHERE = "elsewhere"
    NETWORK = "network"


class Matter(StrEnum):
    """Why somebody should look at a channel in the register."""

    PLAN = "plan_incomplete"
    SILENT = "silent"
    REVIEW = "review_overdue"
    PRIVACY_MISSING = "privacy_missing"
    PRIVACY_OLD = "privacy_old"
    CLOSING = "closing"


@dataclass(frozen=True)
class Whole:
    """Which parts of a channel's plan are there. `alone`: only one person works there: no deputy."""

    purpose: bool = False
    audience: bool = False
    owner: bool = False
    deputy: bool = False
    hours: bool = False
    rhythm: bool = False
    review: bool = False
    alone: bool = False

    def lacks(self) -> tuple[Lack, ...]:
        """What is missing, in the order of the form."""
        there = {lack: getattr(self, lack.value) for lack in Lack}
        there[Lack.DEPUTY] = self.deputy or self.alone
        return tuple(lack for lack in Lack if not there[lack])


def privacy_matter(assessed_on: date | None, today: date) -> Matter | None:
    """Whether the privacy assessment is missing, or older than a year."""
    if assessed_on is None:
        return Matter.PRIVACY_MISSING
    return Matter.PRIVACY_OLD if today - assessed_on > PRIVACY_GOOD_FOR else None


def silent_since(last: datetime | None, connected: datetime, now: datetime) -> datetime | None:
    """Since when a channel is silent, None while it isn't; all UTC.

    `last`: when its latest post came out, None for none; then it is counted from when it was `connected`.
    """
    since = connected if last is None else last
    return since if now - since >= SILENT_AFTER else None
