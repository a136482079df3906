"""The kinds of content that go through every fault. A new kind is one more line of the table."""

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.networks import NetworkKind
from tests.support.stand import Shot

ONE = (Shot("Anna at the loan desk"),)
TWO = (*ONE, Shot("A cart full of books", "maroon", 600, 800))


@dataclass(frozen=True)
class Kind:
    """One kind of content. `staging`: the calls that lay it ready; `shows`: the call that makes it public;
    `looks`: those that tell whether it is. `moments`: how many there are at which a process may die.
    """

    name: str
    network: NetworkKind
    staging: tuple[str, ...]
    shows: str
    looks: tuple[str, ...]
    moments: int
    shots: tuple[Shot, ...] = ()
    link: str = ""

    @property
    def calls(self) -> tuple[str, ...]:
        """Every kind of call on its way to the public."""
        return (*self.staging, self.shows, *self.looks)

    def __str__(self) -> str:
        return self.name


_PAGE, _PROFILE = NetworkKind.FACEBOOK, NetworkKind.INSTAGRAM
_CONTAINER = ("container", "container_status")
_LOOKS = ("container_status", "media_list", "quota")
KINDS = (
    Kind("text", _PAGE, ("create",), "show", ("read",), 45),
    Kind("link", _PAGE, ("create",), "show", ("read",), 45, link="https://library.example/dogs"),
    Kind("picture", _PAGE, ("photo", "create"), "show", ("read",), 49, ONE),
    Kind("pictures", _PAGE, ("photo", "create"), "show", ("read",), 53, TWO),
    Kind("profile picture", _PROFILE, _CONTAINER, "media_publish", _LOOKS, 98, ONE),
    Kind("carousel", _PROFILE, _CONTAINER, "media_publish", _LOOKS, 112, TWO),
)
BY_NAME = {kind.name: kind for kind in KINDS}


def of(fits: Callable[[Kind], bool]) -> list[Kind]:
    """Some of them."""
    return [kind for kind in KINDS if fits(kind)]
