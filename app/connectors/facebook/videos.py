"""A video in a page's flow: its file sent by a resumable upload, a hidden video made of it, shown by a flag.

A hidden video whose answer was lost is never seen and is not looked for: nothing tells it from a colleague's.
Source: Meta, Page reference, videos (published, fbuploader_video_file_chunk, thumb); Graph API reference,
Video (update: published, description).
"""

from collections.abc import Sequence
from contextlib import suppress

from app.connectors import meta_uploads
from app.connectors.contract import (
    Access,
    Look,
    Outgoing,
    Picture,
    Receipt,
    Remember,
    Saved,
    Staged,
    VideoFile,
)
from app.connectors.facebook import clips, errors
from app.connectors.facebook.clips import Clip
from app.connectors.failures import NotYet, Reconnect, Rejected, RetryLater, Unsure
from app.connectors.meta_errors import Gone, Stale
from app.connectors.meta_graph import Graph
from app.connectors.meta_uploads import UPLOADS_MOST
from app.connectors.reasons import Reason
from app.domain.networks import RemoteKind, Seen
from app.domain.texts import with_link

# Kept so that a file need not be sent again after a lost answer; longer ones find no room.
_HANDLE, _KEPT_MOST = "handle:", 480
_MADE = (RemoteKind.VIDEO, RemoteKind.PUBLIC_POST)


def stage(
    graph: Graph, access: Access, outgoing: Outgoing, saved: Sequence[Saved], remember: Remember
) -> Staged:
    """A hidden video that Facebook has finished working at. Raises NotYet until then, as `contract` says."""
    picture = outgoing.pictures[0]
    if picture.video is None or len(outgoing.pictures) > 1:
        raise Rejected(Reason.NOT_OFFERED)
    clip = _saved_clip(graph, access, saved)
    if clip is None or clip.failed or clip.expired:
        _may_go_on(clip, saved)
        clip = _make(graph, access, outgoing, picture, picture.video, saved, remember)
    if clip.published:
        return Staged(clip.remote_id, clip.permalink, receipt=clip.receipt, kind=RemoteKind.VIDEO)
    if clip.failed:
        raise clip.failed
    if not clip.ready:
        raise NotYet(Reason.PREPARING)
    return Staged(clip.remote_id, clip.permalink, kind=RemoteKind.VIDEO)


def show(graph: Graph, access: Access, staged: Staged) -> Receipt:
    """The one visible call: it sets a flag on the stored video, so a repeat makes no second one."""
    with errors.visible():
        reply = graph.ask(access, "POST", staged.remote_id, {"published": "true"})
    if reply.data.get("success") is not True:
        raise Unsure(Reason.UNCLEAR_ANSWER)
    return Receipt(staged.remote_id, staged.permalink, reply.network_at)


def look(graph: Graph, access: Access, remote_id: str) -> Look:
    """Reads the flag. Raises Reconnect and RateLimited; any other trouble is `unknown`, never a verdict."""
    try:
        clip = clips.read(graph, access, remote_id)
    except Gone:
        return Look(Seen.GONE)
    except (RetryLater, Rejected):
        return Look(Seen.UNKNOWN)
    if clip.published is None:
        return Look(Seen.UNKNOWN)
    return Look(Seen.LIVE, clip.receipt) if clip.published else Look(Seen.HIDDEN)


def _saved_clip(graph: Graph, access: Access, saved: Sequence[Saved]) -> Clip | None:
    """Of the videos that we stored: one that is public, else the newest that may be used.

    All are looked at: were an older one public, showing a newer one would put the same video out twice.
    """
    found: Clip | None = None
    for one in reversed([one for one in saved if one.kind in _MADE]):
        clip = read_twice(graph, access, one.remote_id)
        if clip is None:
            if one.kind is RemoteKind.PUBLIC_POST:
                # It was public once and somebody took it away: making it anew is a person's decision.
                raise Unsure(Reason.POST_GONE)
            continue
        if clip.published:
            return clip
        usable = not one.old and not (clip.failed or clip.expired)
        if found is None or (usable and (found.failed or found.expired)):
            found = clip if not one.old else found
    return found


def read_twice(graph: Graph, access: Access, remote_id: str) -> Clip | None:
    """One video; None when it is said twice that there is none: on fresh ones that comes and goes."""
    for _ in range(2):
        try:
            return clips.read(graph, access, remote_id)
        except Gone:
            continue
        except Rejected as refused:
            raise RetryLater(Reason.UNCLEAR_ANSWER, refused.message, code=refused.code) from None
    return None


def _may_go_on(failed: Clip | None, saved: Sequence[Saved]) -> None:
    """Raises Rejected when another video of the same file would fail like those before it."""
    why = failed.failed if failed else None
    if isinstance(why, Rejected):
        raise why
    if sum(one.kind is RemoteKind.VIDEO and not one.old for one in saved) >= UPLOADS_MOST:
        raise Rejected(Reason.VIDEO_REFUSED, why.message if why else "")


def _make(
    graph: Graph,
    access: Access,
    outgoing: Outgoing,
    picture: Picture,
    video: VideoFile,
    saved: Sequence[Saved],
    remember: Remember,
) -> Clip:
    handle, kept = _sent(graph, access, outgoing, picture, video, saved, remember)
    try:
        remote_id = _create(graph, access, outgoing, picture, handle)
    except Gone:
        raise Reconnect(Reason.PAGE_NOT_SEEN) from None
    except (Stale, Rejected) as refused:
        if isinstance(refused, Rejected) and not kept:
            raise
        # A file that was sent a while ago may be of no more use, or only once.
        _begin(graph, access, picture, video, saved, remember)
        raise Stale(Reason.UPLOAD_BROKEN, refused.message, code=refused.code) from None
    remember(RemoteKind.VIDEO, remote_id, picture.part)
    try:
        return clips.read(graph, access, remote_id)
    except Gone:
        raise NotYet(Reason.PREPARING) from None


def _sent(
    graph: Graph,
    access: Access,
    outgoing: Outgoing,
    picture: Picture,
    video: VideoFile,
    saved: Sequence[Saved],
    remember: Remember,
) -> tuple[str, bool]:
    """The handle of the file, and whether it was kept from before: else of the upload that is under way, or
    of a new one.
    """
    under_way = _under_way(saved, picture.part)
    if under_way.startswith(_HANDLE):
        return under_way.removeprefix(_HANDLE), True
    go, handle = outgoing.carry_on, ""
    if under_way:
        with suppress(Gone, Stale):
            handle = meta_uploads.handle(graph, errors.DICTIONARY, access, under_way, video, go)
    try:
        upload_id = "" if handle else _begin(graph, access, picture, video, saved, remember)
        handle = handle or meta_uploads.handle(graph, errors.DICTIONARY, access, upload_id, video, go)
    except Gone:
        raise RetryLater(Reason.UPLOAD_BROKEN) from None
    if len(handle) <= _KEPT_MOST:
        remember(RemoteKind.UPLOAD, _HANDLE + handle, picture.part)
    return handle, False


def _under_way(saved: Sequence[Saved], part: str) -> str:
    """The newest upload of a file, or its handle, that no video was made of yet."""
    for one in reversed(saved):
        if one.kind is RemoteKind.VIDEO:
            return ""
        if one.kind is RemoteKind.UPLOAD and one.part == part:
            return one.remote_id
    return ""


def _begin(
    graph: Graph,
    access: Access,
    picture: Picture,
    video: VideoFile,
    saved: Sequence[Saved],
    remember: Remember,
) -> str:
    if sum(one.kind is RemoteKind.UPLOAD for one in saved) >= 4 * UPLOADS_MOST:
        raise Rejected(Reason.VIDEO_REFUSED)
    upload_id = meta_uploads.begin(graph, errors.DICTIONARY, access, video)
    remember(RemoteKind.UPLOAD, upload_id, picture.part)
    return upload_id


def _create(graph: Graph, access: Access, outgoing: Outgoing, picture: Picture, handle: str) -> str:
    """A hidden video with its words and its cover; returns its id. Raises Unsure when the answer was lost."""
    form = {"published": "false", "fbuploader_video_file_chunk": handle}
    text = with_link(outgoing.text, outgoing.link)
    if text:
        form["description"] = text
    with errors.hidden():
        reply = graph.upload(access, f"{access.remote_id}/videos", form, picture.read(), "thumb")
    remote_id = reply.data.get("id")
    if not isinstance(remote_id, str) or not remote_id:
        raise Unsure(Reason.UNCLEAR_ANSWER)
    return remote_id
