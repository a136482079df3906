"""A post laid ready at Instagram: one container, or one for each picture and one that holds them.

Instagram fetches the pictures from us and works at them; until all is ready the caller asks again (NotYet).
Source: Meta, Instagram Platform, content publishing (single media, carousels); error codes.
"""

from collections.abc import Sequence

from app.connectors.contract import Access, Outgoing, Picture, Receipt, Remember, Saved, Staged
from app.connectors.failures import NotYet, Rejected, RetryLater
from app.connectors.instagram import containers, media, quota
from app.connectors.instagram.containers import Container, State
from app.connectors.meta_graph import Graph
from app.connectors.reasons import Reason
from app.domain.networks import RemoteKind

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
    if not outgoing.pictures:
        raise Rejected(Reason.NOT_OFFERED)
    whole = _saved_whole(graph, access, outgoing, saved)
    if whole is None or whole.state in (State.ERROR, *_VANISHED):
        whole = _make(graph, access, outgoing, saved, remember, whole)
    if whole.state is State.PUBLISHED:
        return Staged(whole.remote_id, text=outgoing.text, receipt=Receipt("", "", whole.network_at))
    quota.must_be_left(graph, access)
    known = tuple(one.remote_id for one in media.newest(graph, access).media)
    return Staged(whole.remote_id, known=known, text=outgoing.text)


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
        raise RetryLater(Reason.UNCLEAR_ANSWER)
    if State.UNSEEN in by_state:
        _must_not_be_public(graph, access, outgoing)
    usable = [container for container, one in zip(told, kept, strict=True) if not one.old]
    by_state = {one.state: one for one in usable}
    if State.FINISHED in by_state:
        return by_state[State.FINISHED]
    if State.IN_PROGRESS in by_state:
        raise NotYet(Reason.PREPARING)
    return usable[-1] if usable else None


def _must_not_be_public(graph: Graph, access: Access, outgoing: Outgoing) -> None:
    """A container that is not seen, said twice, may have been published before: if anything public has our
    words, nothing new is made. Seeing containers comes and goes, so it is asked again later.
    """
    for one in media.newest(graph, access).media:
        if one.remote_id not in outgoing.taken and media.same_caption(one.caption, outgoing.text):
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
    else:
        why = None
    form = {"caption": outgoing.text} if outgoing.text else {}
    if len(outgoing.pictures) > 1:
        children = _parts(graph, access, outgoing.pictures, fresh, remember, why)
        form |= {"media_type": "CAROUSEL", "children": ",".join(children)}
    else:
        form |= _fetched(outgoing.pictures[0])
    remote_id = containers.create(graph, access, form)
    remember(RemoteKind.CONTAINER, remote_id)
    if why:
        raise why
    return _ready(containers.read(graph, access, remote_id))


def _parts(
    graph: Graph,
    access: Access,
    pictures: Sequence[Picture],
    saved: Sequence[Saved],
    remember: Remember,
    why: RetryLater | Rejected | None,
) -> list[str]:
    """The ids of the parts in the pictures' order, all ready. Raises NotYet while one is not, and what is
    wrong with one when another has been begun for it.
    """
    there: dict[str, list[str]] = {picture.part: [] for picture in pictures}
    for before in saved:
        if before.kind is RemoteKind.PART and before.part in there:
            there[before.part].append(before.remote_id)
    for picture in pictures:
        if not there[picture.part]:
            there[picture.part].append(_part(graph, access, picture, remember))
    if why:
        raise why
    asked = [remote_id for ids in there.values() for remote_id in ids]
    told = dict(zip(asked, containers.read_all(graph, access, asked), strict=True))
    best = [_best([told[remote_id] for remote_id in there[picture.part]]) for picture in pictures]
    for picture, one in zip(pictures, best, strict=True):
        _begin_anew(graph, access, picture, one, len(there[picture.part]), saved, remember)
    if any(one.state is not State.FINISHED for one in best):
        raise NotYet(Reason.PREPARING)
    return [one.remote_id for one in best]


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


def _part(graph: Graph, access: Access, picture: Picture, remember: Remember) -> str:
    remote_id = containers.create(graph, access, {**_fetched(picture), "is_carousel_item": "true"})
    remember(RemoteKind.PART, remote_id, picture.part)
    return remote_id


def _fetched(picture: Picture) -> dict[str, str]:
    """A picture as a container names it: an address of ours, lent for this one container."""
    form = {"image_url": picture.lend()}
    if picture.alt_text:
        form["alt_text"] = picture.alt_text
    return form


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
