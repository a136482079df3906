"""What a network must offer, and the plain values that pass between it and the errands.

A network keeps no state. Every call is handed an `Access` and raises only `failures.ConnectorFailure`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from app.connectors.day_numbers import DaysTold
from app.connectors.profiles import Profile
from app.connectors.public_posts import Listed, PublicPost
from app.domain.networks import Format, NetworkKind, Realm, RemoteKind, Seen


@dataclass(frozen=True)
class Endpoint:
    """Where a realm's servers are: `graph` for our calls, `dialog` for the browser. No slash at the end."""

    realm: Realm
    graph: str
    dialog: str
    version: str


@dataclass(frozen=True)
class App:
    """The app (id and secret) that a library has registered at the network."""

    endpoint: Endpoint
    app_id: str
    app_secret: str = field(repr=False)


@dataclass(frozen=True)
class Access:
    """What is needed to speak for one channel: its app, its id at the network and its token.

    `not_after` (UTC): calls with it leave until then or never; None: whenever they can.
    """

    app: App
    remote_id: str
    token: str = field(repr=False)
    not_after: datetime | None = None


@dataclass(frozen=True)
class Begun:
    """The start of a connection: where the person's browser is sent."""

    url: str


@dataclass(frozen=True)
class Place:
    """One page or profile that a person may connect, with what publishing there lacks (scopes, tasks).

    `page_id`: the page that a profile belongs to and whose token speaks for it; empty for a page itself.
    `portfolio`: the name of the business portfolio through which it comes; the tasks are not told then. An
    empty token: the person sees it there, but may not speak for it.
    """

    remote_id: str
    name: str
    token: str = field(repr=False)
    tasks: tuple[str, ...] = ()
    missing_scopes: tuple[str, ...] = ()
    missing_tasks: tuple[str, ...] = ()
    network: NetworkKind = NetworkKind.FACEBOOK
    page_id: str = ""
    portfolio: str = ""


@dataclass(frozen=True)
class Connected:
    """What a finished sign-in at the network gave. Instants are UTC; None means never or not told."""

    person_id: str
    person_name: str
    scopes: tuple[str, ...]
    declined: tuple[str, ...]
    places: tuple[Place, ...]
    data_access_until: datetime | None


@dataclass(frozen=True)
class Health:
    """What a check of a channel told. Instants are UTC; None means never or not told."""

    valid: bool
    app_matches: bool
    scopes: tuple[str, ...]
    missing_scopes: tuple[str, ...]
    missing_tasks: tuple[str, ...]
    expires_at: datetime | None
    data_access_until: datetime | None
    served_version: str
    reason: str = ""


@dataclass(frozen=True)
class Quota:
    """How many posts of how many a network has taken from a channel within its window (a day)."""

    used: int
    total: int


@dataclass(frozen=True)
class VideoFile:
    """The file of a video: an MP4 with its index in front. `size`: bytes; `duration_ms`: milliseconds.

    `piece`: the bytes from an offset on, at most so many; it may be asked for again, in any order.
    `poster_ms`: which moment of it the cover shows; None: the cover is another picture.
    """

    size: int
    duration_ms: int
    width: int
    height: int
    piece: Callable[[int, int], bytes] = field(repr=False)
    poster_ms: int | None = None


@dataclass(frozen=True)
class Picture:
    """One picture, cut and sized for the network: a JPEG in sRGB without any data of the camera.

    `part`: names these bytes, so that an upload is found again. `read`: the bytes. `lend`: a short-lived
    public address that the network can fetch them from; each call makes a new one. `video`: it moves; then
    `read` and `lend` give its cover, and `part` names the video.
    """

    part: str
    alt_text: str
    read: Callable[[], bytes] = field(repr=False)
    lend: Callable[[], str] = field(repr=False)
    video: VideoFile | None = None


def carry_on(_sent: int, _of: int) -> bool:
    """Sends a long file to its end, whatever else there is to do."""
    return True


@dataclass(frozen=True)
class Outgoing:
    """The content of one publication, pictures in their order.

    `carry_on`: told again and again how many bytes of how many have been sent of long files; False: stop here
    (`NotYet`), to be gone on with later. `unanswered_since`: an earlier staging got no answer then. `taken`:
    ids that we stored for other publications on the same channel; an orphan of ours is never one of these.
    """

    text: str
    link: str
    pictures: tuple[Picture, ...] = ()
    unanswered_since: datetime | None = None
    taken: frozenset[str] = frozenset()
    format: Format = Format.POST
    carry_on: Callable[[int, int], bool] = field(default=carry_on, repr=False)


@dataclass(frozen=True)
class Saved:
    """An id that we stored for this publication and revision, oldest first.

    `part`: the `Picture.part` that it carries, where it carries one; else empty. `old`: not to be shown any
    more, but nothing is made anew while it is public.
    """

    kind: RemoteKind
    remote_id: str
    part: str = ""
    old: bool = False


@dataclass(frozen=True)
class Receipt:
    """A public object: its id, its address, and the network's own time at the answer (its Date).

    `remote_id` empty: it is public for certain, but the network does not yet list it; `find` tells it later.
    """

    remote_id: str
    permalink: str = ""
    network_at: datetime | None = None


@dataclass(frozen=True)
class Staged:
    """A hidden object, ready to be shown with one call.

    Where showing makes a new object (`RemoteKind.MEDIA`), three things tell it from others: `known`, the ids
    that were public on the channel before it was shown; its `text`; and `since` (UTC, our clock), when it was
    first shown, None before that. `taken`: ids that are other publications' of ours. `receipt`: staging found
    that a saved object is public already, so that it must not be shown. `kind`: what `remote_id` names; what
    showing calls and where a look goes depends on it, on `format` and on `since`, in every network. `text`
    also travels with the showing itself where the network takes the words only then (`RemoteKind.REEL`).
    """

    remote_id: str
    permalink: str = ""
    known: tuple[str, ...] = ()
    text: str = ""
    since: datetime | None = None
    taken: frozenset[str] = frozenset()
    receipt: Receipt | None = None
    kind: RemoteKind = RemoteKind.HIDDEN_POST
    format: Format = Format.POST


@dataclass(frozen=True)
class Look:
    """What a look told; `receipt` is there when it is live, `known` as in `Staged` when it is hidden."""

    seen: Seen
    receipt: Receipt | None = None
    known: tuple[str, ...] = ()


@dataclass(frozen=True)
class Numbers:
    """One post's numbers now: our metric name -> count, None (never 0) where the network does not tell.

    `sources`: our metric name -> the network's name, of those asked. `network_at`: its time at the answer.
    """

    remote_id: str
    values: dict[str, int | None]
    sources: dict[str, str]
    network_at: datetime | None
    gone: bool = False


@dataclass(frozen=True)
class Numbered:
    """The answer to one question for many posts' numbers; `dead`: network names that no longer exist."""

    numbers: tuple[Numbers, ...]
    dead: tuple[str, ...] = ()


@dataclass(frozen=True)
class Commented:
    """What a look for a comment of ours told. `remote_id` empty: none is listed.

    `whole`: everything that the network counts was listed, so that one not listed is not there.
    """

    remote_id: str = ""
    whole: bool = False


class Remember(Protocol):
    """Stores an id the moment it arrives; `part` as in `Saved`."""

    def __call__(self, kind: RemoteKind, remote_id: str, part: str = "") -> None:
        """Store it."""
        ...


class Network(Protocol):
    """One network. Times are UTC, waits are the caller's: no method sleeps or repeats a visible call."""

    profile: Profile

    def begin_connection(
        self, app: App, callback: str, state: str, again: bool = False, wider: bool = False
    ) -> Begun:
        """Where to send the person's browser; `again` asks declined permissions anew.

        `wider`: also for what lists the pages of organisations that the person works for.
        """
        ...

    def finish_connection(self, app: App, callback: str, code: str) -> Connected:
        """Trade the callback's code for long-lived tokens and list the places. Raises ConnectorFailure."""
        ...

    def check(self, access: Access) -> Health:
        """Whether the channel could publish now: token, scopes, tasks, expiry dates."""
        ...

    def server_time(self, access: Access) -> datetime:
        """The network's own time, from one light call."""
        ...

    def usage(self, access: Access) -> int:
        """Percent used of the network's allowance, as last told; 0 when unknown. Slow down from 75."""
        ...

    def quota(self, access: Access) -> Quota | None:
        """How many posts it still takes; None where nothing is counted or told. Raises as any reading."""
        ...

    def stage(self, access: Access, outgoing: Outgoing, saved: Sequence[Saved], remember: Remember) -> Staged:
        """Lay everything ready, hidden. Uses what `saved` names if it is still hidden, and tells (`receipt`)
        when one of these is public; calls `remember` the moment an id arrives. After an unanswered try it
        first looks for an orphan of ours and adopts it if exactly one matches.

        Raises Unsure when the answer was lost (harmless: nothing is visible), NotYet when the network took it
        and still works at it (call again after `polls`), else what to do next. A picture that is refused
        refuses the whole: nothing goes out reduced.
        """
        ...

    def show(self, access: Access, staged: Staged) -> Receipt:
        """The one visible call. Whatever it raises, the caller looks before anything else.

        NotYet: the network took it and makes it public by itself soon; it must not be shown again, only
        looked at, until it is live or a look raises Rejected.
        """
        ...

    def look(self, access: Access, staged: Staged) -> Look:
        """Whether the object is public, hidden or gone; `unknown` when the network does not tell now.

        Where a quota limits publishing it is read here: RateLimited when it is used up.
        """
        ...

    def find(self, access: Access, staged: Staged, remote_id: str) -> Receipt | None:
        """The id and address of something that is public; `remote_id` empty when it is not known yet.

        None when the network does not list it yet, or when it can't be told from another: never a guess.
        """
        ...

    def correct(self, access: Access, remote_id: str, text: str) -> None:
        """Set the text of a public post; may be repeated. Rejected where the network can't (`corrects`)."""
        ...

    def remove(self, access: Access, remote_id: str) -> None:
        """Delete a public post by its stored id; already gone counts as done, so it may be repeated.

        Raises Unsure when the answer was lost, Rejected or Reconnect where a person must do it (`removes`).
        """
        ...

    def comment(self, access: Access, remote_id: str, text: str) -> str:
        """Write a comment of ours below a public post; returns its id. Makes a new one at each call.

        Raises Unsure when the answer was lost: then it is looked for before anything else.
        """
        ...

    def find_comment(self, access: Access, remote_id: str, text: str) -> Commented:
        """Whether a comment of ours with these words stands below a public post."""
        ...

    def begin_proof(self, access: Access, picture: Picture) -> str:
        """Let the network fetch a picture from us for something hidden, where it `fetches`; returns its id.

        Nothing becomes public, and it goes by itself within a day.
        """
        ...

    def proof(self, access: Access, remote_id: str) -> None:
        """Nothing, when the network could fetch it. Raises NotYet while it tries, else what is in the way."""
        ...

    def newest(self, access: Access, since: datetime) -> Sequence[PublicPost]:
        """Public posts made at or after `since` (UTC, our clock), whoever made them. Only reads; the very
        newest may not be listed yet, and of very many only the newest are. Raises ConnectorFailure.
        """
        ...

    def discard(self, access: Access, staged: Staged) -> Look:
        """Delete a hidden object. Looks first and never deletes what is public: then it answers `live`."""
        ...

    def listed(self, access: Access, since: datetime) -> Listed:
        """Every public post made since (UTC, our clock) in the page's own name, however many; reads only."""
        ...

    def read(
        self,
        access: Access,
        remote_ids: Sequence[str],
        dead: Sequence[str] = (),
        formats: Mapping[str, Format] | None = None,
    ) -> Numbered:
        """The numbers of many posts in as few calls as the network allows; `dead` names are not asked.

        `formats`: of those ids that are not in the flow. A post the network gave up on is left out.
        """
        ...

    def days(self, access: Access, since: date, until: date, dead: Sequence[str] = ()) -> DaysTold:
        """Numbers per day, from `since` to before `until` (its own days), of the page or profile itself."""
        ...
