"""Which way a content goes on a page: a post, a video, a reel, a story; and what is the same for all of them.

Source: Meta, Pages API, posts; Graph API reference, Page Post and Video (update, delete).
"""

from collections.abc import Sequence
from dataclasses import replace

from app.connectors.contract import Access, Look, Outgoing, Receipt, Remember, Saved, Staged
from app.connectors.facebook import clips, errors, publish, reels, staging, stories, videos
from app.connectors.failures import Rejected, Unsure
from app.connectors.meta_errors import Gone, gone_is_refused
from app.connectors.meta_graph import Graph
from app.connectors.reasons import Reason
from app.domain.networks import Format, RemoteKind, Seen

_POSTS = (RemoteKind.HIDDEN_POST, RemoteKind.PUBLIC_POST)
_STORIES = (RemoteKind.STORY_PHOTO, RemoteKind.STORY_VIDEO)


def stage(
    graph: Graph, access: Access, outgoing: Outgoing, saved: Sequence[Saved], remember: Remember
) -> Staged:
    """Everything laid ready, hidden, in the form that was asked for."""
    moving = any(picture.video for picture in outgoing.pictures)
    if outgoing.format is not Format.POST and len(outgoing.pictures) != 1:
        raise Rejected(Reason.NOT_OFFERED)
    if outgoing.format is Format.REEL:
        return reels.stage(graph, access, reels.REEL, outgoing, saved, remember)
    if outgoing.format is Format.STORY:
        if moving:
            return reels.stage(graph, access, reels.STORY, outgoing, saved, remember)
        return stories.stage(graph, access, outgoing, saved, remember)
    if moving:
        return videos.stage(graph, access, outgoing, saved, remember)
    return staging.stage(graph, access, outgoing, saved, remember)


def show(graph: Graph, access: Access, staged: Staged) -> Receipt:
    """The one visible call."""
    kind = kind_of(staged)
    if kind in reels.WAYS:
        return reels.show(graph, access, staged)
    if kind is RemoteKind.STORY_PHOTO:
        return stories.show(graph, access, staged)
    if kind is RemoteKind.VIDEO:
        return videos.show(graph, access, staged)
    return publish.show(graph, access, staged)


def look(graph: Graph, access: Access, staged: Staged) -> Look:
    """Whether it is public, hidden or gone."""
    kind = kind_of(staged)
    if kind in reels.WAYS:
        return reels.look(graph, access, staged)
    if kind is RemoteKind.STORY_PHOTO:
        return stories.look(graph, access, staged)
    if kind is RemoteKind.VIDEO:
        return videos.look(graph, access, staged.remote_id)
    return publish.look(graph, access, staged.remote_id)


def find(graph: Graph, access: Access, staged: Staged, remote_id: str) -> Receipt | None:
    """The address of what was laid ready; None when it is not there, or not public."""
    return look(graph, access, replace(staged, remote_id=remote_id or staged.remote_id)).receipt


def discard(graph: Graph, access: Access, staged: Staged) -> Look:
    """Deletes what a look just found hidden; else tells what it saw. Raises Unsure if lost.

    What a story would be made of is only looked at: it goes by itself.
    """
    try:
        told = look(graph, access, staged)
    except Rejected:
        told = Look(Seen.HIDDEN)  # it came to nothing, and nobody ever saw it
    if told.seen is not Seen.HIDDEN or staged.kind in _STORIES:
        return told
    try:
        with errors.hidden():
            publish.must_be_done(graph.ask(access, "DELETE", staged.remote_id))
    except Gone:
        pass
    return Look(Seen.GONE)


def correct(graph: Graph, access: Access, remote_id: str, text: str) -> None:
    """Sets the text, which may be repeated. A post that is not there is a person's matter: Rejected."""
    field = "description" if is_video(remote_id) else "message"
    with gone_is_refused(), errors.hidden():
        publish.must_be_done(graph.ask(access, "POST", remote_id, {field: text}))


def remove(graph: Graph, access: Access, remote_id: str) -> None:
    """Deletes a public post or video. "No such post" is believed only when a look does not see it either:
    Meta says the same of a post that it won't let us delete. A story can't be deleted by a program.
    """
    if is_video(remote_id) and _is_of_a_story(graph, access, remote_id):
        raise Rejected(Reason.NOT_OFFERED)
    try:
        with errors.visible():
            publish.must_be_done(graph.ask(access, "DELETE", remote_id))
    except Gone:
        seen = look(graph, access, Staged(remote_id)).seen
        if seen is Seen.UNKNOWN:
            raise Unsure(Reason.UNCLEAR_ANSWER) from None
        if seen is not Seen.GONE:
            raise Rejected(Reason.NOT_OFFERED) from None


def _is_of_a_story(graph: Graph, access: Access, remote_id: str) -> bool:
    """Whether an id without a page is no video's that stands by itself. The list of stories may lag."""
    try:
        clips.read(graph, access, remote_id)
    except Rejected:
        return True  # a picture has no status to ask for
    except Gone:
        return False
    return stories.among(graph, access, remote_id, back=stories.EVER).receipt is not None


def kind_of(staged: Staged) -> RemoteKind:
    """What an id names. Who knows nothing but a public id asks as of a post."""
    plain = staged.kind in _POSTS or staged.kind is RemoteKind.MEDIA
    return RemoteKind.VIDEO if plain and is_video(staged.remote_id) else staged.kind


def is_video(remote_id: str) -> bool:
    """A post's id names its page as well, "<page>_<post>"; a video's is one number."""
    return "_" not in remote_id
