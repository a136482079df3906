"""Covers of videos: another moment, or a picture of the library cut to the video's shape."""

from dataclasses import dataclass
from pathlib import Path

from app.actions import assets
from app.domain.contents import video_of
from app.domain.errors import Invalid
from app.domain.pictures import PictureLimits, box_for
from app.domain.roles import Actor
from app.domain.videos import Video
from app.errands.ground import Ground
from app.errands.pictures import check_space, folder_for, keep, told
from app.queries import assets as questions

_COVER_MOST = 100_000_000  # bytes of a cover before it is made a picture like others: no limit of its own


@dataclass(frozen=True)
class _Other:
    """The picture that becomes a cover."""

    sha256: str
    size: tuple[int, int]
    focal: tuple[float, float]


def cover_from_moment(ground: Ground, actor: Actor, asset_id: int, at_ms: int) -> None:
    """Let the cover of a video show one moment of it, in milliseconds.

    Raises NotFound, Forbidden, Conflict when it was removed, Invalid ("no_video", "bad_moment").
    """
    video = _video(ground, actor, asset_id)
    if not 0 <= at_ms <= video.duration_ms:
        raise Invalid("bad_moment", "cover_ms", most=int(video.seconds))
    check_space(ground)
    with told(), folder_for(ground) as folder:
        film = ground.store.path("video", video.sha256)
        shown = ground.videos.frame(film, folder / "cover.jpg", at_ms, video.width, video.height)
        _set(ground, actor, asset_id, folder, shown)


def cover_from_picture(ground: Ground, actor: Actor, asset_id: int, picture_id: int) -> None:
    """Let the cover of a video be a picture that its unit may use, cut around what must stay in view.

    Raises NotFound, Forbidden, Conflict when it was removed, Invalid ("no_video", "cover_not_usable").
    """
    video = _video(ground, actor, asset_id)
    other = _other(ground, actor, asset_id, picture_id)
    shape = PictureLimits(most=1, least_ratio=video.ratio, most_ratio=video.ratio)
    box = box_for(*other.size, other.focal, shape)
    check_space(ground)
    with told(), folder_for(ground) as folder:
        ground.pictures.render(
            ground.store.path("master", other.sha256), folder / "cover.jpg",
            box=box.values, width=video.width, height=video.height, most_bytes=_COVER_MOST,
        )  # fmt: skip
        _set(ground, actor, asset_id, folder, None)


def _video(ground: Ground, actor: Actor, asset_id: int) -> Video:
    with ground.database.reads() as session:
        video = video_of(assets.check_may_change(session, actor, asset_id))
    if video is None:
        raise Invalid("no_video")
    return video


def _other(ground: Ground, actor: Actor, asset_id: int, picture_id: int) -> _Other:
    with ground.database.reads() as session:
        unit_id = questions.asset(session, actor.scope, asset_id).unit_id
        found = questions.usable(session, actor.scope, unit_id, [picture_id]).get(picture_id)
        if found is None:
            raise Invalid("cover_not_usable", "cover_asset_id")
        return _Other(found.sha256, (found.width, found.height), (found.focal_x, found.focal_y))


def _set(ground: Ground, actor: Actor, asset_id: int, folder: Path, poster_ms: int | None) -> None:
    cover = ground.pictures.take_in(folder / "cover.jpg", folder)
    keep(ground, cover.sha256, folder)
    with ground.database.writes() as session:
        assets.set_cover(session, actor, asset_id, cover, poster_ms)
    keep(ground, cover.sha256, folder)  # what housekeeping took for left over a moment before
