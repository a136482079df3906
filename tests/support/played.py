"""A network that a test plays: it gives the answers that lie ready, and keeps what it was asked."""

from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.connectors.contract import Access, Commented, Look, Outgoing, Receipt, Remember, Saved, Staged
from app.connectors.facebook.profile import PROFILE
from app.connectors.failures import ConnectorFailure
from app.connectors.not_offered import NotOffered
from app.connectors.profiles import Profile
from app.domain.networks import RemoteKind, Seen
from app.foundation import clock
from tests.support.stand import Stand


class Played(NotOffered):
    """What is not answered otherwise goes well. `asked`: call -> what was given, in order."""

    def __init__(self, profile: Profile = PROFILE) -> None:
        self.profile = profile
        self.asked: dict[str, list[Any]] = defaultdict(list)
        self._answers: dict[str, deque[Any]] = defaultdict(deque)
        self.public: set[str] = set()
        self.percent = 0

    def answer(self, call: str, *answers: Any) -> None:
        """The next answers to a call: values, failures to raise, or functions of what was given."""
        self._answers[call].extend(answers)

    def _next(self, call: str, given: Any, usual: Callable[[], Any]) -> Any:
        self.asked[call].append(given)
        if not self._answers[call]:
            return usual()
        answer = self._answers[call].popleft()
        if isinstance(answer, ConnectorFailure):
            raise answer
        return answer(given) if callable(answer) else answer

    def usage(self, _access: Access) -> int:
        """As the test says."""
        return self.percent

    def server_time(self, _access: Access) -> datetime:
        """As late as it is here."""
        told: datetime = self._next("server_time", None, clock.now)
        return told

    def stage(
        self, _access: Access, outgoing: Outgoing, _saved: Sequence[Saved], remember: Remember
    ) -> Staged:
        """Hidden at once."""

        def usual() -> Staged:
            made = f"made-{len(self.asked['stage'])}"
            remember(RemoteKind.HIDDEN_POST, made)
            return Staged(made, f"https://example.org/{made}", format=outgoing.format)

        staged: Staged = self._next("stage", outgoing, usual)
        return staged

    def show(self, _access: Access, staged: Staged) -> Receipt:
        """Public at once."""

        def usual() -> Receipt:
            self.public.add(staged.remote_id)
            return Receipt(staged.remote_id, staged.permalink, clock.now())

        receipt: Receipt = self._next("show", staged, usual)
        return receipt

    def look(self, _access: Access, staged: Staged) -> Look:
        """What is so."""

        def usual() -> Look:
            if staged.remote_id in self.public:
                return Look(Seen.LIVE, Receipt(staged.remote_id, staged.permalink))
            return Look(Seen.HIDDEN)

        look: Look = self._next("look", staged, usual)
        return look

    def discard(self, access: Access, staged: Staged) -> Look:
        """Gone, unless it is public."""
        seen = self.look(access, staged)
        return seen if seen.seen is Seen.LIVE else Look(Seen.GONE)

    def comment(self, _access: Access, remote_id: str, text: str) -> str:
        """Written."""
        remote: str = self._next("comment", (remote_id, text), lambda: "comment-1")
        return remote

    def find_comment(self, _access: Access, remote_id: str, text: str) -> Commented:
        """None there, for certain."""
        found: Commented = self._next("find_comment", (remote_id, text), lambda: Commented(whole=True))
        return found


def play(stand: Stand, profile: Profile = PROFILE) -> Played:
    """The stand's channels are on a played network from now on."""
    played = Played(profile)
    stand.ground = replace(stand.ground, networks=lambda _kind: played)
    return played
