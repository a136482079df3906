"""What the page of a video tells besides: which networks take it as it is, and what may be its cover."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session
from starlette.requests import Request

from app.connectors import registry
from app.dependencies.viewers import Viewer
from app.domain.contents import video_of
from app.domain.networks import Format
from app.domain.videos import Video, video_faults
from app.foundation.database import AnyRow
from app.models.assets import Asset
from app.queries import assets as questions
from app.queries.assets import AssetFilter
from app.web import headers
from app.words import videos as words
from app.words.sentences import sentence

MOST_COVERS = 24
_FIND_MOST = 200  # signs of a search


@dataclass(frozen=True)
class Fit:
    """Whether a network takes the video in a form: `reasons` say why not, and what to change."""

    network: str
    form: Format
    reasons: Sequence[str]


@dataclass(frozen=True)
class Film:
    """What the page of a video needs. `covers`: pictures that may be its cover; `find`: their words."""

    video: Video
    fits: Sequence[Fit]
    captions: Sequence[tuple[str, str]]
    covers: Sequence[AnyRow]
    find: str


def facts(request: Request, viewer: Viewer, session: Session, asset: Asset) -> Film | None:
    """Of a video; None for a picture. Lets the page play it."""
    video = video_of(asset)
    if video is None:
        return None
    headers.allow(request, "media-src", "'self'")
    find = request.query_params.get("find", "")[:_FIND_MOST].replace("\x00", "")
    wanted = AssetFilter(words=find, moving=False)
    covers = questions.listed(session, viewer.actor.scope, wanted, limit=MOST_COVERS)
    return Film(video, fits(video, viewer.locale), words.caption_options(viewer.locale), covers, find)


def fits(video: Video, locale: str) -> list[Fit]:
    """Each network that takes videos, in each form in which it does."""
    found = []
    for profile in registry.profiles_called():
        for form in Format:
            formed = profile.in_format(form)
            if formed is None or formed.videos is None:
                continue
            reasons = [
                sentence(fault.code, locale, **fault.params, network=profile.label, format=form)
                for fault in video_faults(video, formed.videos, "")
            ]
            found.append(Fit(profile.kind.value, form, reasons))
    return found
