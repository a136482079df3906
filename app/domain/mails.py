"""Mails: what kinds there are, which of them a person may switch off, and what history tells whom."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum


class MailKind(StrEnum):
    """What a mail is about; each but the first can be switched off by who gets it.

    Security: invitations, passwords, second factors, a try. Urgent: something failed or stands still now.
    Warnings: what can wait for an hour at work. Reviews: posts that ask for one's yes. Outcomes: what was
    answered to one's own posts. Ideas: what became of one's own ideas. Talk: what is said about them.
    Duties: handed over, standing in. Digest: the week ahead.
    """

    SECURITY = "security"
    URGENT = "urgent"
    WARNINGS = "warnings"
    REVIEWS = "reviews"
    OUTCOMES = "outcomes"
    IDEAS = "ideas"
    TALK = "talk"
    DUTIES = "duties"
    DIGEST = "digest"


CHOICES: tuple[MailKind, ...] = tuple(kind for kind in MailKind if kind is not MailKind.SECURITY)
# What waits for quiet hours to end, though it was written down in them. Of security nothing waits.
WAITS = frozenset(CHOICES)
GATHERED = timedelta(minutes=5)  # what comes within is told in one mail


class Verb(StrEnum):
    """What a telling tells of: which page of history it comes from."""

    SUBMITTED = "submitted"
    REMINDER = "reminder"
    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    ACCEPTED = "accepted"
    PARKED = "parked"
    DECLINED = "declined"
    MERGED = "merged"
    PUBLISHED = "published"
    COMMENTED = "commented"
    WARNING = "warning"
    WEEK = "week"
    OUTSIDE = "outside"


# What history writes down about a thing, and what is told of it, at once or when its time comes.
TOLD: Mapping[tuple[str, str], tuple[tuple[MailKind, Verb], ...]] = {
    ("post", "submitted"): ((MailKind.REVIEWS, Verb.SUBMITTED), (MailKind.REVIEWS, Verb.REMINDER)),
    ("post", "approved"): ((MailKind.OUTCOMES, Verb.APPROVED),),
    ("post", "changes_requested"): ((MailKind.OUTCOMES, Verb.CHANGES_REQUESTED),),
    ("idea", "accepted"): ((MailKind.IDEAS, Verb.ACCEPTED), (MailKind.IDEAS, Verb.PUBLISHED)),
    ("idea", "parked"): ((MailKind.IDEAS, Verb.PARKED),),
    ("idea", "declined"): ((MailKind.IDEAS, Verb.DECLINED),),
    ("idea", "merged"): ((MailKind.IDEAS, Verb.MERGED),),
}


def first_try(kind: MailKind, verb: Verb, at: datetime) -> datetime | None:
    """When something that happened at `at` (UTC) may be told; None: when something else comes.

    Requests are rounded up to five minutes, so that what is handed in together is told together.
    """
    if verb is Verb.PUBLISHED:
        return None
    if kind is not MailKind.REVIEWS:
        return at
    minutes = GATHERED // timedelta(minutes=1)
    begun = at.replace(minute=at.minute - at.minute % minutes, second=0, microsecond=0)
    return begun + GATHERED
