"""The life of one made-up post as plain rows: revisions, reviews, publications, tries, readings, history."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.posts import PostStatus, ReviewKind, Tone
from app.domain.publications import AttemptKind, HoldReason, Outcome, Status
from app.domain.readings import AGES
from app.domain.roles import Role
from app.foundation.database import Base
from app.models.attempts import Attempt
from app.models.history import Event
from app.models.holds import Hold
from app.models.posts import Post, Review, Revision
from app.models.publications import Publication
from app.models.readings import Reading
from app.models.search import POST, SearchEntry, entry

ZONE = "Europe/Helsinki"
SPAN = timedelta(days=730)
# So much of the newest is being written, so much has its time ahead, so much may still wait for an answer.
IN_WORK, COMING, ASKED = 0.02, 0.06, 0.02
UNITS = 40
WRITING = (PostStatus.DRAFT, PostStatus.IN_REVIEW, PostStatus.CHANGES_REQUESTED, PostStatus.DRAFT)
WORDS = (
    "On Wednesday three dogs lie down on the carpet of the children's room and listen. Nobody is corrected, "
    "nobody is in a hurry, and whoever stumbles gets a warm nose. Liisa has brought Nalle for four "
    "years: “The quiet ones read the longest.” Come with a book or without, we have a shelf of short ones. "
)
LINK = "https://library.example/dogs"
TITLES = (
    "Reading dogs",
    "Opening hours at Christmas",
    "The novel circle",
    "Who mends our books?",
    "Night library",
)

Channels = Callable[[int, int], int]


@dataclass
class Life:
    """One post. rows: (model, values), parents first. is_whole: it went out and was read at every age."""

    number: int
    post_id: int
    unit_id: int
    now: datetime
    made_at: datetime
    due_at: datetime
    post_status: PostStatus = PostStatus.APPROVED
    status: Status | None = Status.PUBLISHED
    publication_id: int = 0
    rows: list[tuple[type[Base], dict[str, Any]]] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether there is everything that a page about it could show."""
        return self.status is Status.PUBLISHED and self.due_at < self.now - max(AGES)

    @property
    def title(self) -> str:
        """Its working title."""
        return f"{TITLES[self.number % len(TITLES)]} {self.number}"

    @property
    def tone(self) -> Tone:
        """Every third is human."""
        return Tone.INFORMATIVE if self.number % 3 else Tone.HUMAN

    def person(self, role: Role) -> int:
        """The id of its unit's person with a role (see `filling`)."""
        return (self.unit_id - 1) * len(Role) + list(Role).index(role) + 1

    def add(self, model: type[Base], **values: Any) -> None:
        """One more row."""
        self.rows.append((model, values))

    def tell(self, thing: str, thing_id: int, verb: str, at: datetime, who: Role | None, **more: Any) -> None:
        """One more line of history."""
        values = {"old_state": None, "new_state": None, "facts": {}, **more}
        person, via = (self.person(who), "web") if who else (None, "clock")
        self.add(Event, thing=thing, thing_id=thing_id, verb=verb, at=at, person_id=person, via=via,
                 unit_id=self.unit_id, **values)  # fmt: skip


def lives(
    posts: int, now: datetime, home: int, channel_of: Channels, span: timedelta = SPAN
) -> Iterator[Life]:
    """So many posts from a `span` ago until now, the newest last; every fourth belongs to `home`."""
    ids = {Revision: count(1), Publication: count(1)}
    for number in range(1, posts + 1):
        unit_id = home if number % 4 == 0 else number % UNITS + 1
        made_at = now - span + span * (number / posts) - timedelta(hours=1)
        due_at = (made_at + timedelta(days=5)).replace(minute=number % 4 * 15, second=0)
        life = Life(number, number, unit_id, now, made_at, due_at)
        _place_in_time(life, number / posts)
        _write(life, ids[Revision])
        if life.status is not None:
            _publish(life, ids[Publication], channel_of)
        yield life


def _place_in_time(life: Life, place: float) -> None:
    """What the post and its publications are by now. `place`: 0 for the oldest post, 1 for the newest."""
    turn = life.number // 4  # every fourth is the editor's: they shall have some of everything too
    if place > 1 - IN_WORK:
        life.post_status, life.status = WRITING[turn % len(WRITING)], None
    elif place > 1 - COMING:
        life.due_at = (life.now + timedelta(days=1 + turn % 28)).replace(
            minute=life.number % 4 * 15, second=0
        )
        life.status = Status.HELD if turn % 20 == 0 else Status.PLANNED
        if turn % 10 == 1:
            life.post_status, life.status = PostStatus.IN_REVIEW, Status.PROPOSED
    elif life.due_at > life.now or turn % 40 == 3:
        life.post_status, life.status = PostStatus.WITHDRAWN, None
    elif turn % 50 == 7:
        life.status = Status.CANCELLED
    elif place > 1 - COMING - ASKED:  # what stands still is seen to within days, however long the archive
        life.status = {9: Status.MISSED, 19: Status.UNSURE}.get(turn % 20, life.status)


def _write(life: Life, ids: Iterator[int]) -> None:
    """The post with one to three revisions, and the talk about them."""
    author = life.person(Role.EDITOR)
    revisions = [next(ids) for _ in range(1 + life.number % 3)]
    changed_at = life.made_at + timedelta(minutes=30 * len(revisions))
    life.add(Post, id=life.post_id, unit_id=life.unit_id, status=life.post_status, title=life.title,
             tone=life.tone, tone_frozen=None, revision_id=revisions[-1], author_id=author,
             created_at=life.made_at, changed_at=changed_at)  # fmt: skip
    text = WORDS * (1 + life.number % 2)
    life.add(SearchEntry, **entry(POST, life.post_id, life.unit_id, life.title, f"{text} {LINK}"))
    life.tell("post", life.post_id, "created", life.made_at, Role.EDITOR, new_state="draft")
    for number, revision in enumerate(revisions, 1):
        at = life.made_at + timedelta(minutes=30 * (number - 1))
        life.add(Revision, id=revision, post_id=life.post_id, number=number, title=life.title, tone=life.tone,
                 text=text, link=LINK, author_id=author,
                 created_at=at)  # fmt: skip
    if life.post_status is not PostStatus.DRAFT:
        _review(life, revisions[-1], changed_at)


def _review(life: Life, revision: int, at: datetime) -> None:
    steps = [(ReviewKind.SUBMITTED, Role.EDITOR)]
    if life.post_status is PostStatus.APPROVED:
        steps.append((ReviewKind.APPROVED, Role.APPROVER))
    if life.post_status is PostStatus.CHANGES_REQUESTED:
        steps.append((ReviewKind.CHANGES_REQUESTED, Role.APPROVER))
    for kind, role in steps:
        life.add(Review, post_id=life.post_id, revision_id=revision, kind=kind, person_id=life.person(role),
                 comment="", own=False, at=at)  # fmt: skip
        life.tell("post", life.post_id, kind.value, at, role)


def _publish(life: Life, ids: Iterator[int], channel_of: Channels) -> None:
    """One publication, every third time a second one."""
    revision = next(row["id"] for model, row in reversed(life.rows) if model is Revision)
    for turn in range(1 if life.number % 3 else 2):
        life.publication_id = next(ids)
        channel_id = channel_of(life.unit_id, turn)
        life.add(Publication, **_publication(life, channel_id, revision))
        facts = {"due_at": life.due_at.isoformat()}
        life.tell("publication", life.publication_id, "planned", life.made_at, Role.EDITOR,
                  new_state="planned", facts=facts)  # fmt: skip
        if life.status is Status.HELD:
            life.add(Hold, publication_id=life.publication_id, reason=HoldReason.PERSON, note="",
                     since_at=life.made_at, person_id=life.person(Role.APPROVER), ended_at=None,
                     ended_by_id=None)  # fmt: skip
        if life.status is Status.PUBLISHED:
            _go_out(life, revision)
        elif life.status is not Status.PLANNED and life.status is not Status.PROPOSED:
            who = Role.EDITOR if life.status in (Status.HELD, Status.CANCELLED) else None
            life.tell("publication", life.publication_id, str(life.status), life.due_at, who)


def _publication(life: Life, channel_id: int, revision: int) -> dict[str, Any]:
    """Its row. What has its time ahead would be staged then; nothing here moves while pages are measured."""
    out = life.status is Status.PUBLISHED
    remote = f"1002003005{channel_id:05}_{life.publication_id}" if out else ""
    ahead = life.status in (Status.PLANNED, Status.PROPOSED)
    return {
        "id": life.publication_id, "post_id": life.post_id, "channel_id": channel_id, "unit_id": life.unit_id,
        "revision_id": revision if out or life.status is Status.UNSURE else None, "status": life.status,
        "since_at": life.due_at if out else life.made_at, "due_at": life.due_at, "zone": ZONE,
        "local_due": life.due_at.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None),
        "step_at": life.due_at - timedelta(minutes=2) if ahead else None,
        "remote_id": remote, "permalink": f"https://pages.example/{remote}" if out else "",
        "published_at": life.due_at if out else None, "network_published_at": life.due_at if out else None,
        "planned_by_id": life.person(Role.EDITOR), "created_at": life.made_at,
    }  # fmt: skip


def _go_out(life: Life, revision: int) -> None:
    """The three tries of an ordinary evening, and a reading at each age that is behind."""
    tries = (
        (AttemptKind.STAGE, 120, Outcome.OK),
        (AttemptKind.LOOK, 30, Outcome.HIDDEN),
        (AttemptKind.SHOW, 0, Outcome.OK),
    )
    for kind, before, outcome in tries:
        at = life.due_at - timedelta(seconds=before)
        life.add(Attempt, publication_id=life.publication_id, revision_id=revision, kind=kind, run_id=None,
                 started_at=at, ended_at=at + timedelta(seconds=1), outcome=outcome, code=None,
                 subcode=None)  # fmt: skip
    life.tell("publication", life.publication_id, "published", life.due_at, None, new_state="published")
    for step, age in enumerate(AGES, 1):
        if life.due_at + age > life.now:
            break
        reach = 40 * step + life.number * 37 % 900
        life.add(Reading, publication_id=life.publication_id, taken_at=life.due_at + age,
                 age=int(age.total_seconds()),
                 api_version="v25.0", views=reach * 2, reach=reach, clicks=reach // 50, reactions=reach // 20,
                 comments=reach // 90, shares=reach // 120, saves=None, sources={})  # fmt: skip
