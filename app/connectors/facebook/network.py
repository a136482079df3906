"""Facebook as a `Network`: each promise of the contract, kept by its own file."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from app.connectors import meta_check, meta_places
from app.connectors.contract import (
    Access,
    App,
    Begun,
    Commented,
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
from app.connectors.day_numbers import DaysTold
from app.connectors.facebook import comments, days, errors, insights, listing, newest, ways
from app.connectors.facebook.profile import PROFILE
from app.connectors.http import Wire
from app.connectors.meta_graph import Graph
from app.connectors.not_offered import NotOffered
from app.connectors.public_posts import Listed, PublicPost
from app.domain.networks import Format


class Facebook(NotOffered):
    """Facebook pages; see `contract.Network` for what each method promises. It fetches nothing from us."""

    profile = PROFILE

    def __init__(self, wire: Wire | None = None) -> None:
        self._graph = Graph(wire, "pages")

    def begin_connection(
        self, app: App, callback: str, state: str, again: bool = False, wider: bool = False
    ) -> Begun:
        """Facebook's sign-in dialog."""
        return meta_places.begin(app, callback, state, again, wider)

    def finish_connection(self, app: App, callback: str, code: str) -> Connected:
        """Code -> page tokens that never expire; pages and Instagram profiles to choose from."""
        return meta_places.finish(self._graph, app, callback, code, errors.reading)

    def check(self, access: Access) -> Health:
        """Two light calls: what Meta knows of the token, and whether the page is seen."""
        return meta_check.check(self._graph, access, errors.DICTIONARY, meta_places.PAGE_SCOPES, is_page=True)

    def server_time(self, access: Access) -> datetime:
        """The Date of one light answer."""
        return meta_check.server_time(self._graph, access, errors.DICTIONARY)

    def usage(self, access: Access) -> int:
        """Percent of the allowance used, as the last answers' headers told."""
        return self._graph.usage.percent(access.app.app_id, access.remote_id)

    def stage(self, access: Access, outgoing: Outgoing, saved: Sequence[Saved], remember: Remember) -> Staged:
        """A post or video with published=false, a reel or a story that only needs to be finished."""
        return ways.stage(self._graph, access, outgoing, saved, remember)

    def show(self, access: Access, staged: Staged) -> Receipt:
        """A flag set on that post or video; a reel or a story finished."""
        return ways.show(self._graph, access, staged)

    def look(self, access: Access, staged: Staged) -> Look:
        """Reads the flag, a reel's status, the page's stories."""
        return ways.look(self._graph, access, staged)

    def find(self, access: Access, staged: Staged, remote_id: str) -> Receipt | None:
        """Reads the address of the very thing that was laid ready."""
        return ways.find(self._graph, access, staged, remote_id)

    def newest(self, access: Access, since: datetime) -> list[PublicPost]:
        """Reads the feed, and the lists of reels and stories, which are not in it."""
        return newest.newest(self._graph, access, since)

    def discard(self, access: Access, staged: Staged) -> Look:
        """Deletes it if a look says that it is hidden."""
        return ways.discard(self._graph, access, staged)

    def correct(self, access: Access, remote_id: str, text: str) -> None:
        """Sets the words; pictures and link card can't be changed."""
        ways.correct(self._graph, access, remote_id, text)

    def remove(self, access: Access, remote_id: str) -> None:
        """Deletes the post or video."""
        ways.remove(self._graph, access, remote_id)

    def comment(self, access: Access, remote_id: str, text: str) -> str:
        """A comment of the page."""
        return comments.write(self._graph, access, remote_id, text)

    def find_comment(self, access: Access, remote_id: str, text: str) -> Commented:
        """Among the comments at the top level, newest first."""
        return comments.find(self._graph, access, remote_id, text)

    def listed(self, access: Access, since: datetime) -> Listed:
        """Lists published posts, reels and stories, page by page."""
        return listing.listed(self._graph, access, since)

    def read(
        self,
        access: Access,
        remote_ids: Sequence[str],
        dead: Sequence[str] = (),
        formats: Mapping[str, Format] | None = None,
    ) -> Numbered:
        """Fifty posts to a call, stories apart."""
        return insights.read(self._graph, access, remote_ids, dead, formats or {})

    def days(self, access: Access, since: date, until: date, dead: Sequence[str] = ()) -> DaysTold:
        """Eighty-five days to a question."""
        return days.days(self._graph, access, since, until, dead)
