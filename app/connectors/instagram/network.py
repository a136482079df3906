"""Instagram as a `Network`: each promise of the contract, kept by its own file."""

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
    Picture,
    Quota,
    Receipt,
    Remember,
    Saved,
    Staged,
)
from app.connectors.day_numbers import DaysTold
from app.connectors.http import Wire
from app.connectors.instagram import (
    comments,
    days,
    errors,
    insights,
    listing,
    media,
    proof,
    publish,
    quota,
    staging,
)
from app.connectors.instagram.profile import PROFILE
from app.connectors.meta_graph import Graph
from app.connectors.not_offered import NotOffered
from app.connectors.public_posts import Listed, PublicPost
from app.domain.networks import Format


class Instagram(NotOffered):
    """Instagram profiles linked to a page; see `contract.Network` for what each method promises.

    A caption can't be changed by a program.
    """

    profile = PROFILE

    def __init__(self, wire: Wire | None = None) -> None:
        self._graph = Graph(wire, "instagram")

    def begin_connection(
        self, app: App, callback: str, state: str, again: bool = False, wider: bool = False
    ) -> Begun:
        """Facebook's sign-in dialog, which serves both."""
        return meta_places.begin(app, callback, state, again, wider)

    def finish_connection(self, app: App, callback: str, code: str) -> Connected:
        """Code -> the pages' tokens, which speak for their profiles too."""
        return meta_places.finish(self._graph, app, callback, code, errors.reading)

    def check(self, access: Access) -> Health:
        """Two light calls: what Meta knows of the page's token, and whether the profile answers to it."""
        needed = meta_places.PROFILE_SCOPES
        return meta_check.check(self._graph, access, errors.DICTIONARY, needed, is_page=False)

    def server_time(self, access: Access) -> datetime:
        """The Date of one light answer."""
        return meta_check.server_time(self._graph, access, errors.DICTIONARY)

    def usage(self, access: Access) -> int:
        """Percent of the allowance used, as the last answers' headers told."""
        return self._graph.usage.percent(access.app.app_id, access.remote_id)

    def quota(self, access: Access) -> Quota | None:
        """One light call."""
        return quota.told(self._graph, access)

    def stage(self, access: Access, outgoing: Outgoing, saved: Sequence[Saved], remember: Remember) -> Staged:
        """A container that is ready, its parts made before."""
        return staging.stage(self._graph, access, outgoing, saved, remember)

    def show(self, access: Access, staged: Staged) -> Receipt:
        """media_publish of that container."""
        return publish.show(self._graph, access, staged)

    def look(self, access: Access, staged: Staged) -> Look:
        """Reads the container, and what is public."""
        return publish.look(self._graph, access, staged)

    def find(self, access: Access, staged: Staged, remote_id: str) -> Receipt | None:
        """Reads a known medium's address, or tells the one that came out of the container."""
        return media.find(self._graph, access, staged, remote_id)

    def newest(self, access: Access, since: datetime) -> list[PublicPost]:
        """Lists the newest fifty media, and the stories of a day."""
        return media.since(self._graph, access, since)

    def discard(self, access: Access, staged: Staged) -> Look:
        """Only looks: containers go by themselves."""
        return publish.discard(self._graph, access, staged)

    def remove(self, access: Access, remote_id: str) -> None:
        """Deletes the medium, where the account allows it."""
        media.remove(self._graph, access, remote_id)

    def comment(self, access: Access, remote_id: str, text: str) -> str:
        """A comment of the profile."""
        return comments.write(self._graph, access, remote_id, text)

    def find_comment(self, access: Access, remote_id: str, text: str) -> Commented:
        """Among the comments that Instagram lists."""
        return comments.find(self._graph, access, remote_id, text)

    def begin_proof(self, access: Access, picture: Picture) -> str:
        """A container of one picture."""
        return proof.begin(self._graph, access, picture)

    def proof(self, access: Access, remote_id: str) -> None:
        """Reads that container."""
        proof.proof(self._graph, access, remote_id)

    def listed(self, access: Access, since: datetime) -> Listed:
        """Lists media and stories, page by page."""
        return listing.listed(self._graph, access, since)

    def read(
        self,
        access: Access,
        remote_ids: Sequence[str],
        dead: Sequence[str] = (),
        formats: Mapping[str, Format] | None = None,
    ) -> Numbered:
        """Fifty media to a call, stories apart."""
        return insights.read(self._graph, access, remote_ids, dead, formats or {})

    def days(self, access: Access, since: date, until: date, dead: Sequence[str] = ()) -> DaysTold:
        """Fifty days to a call."""
        return days.days(self._graph, access, since, until, dead)
