"""The kinds of content that go through every fault. A new kind is one more line of the table."""

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.networks import Format, NetworkKind
from tests.support.stand import Shot

ONE = (Shot("Anna at the loan desk"),)
TWO = (*ONE, Shot("A cart full of books", "maroon", 600, 800))
COMMENT = "Come along on Wednesday"


@dataclass(frozen=True)
class Kind:
    """One kind of content. `staging`: the calls that lay it ready; `shows`: the call that makes it public;
    `looks`: those that tell whether it is. `moments`: how many there are at which a process may die.

    `film`: it has a video, after its pictures. `comment`: of ours, written below it.
    """

    name: str
    network: NetworkKind
    staging: tuple[str, ...]
    shows: str
    looks: tuple[str, ...]
    moments: int
    shots: tuple[Shot, ...] = ()
    link: str = ""
    format: Format = Format.POST
    film: bool = False
    comment: str = ""

    @property
    def calls(self) -> tuple[str, ...]:
        """Every kind of call on its way to the public."""
        below = ("comment", "comments") if self.comment else ()
        return (*self.staging, self.shows, *self.looks, *below)

    @property
    def sets_a_flag(self) -> bool:
        """Whether a repeat of the visible call could never make a second post."""
        return self.shows in ("show", "video_show")

    @property
    def nameless(self) -> bool:
        """Whether nothing tells it from a colleague's once its id was lost: a story has no words."""
        return self.format is Format.STORY and self.network is NetworkKind.INSTAGRAM

    def __str__(self) -> str:
        return self.name


_PAGE, _PROFILE = NetworkKind.FACEBOOK, NetworkKind.INSTAGRAM
_CONTAINER, _LOOKS = ("container", "container_status"), ("container_status", "media_list", "quota")
_SENT = ("container", "rupload", "container_status")
_REEL, _STORY = Format.REEL, Format.STORY
KINDS = (
    Kind("text", _PAGE, ("create",), "show", ("read",), 45),
    Kind("link", _PAGE, ("create",), "show", ("read",), 45, link="https://library.example/dogs"),
    Kind("picture", _PAGE, ("photo", "create"), "show", ("read",), 49, ONE),
    Kind("pictures", _PAGE, ("photo", "create"), "show", ("read",), 53, TWO),
    Kind("video", _PAGE, ("upload_start", "upload", "video"), "video_show", ("video_read",), 130, film=True),
    Kind("reel", _PAGE, ("reel_start", "rupload"), "reel", ("video_read",), 120, film=True, format=_REEL),
    Kind("story", _PAGE, ("photo",), "story", ("list", "photo_read"), 86, ONE, format=_STORY),
    Kind(
        "video story", _PAGE, ("story_start", "rupload"), "story", ("list", "video_read"), 142,
        film=True, format=_STORY,
    ),
    Kind("commented", _PAGE, ("create",), "show", ("read",), 52, comment=COMMENT),
    Kind("profile picture", _PROFILE, _CONTAINER, "media_publish", _LOOKS, 109, ONE),
    Kind("carousel", _PROFILE, _CONTAINER, "media_publish", _LOOKS, 121, TWO),
    Kind("carousel with a video", _PROFILE, _SENT, "media_publish", _LOOKS, 147, ONE, film=True),
    Kind("profile reel", _PROFILE, _SENT, "media_publish", _LOOKS, 133, film=True, format=_REEL),
    Kind("profile story", _PROFILE, _CONTAINER, "media_publish", _LOOKS, 109, ONE, format=_STORY),
    Kind("profile video story", _PROFILE, _SENT, "media_publish", _LOOKS, 132, film=True, format=_STORY),
    Kind("commented profile", _PROFILE, _CONTAINER, "media_publish", _LOOKS, 135, ONE, comment=COMMENT),
)  # fmt: skip
BY_NAME = {kind.name: kind for kind in KINDS}


def of(fits: Callable[[Kind], bool]) -> list[Kind]:
    """Some of them."""
    return [kind for kind in KINDS if fits(kind)]
