"""Reels, and stories that are videos: begun, sent, and made public by finishing them.

Nothing is public before `finish`, which names the id that was begun: finishing again makes no second one.
That call is answered when it is accepted; whether it is out is told by the video's status, and of a story
also by the page's stories. Sources: Meta, Video API, reels publishing; Page stories.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

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
from app.connectors.facebook import clips, errors, stories
from app.connectors.facebook.clips import Clip
from app.connectors.facebook.videos import read_twice
from app.connectors.failures import ConnectorFailure, NotYet, Reconnect, Rejected, RetryLater, Unsure
from app.connectors.meta_errors import Gone, Stale
from app.connectors.meta_graph import Graph
from app.connectors.meta_uploads import UPLOADS_MOST
from app.connectors.reasons import Reason
from app.domain.networks import Format, RemoteKind, Seen


@dataclass(frozen=True)
class Way:
    """What differs between the two: where they are begun and finished, and what they are."""

    edge: str
    kind: RemoteKind
    format: Format


REEL = Way("video_reels", RemoteKind.REEL, Format.REEL)
STORY = Way("video_stories", RemoteKind.STORY_VIDEO, Format.STORY)
WAYS = {REEL.kind: REEL, STORY.kind: STORY}


def stage(
    graph: Graph,
    access: Access,
    way: Way,
    outgoing: Outgoing,
    saved: Sequence[Saved],
    remember: Remember,
) -> Staged:
    """A video that was sent whole and worked at as far as it goes before it is finished.

    Raises NotYet until then, and what `contract` says.
    """
    picture = outgoing.pictures[0]
    if picture.video is None or len(outgoing.pictures) > 1:
        raise Rejected(Reason.NOT_OFFERED)
    ours = Ours(graph, access, way)
    out = ours.public_of(saved)
    if out:
        return ours.staged(outgoing, out.remote_id, out)
    remote_id, address, clip = ours.begun_before(saved)
    if not remote_id:
        remote_id, address = ours.begin(picture, saved, remember)
    if not (clip and _is_whole(clip, picture.video)):
        try:
            ours.send(address, picture.video, clip.sent if clip else 0, outgoing)
        except Stale:
            ours.begin(picture, saved, remember)
            raise
        clip = ours.read_fresh(remote_id)
    _must_be_ready(clip, picture.video)
    return ours.staged(outgoing, remote_id)


def show(graph: Graph, access: Access, staged: Staged) -> Receipt:
    """The one visible call. Raises NotYet when it was accepted and is not out at once, as is usual."""
    way = WAYS[staged.kind]
    form = {"upload_phase": "finish", "video_id": staged.remote_id}
    if way is REEL:
        form |= {"video_state": "PUBLISHED", **({"description": staged.text} if staged.text else {})}
    with errors.making():
        reply = graph.ask(access, "POST", f"{access.remote_id}/{way.edge}", form)
    if reply.data.get("success") is not True:
        raise Unsure(Reason.UNCLEAR_ANSWER)
    try:
        told = look(graph, access, staged)
    except ConnectorFailure:
        told = Look(Seen.UNKNOWN)
    if told.receipt:
        return told.receipt
    raise NotYet(Reason.PREPARING)


def look(graph: Graph, access: Access, staged: Staged) -> Look:
    """Live, hidden (not finished), unknown while it goes out. Raises Rejected when it ended in failure,
    Reconnect and RateLimited; any other trouble is `unknown`.
    """
    ours = Ours(graph, access, WAYS[staged.kind])
    try:
        listed = ours.listed(staged.remote_id, staged.since)
        if listed.receipt:
            return Look(Seen.LIVE, listed.receipt)
        clip = read_twice(graph, access, staged.remote_id)
    except (RetryLater, Rejected):
        return Look(Seen.UNKNOWN)
    if clip is None:
        return Look(Seen.GONE)
    if clip.out:
        return Look(Seen.LIVE, clip.receipt)
    if clip.failed and isinstance(clip.failed, Rejected):
        raise clip.failed
    if clip.failed or clip.expired:
        return Look(Seen.GONE)
    # Once it was shown, work at it may be on the way out, and silence is no "no".
    shown = staged.since is not None
    going = clip.going_out or not listed.whole or (shown and (clip.worked_at or not clip.told))
    return Look(Seen.UNKNOWN if going else Seen.HIDDEN)


def _must_be_ready(clip: Clip, video: VideoFile) -> None:
    """Nothing, when only finishing it is left to be done."""
    if clip.failed:
        raise clip.failed
    if clip.expired:
        raise Stale(Reason.UPLOAD_BROKEN)
    if clip.worked_at or not _is_whole(clip, video):
        raise NotYet(Reason.PREPARING)


def _is_whole(clip: Clip, video: VideoFile) -> bool:
    return clip.arrived or clip.sent >= video.size


@dataclass(frozen=True)
class Ours:
    """One page and one way; what is asked and begun there."""

    graph: Graph
    access: Access
    way: Way

    def public_of(self, saved: Sequence[Saved]) -> Receipt | None:
        """The one of ours that is public. All are looked at, or the same could go out twice.

        Raises Unsure when one was public and is gone, RetryLater when one is going out or not told of.
        """
        for one in saved:
            if one.kind not in (self.way.kind, RemoteKind.PUBLIC_POST):
                continue
            listed = self.listed(one.remote_id)
            if listed.receipt:
                return listed.receipt
            clip = read_twice(self.graph, self.access, one.remote_id)
            if clip is None and one.kind is RemoteKind.PUBLIC_POST:
                raise Unsure(Reason.POST_GONE)
            if clip and clip.out:
                return clip.receipt
            if not listed.whole or (clip and clip.going_out):
                raise RetryLater(Reason.UNCLEAR_ANSWER)
        return None

    def begun_before(self, saved: Sequence[Saved]) -> tuple[str, str, Clip | None]:
        """The newest that can be gone on with: its id, where its file is sent to, what is told of it.

        Empty when a new one must be begun. Raises Rejected when a new one would fail like the last.
        """
        kept = [one for one in saved if one.kind is self.way.kind and not one.old]
        if not kept:
            return "", "", None
        newest = kept[-1].remote_id
        clip = read_twice(self.graph, self.access, newest)
        if clip and isinstance(clip.failed, Rejected):
            raise clip.failed
        address = meta_uploads.address_for(saved, newest)
        if clip and not (clip.failed or clip.expired) and (clip.arrived or address):
            return newest, address, clip
        if len(kept) >= UPLOADS_MOST:
            raise Rejected(Reason.VIDEO_REFUSED)
        return "", "", None

    def begin(self, picture: Picture, saved: Sequence[Saved], remember: Remember) -> tuple[str, str]:
        """A new one, unseen: its id and where its file is sent to, both remembered."""
        if sum(one.kind is self.way.kind for one in saved) >= 2 * UPLOADS_MOST:
            raise Rejected(Reason.VIDEO_REFUSED)
        try:
            with errors.hidden():
                form = {"upload_phase": "start"}
                reply = self.graph.ask(self.access, "POST", f"{self.access.remote_id}/{self.way.edge}", form)
        except Gone:
            raise Reconnect(Reason.PAGE_NOT_SEEN) from None
        remote_id, address = str(reply.data.get("video_id") or ""), str(reply.data.get("upload_url") or "")
        if not remote_id or not address:
            raise Unsure(Reason.UNCLEAR_ANSWER)
        remember(self.way.kind, remote_id, picture.part)
        remember(RemoteKind.UPLOAD, address, picture.part)
        return remote_id, address

    def send(self, address: str, video: VideoFile, offset: int, outgoing: Outgoing) -> None:
        """The rest of its file."""
        try:
            meta_uploads.send(
                self.graph, errors.DICTIONARY, self.access, address, video, offset, outgoing.carry_on
            )
        except Gone:
            raise RetryLater(Reason.UPLOAD_BROKEN) from None

    def read_fresh(self, remote_id: str) -> Clip:
        """What is told of one that was begun just now; it may not be seen for a while."""
        try:
            return clips.read(self.graph, self.access, remote_id)
        except Gone:
            raise NotYet(Reason.PREPARING) from None

    def listed(self, remote_id: str, shown_at: datetime | None = None) -> stories.Listed:
        """A story stands in the page's list; a reel is told by its status alone."""
        if self.way is REEL:
            return stories.Listed()
        return stories.among(self.graph, self.access, remote_id, shown_at)

    def staged(self, outgoing: Outgoing, remote_id: str, receipt: Receipt | None = None) -> Staged:
        """What is handed to the showing; a reel's words go out with that."""
        text, permalink = outgoing.text, receipt.permalink if receipt else ""
        return Staged(
            remote_id, permalink, text=text, receipt=receipt, kind=self.way.kind, format=self.way.format
        )
