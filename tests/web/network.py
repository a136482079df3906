"""A network that says what a test wants it to say, and counts what it was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from fastapi import FastAPI

from app.connectors.contract import Access, App, Begun, Connected, Health, Network, Numbered, Numbers, Place
from app.connectors.failures import ConnectorFailure
from app.connectors.profiles import Profile
from app.connectors.registry import network
from app.domain.networks import Format, NetworkKind
from app.errands.ground import Ground
from app.foundation import clock

WHOLE = Place("501", "Main Library", "page-token", ("CREATE_CONTENT",))
LACKING = Place("502", "Music Library", "page-token", (), ("pages_manage_posts",), ("CREATE_CONTENT",))
FINE = Health(True, True, ("read_insights",), (), (), None, None, "v25.0")


@dataclass
class FakeNetwork:
    """Stands in for Facebook. `failure`: raised by whatever is asked."""

    places: tuple[Place, ...] = (WHOLE, LACKING)
    declined: tuple[str, ...] = ()
    health: Health = FINE
    values: dict[str, int | None] = field(default_factory=dict)
    failure: ConnectorFailure | None = None
    asked: list[str] = field(default_factory=list)
    profile: Profile = field(default_factory=lambda: network(NetworkKind.FACEBOOK).profile)

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.failure:
            raise self.failure

    def begin_connection(
        self, app: App, callback: str, state: str, again: bool = False, wider: bool = False
    ) -> Begun:
        """The dialog's address, with what the test wants to read in it."""
        self._ask("begin")
        asked = f"state={state}&callback={callback}&again={again}&wider={wider}"
        return Begun(f"{app.endpoint.dialog}/dialog?{asked}")

    def finish_connection(self, app: App, callback: str, code: str) -> Connected:
        """The places."""
        self._ask("finish")
        return Connected("7", "Kaarina", (), self.declined, self.places, None)

    def check(self, access: Access) -> Health:
        """The health."""
        self._ask("check")
        return self.health

    def server_time(self, access: Access) -> datetime:
        """Our own time."""
        return clock.now()

    def usage(self, access: Access) -> int:
        """Nothing used yet."""
        return 0

    def read(
        self,
        access: Access,
        remote_ids: Sequence[str],
        dead: Sequence[str] = (),
        formats: Mapping[str, Format] | None = None,
    ) -> Numbered:
        """The same numbers for every post."""
        self._ask("read")
        return Numbered(tuple(Numbers(one, self.values, {}, clock.now()) for one in remote_ids))


def stand_in(app: FastAPI, fake: FakeNetwork) -> FakeNetwork:
    """Let the app's errands speak to the fake."""
    ground: Ground = app.state.ground

    def networks(_kind: NetworkKind) -> Network:
        return cast(Network, fake)  # what a test does not ask for is not there

    app.state.ground = Ground(ground.settings, ground.database, ground.keyring, networks)
    return fake
