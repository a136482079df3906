"""What keeps a post from being sent to review, and from each channel that it could go to."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.connectors import registry
from app.domain.checks import Check, Outcome, check_channel, misfits
from app.domain.contents import Said
from app.domain.errors import Fault
from app.domain.networks import NetworkKind
from app.domain.posts import PostStatus, missing_for_review
from app.domain.publications import OPEN, OUT
from app.domain.roles import Scope
from app.foundation.database import AnyRow
from app.queries import channels, contents, posts


@dataclass(frozen=True)
class ChannelCheck:
    """One channel that a post may go to, with what keeps the newest revision from it.

    `looks`: what keeps it from nothing, but a person should look at. `differs`: the channel has its own text
    or pictures.
    """

    channel_id: int
    name: str
    network: NetworkKind
    faults: tuple[Fault, ...]
    looks: tuple[Check, ...] = ()
    differs: bool = False


@dataclass(frozen=True)
class Checks:
    """`faults`: what is missing for a review. `channels`: those that the post's unit may use, by name."""

    revision: int
    faults: tuple[Fault, ...]
    channels: tuple[ChannelCheck, ...]


def of_post(session: Session, scope: Scope, post_id: int) -> Checks:
    """The checks of a post's newest revision. Raises NotFound."""
    post = posts.post(session, scope, post_id)
    newest = posts.revision(session, scope, post_id)
    said = contents.contents(session, scope, newest.id)
    planned = posts.publications_of(session, scope, [post_id])[post_id]
    withdrawn = [Fault("post_withdrawn")] if post.status is PostStatus.WITHDRAWN else []
    return Checks(
        newest.number,
        (*withdrawn, *missing_for_review(newest.tone, said)),
        tuple(
            _of_channel(row, said.on(row.id), planned)
            for row in channels.usable_by(session, scope, post.unit_id)
        ),
    )


def _of_channel(channel: AnyRow, said: Said, planned: Sequence[AnyRow]) -> ChannelCheck:
    profile = registry.network(channel.network).profile
    faults = (*misfits(said, profile), *_taken(channel.id, planned))
    looks = (check for check in check_channel(said, profile) if check.outcome is Outcome.LOOK)
    return ChannelCheck(channel.id, channel.name, channel.network, faults, tuple(looks), said.differs)


def _taken(channel_id: int, planned: Sequence[AnyRow]) -> list[Fault]:
    """The post has a time there already, or was out there: then again only as a repeat."""
    statuses = {row.status for row in planned if row.channel_id == channel_id}
    if statuses & OPEN:
        return [Fault("already_planned", "channel_id")]
    return [Fault("already_published", "repeats")] if statuses & OUT else []
