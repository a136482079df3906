"""Kinds of network and the two worlds that a channel can live in."""

from enum import StrEnum


class NetworkKind(StrEnum):
    """A kind of place that posts go to; one folder of `connectors/` each."""

    FACEBOOK = "facebook"


class Realm(StrEnum):
    """Whose servers a channel lives on: Meta's, or the practice network on this machine."""

    PRACTICE = "practice"
    META = "meta"


class ChannelState(StrEnum):
    """Whether a channel is in use."""

    PLANNED = "planned"
    ACTIVE = "active"
    DORMANT = "dormant"
    CLOSED = "closed"


class RemoteKind(StrEnum):
    """What an id at a network names."""

    HIDDEN_POST = "hidden_post"
    PUBLIC_POST = "public_post"


class Seen(StrEnum):
    """What a look at a remote object told."""

    LIVE = "live"
    HIDDEN = "hidden"
    GONE = "gone"
    UNKNOWN = "unknown"
