"""A post, reel or story laid ready at Instagram: one container, or one for each part and one that holds all.

Instagram fetches pictures from us, is sent videos, and works at them; until all is ready the caller asks
again (NotYet). Source: Meta, Instagram Platform, content publishing (single media, carousels); error codes.
"""

from collections.abc import Sequence
from dataclasses import replace

from app.connectors.contract import Access, Outgoing, Picture, Receipt, Remember, Saved, Staged
from app.connectors.failures import NotYet, Rejected, RetryLater
from app.connectors.instagram import containers, films, forms, media, quota
from app.connectors.instagram.containers import Begun, Container, State
from app.connectors.meta_errors import Stale
from app.connectors.meta_graph import Graph
from app.connectors.reasons import Reason
from app.domain.networks import Format, RemoteKind
from app.domain.texts import same_words

# Containers made for one picture before we give up: when it can't be fetched (our address may be down for a
# while), and when it fails for a reason that nobody tells. Instagram takes 400 in 24 hours.
_FETCHES_MOST, _FAILURES_MOST = 20, 3
_VANISHED = (State.EXPIRED, State.UNSEEN)


def stage(
    graph: Graph, access: Access, outgoing: Outgoing, saved: Sequence[Saved], remember: Remember
) -> Staged:
    """A container that is ready, or one that is public already, with its receipt.

    A link is left out: it can't be clicked in a caption.
    """
    if not outgoing.pictures or (outgoing.format is not Format.POST and len(outgoing.pictures) > 1):
        raise Rejected(Reason.NOT_OFFERED)
    if outgoing.format is Format.REEL and outgoing.pictures[0].video is None:
        raise Rejected(Reason.NOT_OFFERED)
    whole = _saved_whole(graph, access, outgoing, saved)
    if whole is None or whole.state in (State.ERROR, *_VANISHED):
        whole = _make(graph, access, outgoing, saved, remember, whole)
    ready = Staged(whole.remote_id, text=outgoing.text, kind=RemoteKind.CONTAINER, format=outgoing.format)
    if whole.state is State.PUBLISHED:
        return replace(ready, receipt=Receipt("", "", whole.network_at))
    quota.must_be_left(graph, access)
    return replace(ready, known=media.newest(graph, access, outgoing.format).ids)


def _saved_whole(
    graph: Graph, access: Access, outgoing: Outgoing, saved: Sequence[Saved]
) -> Container | None:
    """Of the containers that we stored: the public one, else the newest ready one, else the newest.

    All are looked at: were an older one public, publishing a newer one would put the same post out twice.
    """
    kept = [one for one in saved if one.kind is RemoteKind.CONTAINER]
    if not kept:
        return None
    told = containers.read_all(graph, access, [one.remote_id for one in kept])
    by_state = {one.state: one for one in told}
    if State.PUBLISHED in by_state:
        return by_state[State.PUBLISHED]
    if State.UNTOLD in by_state:
        raise RetryLater(by_state[State.UNTOLD].untold)
    if State.UNSEEN in by_state:
        _must_not_be_public(graph, access, outgoing)
    usable = [container for container, one in zip(told, kept, strict=True) if not one.old]
    by_state = {one.state: one for one in usable}
    if State.FINISHED in by_state:
        return by_state[State.FINISHED]
    if State.IN_PROGRESS in by_state:
        return _go_on(graph, access, outgoing, saved, by_state[State.IN_PROGRESS])
    return usable[-1] if usable else None


def _go_on(
    graph: Graph, access: Access, outgoing: Outgoing, saved: Sequence[Saved], container: Container
) -> Container | None:
    """Send what is missing of a video, and wait. One that can't be filled any more counts as expired."""
    if len(outgoing.pictures) == 1:
        try:
            picture, go = outgoing.pictures[0], outgoing.carry_on
            films.go_on(graph, access, container.remote_id, picture, saved, go)
        except Stale:
            return replace(container, state=State.EXPIRED)
    raise NotYet(Reason.PREPARING)


def _must_not_be_public(graph: Graph, access: Access, outgoing: Outgoing) -> None:
    """A container that is not seen, said twice, may have been published before: if anything public has our
    words, nothing new is made. Seeing containers comes and goes, so it is asked again later.
    """
    words = media.words_of(outgoing.text, outgoing.format)
    for one in media.newest(graph, access, outgoing.format).media:
        if one.remote_id not in outgoing.taken and same_words(one.caption, words):
            raise RetryLater(Reason.UNCLEAR_ANSWER)


def _make(
    graph: Graph,
    access: Access,
    outgoing: Outgoing,
    saved: Sequence[Saved],
    remember: Remember,
    failed: Container | None,
) -> Container:
    """A new container; `failed`: the newest before it, whose reason is raised when the new one is begun."""
    before = [one.kind for one in saved]
    tries = sum(one.kind is RemoteKind.CONTAINER and not one.old for one in saved)
    # Parts that an earlier container held are not used again.
    earlier = RemoteKind.CONTAINER in before
    fresh = saved[len(before) - before[::-1].index(RemoteKind.CONTAINER) :] if earlier else saved
    why = failed.failure if failed and failed.state is State.ERROR else None
    if why and not any(one.kind is RemoteKind.PART for one in fresh):
        _may_go_on(why, tries)
    elif failed and _moves_alone(outgoing) and tries >= _FAILURES_MOST:
        raise Rejected(Reason.VIDEO_REFUSED)
    else:
        why = None
    if len(outgoing.pictures) > 1:
        form = forms.carousel(outgoing, _parts(graph, access, outgoing, fresh, remember, why))
    else:
        form = forms.whole(outgoing)
    made = containers.create(graph, access, form)
    _remember(remember, RemoteKind.CONTAINER, made, "")
    if why:
        raise why
    if len(outgoing.pictures) == 1:
        films.first(graph, access, made.address, outgoing.pictures[0], outgoing.carry_on)
    return _ready(containers.read(graph, access, made.remote_id))


def _moves_alone(outgoing: Outgoing) -> bool:
    return len(outgoing.pictures) == 1 and outgoing.pictures[0].video is not None


def _remember(remember: Remember, kind: RemoteKind, made: Begun, part: str) -> None:
    remember(kind, made.remote_id, part)
    if made.address:
        remember(RemoteKind.UPLOAD, made.address, part)


def _parts(
    graph: Graph,
    access: Access,
    outgoing: Outgoing,
    saved: Sequence[Saved],
    remember: Remember,
    why: RetryLater | Rejected | None,
) -> list[str]:
    """The ids of the parts in the pictures' order, all ready. Raises NotYet while one is not, and what is
    wrong with one when another has been begun for it.
    """
    pictures = outgoing.pictures
    there: dict[str, list[str]] = {picture.part: [] for picture in pictures}
    for before in saved:
        if before.kind is RemoteKind.PART and before.part in there:
            there[before.part].append(before.remote_id)
    for picture in pictures:
        if not there[picture.part]:
            made = _part(graph, access, picture, remember)
            films.first(graph, access, made.address, picture, outgoing.carry_on)
            there[picture.part].append(made.remote_id)
    if why:
        raise why
    asked = [remote_id for ids in there.values() for remote_id in ids]
    told = dict(zip(asked, containers.read_all(graph, access, asked), strict=True))
    best = [_best([told[remote_id] for remote_id in there[picture.part]]) for picture in pictures]
    for place, (picture, one) in enumerate(zip(pictures, best, strict=True)):
        best[place] = _filled(graph, access, outgoing, picture, one, saved)
        _begin_anew(graph, access, picture, best[place], len(there[picture.part]), saved, remember)
    if any(one.state is not State.FINISHED for one in best):
        raise NotYet(Reason.PREPARING)
    return [one.remote_id for one in best]


def _filled(
    graph: Graph,
    access: Access,
    outgoing: Outgoing,
    picture: Picture,
    part: Container,
    saved: Sequence[Saved],
) -> Container:
    """A part whose video was sent to its end; one that can't be filled any more counts as expired."""
    if part.state is State.IN_PROGRESS and any(part.remote_id == before.remote_id for before in saved):
        try:
            films.go_on(graph, access, part.remote_id, picture, saved, outgoing.carry_on)
        except Stale:
            return replace(part, state=State.EXPIRED)
    return part


def _best(made: list[Container]) -> Container:
    """Of what was made for one picture: what is ready, else the newest. Some are not seen for a while."""
    return next((one for one in made if one.state is State.FINISHED), made[-1])


def _begin_anew(
    graph: Graph,
    access: Access,
    picture: Picture,
    part: Container,
    tries: int,
    saved: Sequence[Saved],
    remember: Remember,
) -> None:
    """Begin another part for one that failed or vanished. Raises what was wrong with it."""
    if part.state is State.ERROR:
        _may_go_on(part.failure, tries)
        _part(graph, access, picture, remember)
        raise part.failure
    was_there = any(part.remote_id == before.remote_id for before in saved)
    if part.state in _VANISHED and was_there and tries < _FAILURES_MOST:
        _part(graph, access, picture, remember)


def _part(graph: Graph, access: Access, picture: Picture, remember: Remember) -> Begun:
    made = containers.create(graph, access, forms.part(picture))
    _remember(remember, RemoteKind.PART, made, picture.part)
    return made


def _may_go_on(why: RetryLater | Rejected, tries: int) -> None:
    """Raises Rejected when a new container would fail like the `tries` before it."""
    if isinstance(why, Rejected):
        raise why
    fetching = why.reason == Reason.PICTURE_NOT_FETCHED
    if tries >= (_FETCHES_MOST if fetching else _FAILURES_MOST):
        raise Rejected(why.reason if fetching else Reason.REFUSED, why.message, subcode=why.subcode)


def _ready(made: Container) -> Container:
    if made.state is State.ERROR:
        raise made.failure
    if made.state in (State.FINISHED, State.PUBLISHED):
        return made
    raise NotYet(Reason.PREPARING)
