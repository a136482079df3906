"""How a post is written down as containers: what each format and each part of it is made with.

Source: Meta, Instagram Platform, reference, ig-user/media; content publishing; resumable uploads.
"""

from app.connectors.contract import Outgoing, Picture
from app.domain.networks import Format


def whole(outgoing: Outgoing) -> dict[str, str]:
    """The one container of a post with one picture or video. A story takes no words.

    One video goes out as a reel; it stands in the flow as well.
    """
    picture = outgoing.pictures[0]
    if outgoing.format is Format.STORY:
        return {"media_type": "STORIES"} | (_sent() if picture.video else {"image_url": picture.lend()})
    if not picture.video:
        return caption(outgoing) | _fetched(picture)
    return caption(outgoing) | _sent() | {"media_type": "REELS", "share_to_feed": "true"} | _cover(picture)


def part(picture: Picture) -> dict[str, str]:
    """One picture or video of a carousel."""
    own = {"media_type": "VIDEO"} | _sent() if picture.video else _fetched(picture)
    return own | {"is_carousel_item": "true"}


def carousel(outgoing: Outgoing, parts: list[str]) -> dict[str, str]:
    """The container that holds its parts."""
    return caption(outgoing) | {"media_type": "CAROUSEL", "children": ",".join(parts)}


def caption(outgoing: Outgoing) -> dict[str, str]:
    """A post's words. A link is left out: it can't be clicked in a caption."""
    return {"caption": outgoing.text} if outgoing.text else {}


def _fetched(picture: Picture) -> dict[str, str]:
    """A picture as a container names it: an address of ours, lent for this one container."""
    form = {"image_url": picture.lend()}
    if picture.alt_text:
        form["alt_text"] = picture.alt_text
    return form


def _sent() -> dict[str, str]:
    """A video's file is sent by us, in pieces that can be gone on with."""
    return {"upload_type": "resumable"}


def _cover(picture: Picture) -> dict[str, str]:
    """A moment of the video itself, else a picture that is fetched from us."""
    video = picture.video
    if video is None or video.poster_ms is None:
        return {"cover_url": picture.lend()}
    return {"thumb_offset": str(max(0, min(video.poster_ms, video.duration_ms - 1)))}
