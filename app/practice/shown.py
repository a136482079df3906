"""Pictures and videos as the templates of the public view need them."""

from dataclasses import dataclass

from app.practice.people import Clip, Picture


@dataclass(frozen=True)
class Shown:
    """A picture or video as a template needs it: the file of the picture or poster, its alternative text
    (perhaps empty) and its size; video: the file of the video, "" for a picture."""

    name: str
    alt: str
    width: int
    height: int
    video: str = ""


def shown(pieces: list[tuple[Picture | Clip, str]]) -> list[Shown]:
    """Pictures and videos for a template, in their order."""
    return [_shown(one, alt) for one, alt in pieces]


def _shown(one: Picture | Clip, alt: str) -> Shown:
    if isinstance(one, Clip):
        return Shown(one.poster.name, alt, one.width, one.height, one.name)
    return Shown(one.name, alt, one.width, one.height)
