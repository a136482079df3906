"""Results: every published post with its figures, and the three questions over a unit and a period.

Everything is asked of one realm: Meta's, or in an installation with practice channels only the practice
network's; then every answer says that it is `simulated`. A unit's answers count everything below it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.comparison import Comparison
from app.domain.mix import Mix
from app.domain.networks import Format, NetworkKind, Realm
from app.domain.posts import Tone
from app.domain.results import (
    PRIMARY,
    Baseline,
    Figures,
    Group,
    Median,
    Outcome,
    Paid,
    Period,
    ToneCount,
    Total,
)
from app.domain.roles import Scope


@dataclass(frozen=True)
class PostRow:
    """One published post on one channel. `published_at`: UTC; `zone`: to tell it in the place's time.

    `id`: of this row, for links and paging. Either `publication_id` and `post_id` are told, or `found_id` for
    one that was not made here; its title is how its text begins. `removed`: it is gone from the network since,
    but had its figure at 7 days; what went before is left out.
    """

    id: int
    publication_id: int | None
    post_id: int | None
    found_id: int | None
    title: str
    unit_id: int
    unit: str
    channel_id: int
    channel: str
    network: NetworkKind
    format: Format
    paid: Paid
    tone: Tone | None
    published_at: datetime
    zone: str
    permalink: str
    removed: bool
    at_seven_days: Figures | None
    latest: Figures | None
    baseline: Baseline


@dataclass(frozen=True)
class Wanted:
    """What a list of posts is narrowed to; None means no narrowing.

    `side_of`: only the posts that stand behind a comparison of this outcome (those `used`, with `tone`).
    """

    channel_id: int | None = None
    format: Format | None = None
    tone: Tone | None = None
    side_of: Outcome | None = None


@dataclass(frozen=True)
class ReachOut:
    """Do we reach out? Posts, how often they were shown, how many accounts the middle post reached.

    `against_baseline`: the median over posts of reach by own baseline (1.1: a tenth above the usual).
    """

    posts: int
    views: Total
    reach: Median
    against_baseline: Median


@dataclass(frozen=True)
class Effect:
    """Does it have an effect? What people did, as far as the network tells."""

    engagement: Total
    clicks: Total
    comments: Total
    engagement_middle: Median
    rate: Median
    against_baseline: Median


@dataclass(frozen=True)
class ChannelMix:
    """The mix of one channel over the window that ends with the period's last day."""

    channel_id: int
    name: str
    network: NetworkKind
    mix: Mix


@dataclass(frozen=True)
class Answers:
    """The three questions for one unit and period, beside those of the period before.

    `whom`: by channel, then `formats`: by format. `tones`: posts by tone. `counted_at`: UTC instant up to
    which readings are counted. `comparison` is of the primary outcome.
    """

    unit_id: int
    period: Period
    simulated: bool
    counted_at: datetime
    reach: ReachOut
    reach_before: ReachOut
    whom: Sequence[Group]
    formats: Sequence[Group]
    tones: ToneCount
    effect: Effect
    effect_before: Effect
    comparison: Comparison
    mixes: Sequence[ChannelMix]


def realm(session: Session, scope: Scope) -> Realm:
    """Whose results are told: Meta's as soon as the installation has one of its channels, else practice."""
    raise NotImplementedError


def posts(
    session: Session,
    scope: Scope,
    unit_id: int,
    period: Period,
    wanted: Wanted | None = None,
    after: tuple[datetime, int] | None = None,
    limit: int | None = 50,
) -> Sequence[PostRow]:
    """Published posts of a unit and below, the latest first. `after`: (published_at, id) of the last row of
    the page before. `limit` None: all, for exports. Raises NotFound.
    """
    raise NotImplementedError


def post(session: Session, scope: Scope, result_id: int) -> PostRow:
    """One published post with its figures. Raises NotFound, also for what is left out or of another realm."""
    raise NotImplementedError


def answers(session: Session, scope: Scope, unit_id: int, period: Period, now: datetime) -> Answers:
    """The three questions on one page. Raises NotFound."""
    raise NotImplementedError


def comparison(
    session: Session,
    scope: Scope,
    unit_id: int,
    period: Period,
    now: datetime,
    outcome: Outcome = PRIMARY,
    channel_id: int | None = None,
) -> Comparison:
    """Informative against human by any of the outcomes. Raises NotFound."""
    raise NotImplementedError


def mixes(session: Session, scope: Scope, unit_id: int, now: datetime) -> Sequence[ChannelMix]:
    """The mix of every channel that a unit or those below published on, over the last 28 days.
    Raises NotFound."""
    raise NotImplementedError
