"""Facebook as a `Network`: each promise of the contract, kept by its own file."""

from collections.abc import Sequence
from datetime import datetime

from app.connectors.contract import (
    Access,
    App,
    Begun,
    Connected,
    Health,
    Look,
    Numbered,
    Outgoing,
    Receipt,
    Remember,
    Saved,
    Staged,
)
from app.connectors.facebook import check, connect, insights, publish
from app.connectors.facebook.profile import PROFILE
from app.connectors.http import Wire
from app.connectors.meta_graph import Graph


class Facebook:
    """Facebook pages; see `contract.Network` for what each method promises."""

    profile = PROFILE

    def __init__(self, wire: Wire | None = None) -> None:
        self._graph = Graph(wire)

    def begin_connection(self, app: App, callback: str, state: str, again: bool = False) -> Begun:
        """Facebook's sign-in dialog."""
        return connect.begin(app, callback, state, again)

    def finish_connection(self, app: App, callback: str, code: str) -> Connected:
        """Code -> page tokens that never expire, and the pages to choose from."""
        return connect.finish(self._graph, app, callback, code)

    def check(self, access: Access) -> Health:
        """Two light calls: what Meta knows of the token, and whether the page is seen."""
        return check.check(self._graph, access)

    def server_time(self, access: Access) -> datetime:
        """The Date of one light answer."""
        return check.server_time(self._graph, access)

    def usage(self, access: Access) -> int:
        """Percent of the allowance used, as the last answers' headers told."""
        return self._graph.usage.percent(access.app.app_id, access.remote_id)

    def stage(self, access: Access, outgoing: Outgoing, saved: Sequence[Saved], remember: Remember) -> Staged:
        """A post with published=false."""
        return publish.stage(self._graph, access, outgoing, saved, remember)

    def show(self, access: Access, staged: Staged) -> Receipt:
        """is_published=true on that post."""
        return publish.show(self._graph, access, staged)

    def look(self, access: Access, staged: Staged) -> Look:
        """Reads is_published."""
        return publish.look(self._graph, access, staged.remote_id)

    def discard(self, access: Access, staged: Staged) -> Look:
        """Deletes the post if a look says that it is hidden."""
        return publish.discard(self._graph, access, staged)

    def read(self, access: Access, remote_ids: Sequence[str], dead: Sequence[str] = ()) -> Numbered:
        """Fifty posts to a call."""
        return insights.read(self._graph, access, remote_ids, dead)
