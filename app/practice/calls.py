"""One call to the Graph and what a kind of call demands."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.practice.errors import bad
from app.practice.fields import Readers, Wanted, parse, pick
from app.practice.people import (
    Comment,
    Container,
    Media,
    Page,
    Person,
    Photo,
    Picture,
    Post,
    Profile,
    Session,
    Story,
    Token,
    Video,
)
from app.practice.switches import Switches
from app.practice.world import World

EVERYWHERE = frozenset({"access_token", "appsecret_proof", "appsecret_time", "locale"})
READS = frozenset({"fields"})
PAGED = frozenset({"fields", "limit", "after", "before", "since", "until", "summary"})


@dataclass(frozen=True)
class Upload:
    """A file that came with a call. size: bytes; picture: None if it is none that Meta takes; path: where a
    video, or a piece of one, lies until somebody takes it away."""

    size: int
    picture: Picture | None = None
    path: Path | None = None


@dataclass(frozen=True)
class Body:
    """A file that comes as the body of a call. length: bytes announced; -1 if none were."""

    pieces: AsyncIterator[bytes]
    length: int
    headers: Mapping[str, str]


@dataclass
class Call:
    """A call, taken apart. version: the one that serves it; edge: what follows the node in the path.

    what: what the node is, as in Operations; page: also the one that a profile is linked to.
    """

    world: World
    method: str
    path: str
    version: str
    node: str
    edge: str
    params: dict[str, str]
    token_text: str | None
    base_url: str
    files: dict[str, Upload] = field(default_factory=dict)
    what: str = ""
    kind: str = ""
    token: Token | None = None
    page: Page | None = None
    profile: Profile | None = None
    post: Post | None = None
    photo: Photo | None = None
    container: Container | None = None
    media: Media | None = None
    video: Video | None = None
    story: Story | None = None
    session: Session | None = None
    comment: Comment | None = None
    body: Body | None = None
    bend: str = ""
    cut_after: int | None = None
    operation: "Operation | None" = field(default=None, repr=False)

    @property
    def place_id(self) -> str | None:
        """The profile, else the Page that the call is about, if any."""
        place = self.profile or self.page
        return place.id if place else None

    @property
    def switches(self) -> Switches:
        """The switches in force for it."""
        return self.world.faults.of(self.place_id)

    @property
    def now(self) -> datetime:
        """The practice clock."""
        return self.world.now()

    def person(self) -> Person:
        """Whose token it is. Only after the token was checked."""
        assert self.token is not None
        return self.world.people[self.token.person_id]

    def the_page(self) -> Page:
        """Its Page; only for operations on one."""
        assert self.page is not None
        return self.page

    def the_post(self) -> Post:
        """Its post; only for operations on one."""
        assert self.post is not None
        return self.post

    def the_photo(self) -> Photo:
        """Its photo; only for operations on one."""
        assert self.photo is not None
        return self.photo

    def the_profile(self) -> Profile:
        """Its profile; only for operations on one or on what is there."""
        assert self.profile is not None
        return self.profile

    def the_container(self) -> Container:
        """Its container; only for operations on one."""
        assert self.container is not None
        return self.container

    def the_media(self) -> Media:
        """Its media; only for operations on one."""
        assert self.media is not None
        return self.media

    def the_video(self) -> Video:
        """Its video; only for operations on one."""
        assert self.video is not None
        return self.video

    def the_comment(self) -> Comment:
        """Its comment; only for operations on one."""
        assert self.comment is not None
        return self.comment

    def flag(self, name: str, default: bool) -> bool:
        """A parameter that is true or false. Raises GraphError 100."""
        text = self.params.get(name, "").lower()
        if not text:
            return default
        if text in ("true", "1", "false", "0"):
            return text in ("true", "1")
        raise bad(f"Param {name} must be a boolean")

    def count(self, name: str, default: int, most: int) -> int:
        """A parameter that is a count. Raises GraphError 100."""
        text = self.params.get(name, "") or str(default)
        if not text.isdigit() or int(text) > most:
            raise bad(f"Param {name} must be an integer less than or equal to {most}")
        return int(text)

    def instant(self, name: str) -> datetime | None:
        """A parameter that is a time: unix seconds or ISO 8601. Raises GraphError 100."""
        text = self.params.get(name)
        if not text:
            return None
        try:
            if text.isdigit():
                return datetime.fromtimestamp(int(text), UTC)
            when = datetime.fromisoformat(text)
        except (ValueError, OverflowError, OSError):
            raise bad(f"Param {name} must be a valid time") from None
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when

    def wanted(self, default: str) -> list[Wanted]:
        """The fields asked for."""
        return parse(self.params.get("fields") or default)

    def pick(self, kind: str, wanted: list[Wanted], readers: Readers, silent: frozenset[str]) -> Any:
        """The wanted fields of one node, as strict as the switches say."""
        return pick(kind, wanted, readers, silent, self.switches.unknown_parameters == "refuse")

    def lagging(self) -> datetime:
        """Changes after this instant are not in lists yet."""
        return self.now - timedelta(seconds=self.switches.list_lag_seconds)


@dataclass(frozen=True)
class Operation:
    """What can be called. kind: its name in faults and transcript; token: page, user, either, app or none.

    run: what answers it, at once or as an awaitable.
    """

    kind: str | Callable[[Call], str]
    run: Callable[[Call], Any]
    params: frozenset[str] = frozenset()
    token: str = "page"
    permissions: tuple[str, ...] = ()
    task: str = ""

    def kind_of(self, call: Call) -> str:
        """The name of this kind of call."""
        return self.kind if isinstance(self.kind, str) else self.kind(call)


# (method, what the node is, edge): what the node is = "" for paths without one.
Operations = dict[tuple[str, str, str], Operation]


def stamp(when: datetime) -> str:
    """A time as Meta writes it: 2026-11-20T08:00:00+0000."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
