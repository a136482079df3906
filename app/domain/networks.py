"""Kinds of network and the two worlds that a channel can live in."""

from enum import StrEnum


class NetworkKind(StrEnum):
    """A kind of place that posts go to; one folder of `connectors/` each."""

    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"
    MANUAL = "manual"


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


class Format(StrEnum):
    """The form in which a post stands at a network: in the flow, as a reel, or as a story for a day."""

    POST = "post"
    REEL = "reel"
    STORY = "story"


class RemoteKind(StrEnum):
    """What an id at a network names."""

    HIDDEN_POST = "hidden_post"
    PUBLIC_POST = "public_post"
    PHOTO = "photo"  # one uploaded picture that a hidden post will carry
    CONTAINER = "container"  # a whole post laid ready, to be made public by one call
    PART = "part"  # one picture or video of a container
    MEDIA = "media"  # what became public out of a container
    UPLOAD = "upload"  # a file on its way to the network, to be gone on with after a break
    VIDEO = "video"  # a hidden video of a page, shown by setting its flag
    REEL = "reel"  # an uploaded reel, made public by finishing it
    STORY_PHOTO = "story_photo"  # an uploaded picture that a story will be made of
    STORY_VIDEO = "story_video"  # an uploaded video that a story will be made of
    COMMENT = "comment"  # a comment of ours under a post that is out


# What is or becomes a post by itself; the rest is only carried by one.
WHOLE_POSTS = frozenset(
    {
        RemoteKind.HIDDEN_POST,
        RemoteKind.PUBLIC_POST,
        RemoteKind.CONTAINER,
        RemoteKind.VIDEO,
        RemoteKind.REEL,
        RemoteKind.STORY_PHOTO,
        RemoteKind.STORY_VIDEO,
    }
)
# What we delete when it is no longer wanted. The rest can't be deleted, or goes by itself within a day.
DISCARDED_BY_US = frozenset(
    {RemoteKind.HIDDEN_POST, RemoteKind.PUBLIC_POST, RemoteKind.VIDEO, RemoteKind.REEL}
)


class Seen(StrEnum):
    """What a look at a remote object told."""

    LIVE = "live"
    HIDDEN = "hidden"
    GONE = "gone"
    UNKNOWN = "unknown"
