"""Containers: a picture or a whole post laid ready at Instagram, unseen, until it is published or a day old.

A container can't be deleted and is never listed; one whose answer was lost does no harm. Source: Meta,
Instagram Platform, content publishing; reference, ig-user/media and ig-container (status_code, status).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.connectors.contract import Access
from app.connectors.failures import Reconnect, Rejected, RetryLater, Unsure
from app.connectors.instagram import errors
from app.connectors.meta_errors import DOUBT, Call, Gone, Verdict
from app.connectors.meta_graph import BATCH_MOST, Batch, Graph, GraphError, clean
from app.connectors.meta_uploads import arrived
from app.connectors.reasons import Reason

_FIELDS = "id,status_code,status"
# The words of a failed container hold the number of its error: "Error: ... 2207052", "-2/2207003".
_SUBCODE = re.compile(r"(?<!\d)22\d{5}(?!\d)")
_MEDIA_MISSING = 24


class State(StrEnum):
    """What Instagram tells of a container; the last two are ours: not seen, and not told now."""

    IN_PROGRESS = "IN_PROGRESS"
    FINISHED = "FINISHED"
    PUBLISHED = "PUBLISHED"
    ERROR = "ERROR"
    EXPIRED = "EXPIRED"
    UNSEEN = ""
    UNTOLD = "?"


_STATES = {state.value: state for state in State}
_MAY_PASS = (Verdict.DOUBT, Verdict.GONE, Verdict.WAIT)


@dataclass(frozen=True)
class Container:
    """One container as it was read; `subcode` and `words`: why it failed, 0 and empty when not told.

    `network_at`: Instagram's time at the answer (UTC). `untold`: why it is not told now.
    """

    remote_id: str
    state: State
    subcode: int = 0
    words: str = ""
    network_at: datetime | None = None
    untold: str = Reason.UNCLEAR_ANSWER

    @property
    def failure(self) -> Rejected | RetryLater:
        """What a failed container means: RetryLater where a new one may do better, else Rejected."""
        told = GraphError(0, self.subcode, self.words, trace_id="", status=400)
        verdict, reason = errors.rule_for(told) if self.subcode else DOUBT
        if verdict in _MAY_PASS:
            reason = Reason.NETWORK_TROUBLE
        kind = Rejected if verdict is Verdict.REJECTED else RetryLater
        return kind(reason, self.words, subcode=self.subcode or None)


@dataclass(frozen=True)
class Begun:
    """A container that was made just now; `address`: where the file of a video is sent to, else empty."""

    remote_id: str
    address: str = ""


def create(graph: Graph, access: Access, form: Mapping[str, str]) -> Begun:
    """A new container. Raises Unsure when the answer was lost: harmless, nobody sees it."""
    try:
        with errors.hidden():
            reply = graph.ask(access, "POST", f"{access.remote_id}/media", form)
    except Gone as gone:
        # It may be a part that is not there (yet); otherwise it is the profile itself.
        if "children" in form or gone.code == _MEDIA_MISSING:
            raise
        raise Reconnect(Reason.PAGE_NOT_SEEN) from None
    remote_id = reply.data.get("id")
    if not isinstance(remote_id, str) or not remote_id:
        raise Unsure(Reason.UNCLEAR_ANSWER)
    return Begun(remote_id, str(reply.data.get("uri") or ""))


def read(graph: Graph, access: Access, remote_id: str) -> Container:
    """One container now. Raises Reconnect and RateLimited; any other trouble is a state."""
    try:
        with errors.reading():
            reply = graph.ask(access, "GET", remote_id, {"fields": _FIELDS})
    except Gone:
        return Container(remote_id, State.UNSEEN)
    except RetryLater as trouble:
        return Container(remote_id, State.UNTOLD, untold=trouble.reason)
    except Rejected:
        return Container(remote_id, State.UNTOLD)
    return _container(remote_id, reply.data, reply.network_at)


def sent(graph: Graph, access: Access, remote_id: str) -> tuple[bool, int]:
    """Whether the file of a video's container has arrived whole, and how many bytes of it. Raises as any
    reading, Gone when the container is not seen.
    """
    with errors.reading():
        reply = graph.ask(access, "GET", remote_id, {"fields": "id,video_status"})
    told = reply.data.get("video_status")
    return arrived(told.get("uploading_phase") if isinstance(told, dict) else None)


def read_twice(graph: Graph, access: Access, remote_id: str) -> Container:
    """As `read`, but "no such container" counts only when it is said twice: it comes and goes."""
    found = read(graph, access, remote_id)
    return read(graph, access, remote_id) if found.state is State.UNSEEN else found


def read_all(graph: Graph, access: Access, remote_ids: Sequence[str]) -> list[Container]:
    """Several in one call, in their order. Raises as `read`, and RetryLater when the call failed."""
    if len(remote_ids) == 1:
        return [read_twice(graph, access, remote_ids[0])]
    found: list[Container] = []
    for start in range(0, len(remote_ids), BATCH_MOST):
        asked = remote_ids[start : start + BATCH_MOST]
        with errors.reading():
            batch = graph.batch(access, [f"{one}?fields={_FIELDS}" for one in asked])
        found += [_of_batch(one, item, batch) for one, item in zip(asked, batch.items, strict=True)]
    return [read(graph, access, one.remote_id) if one.state is State.UNSEEN else one for one in found]


def _of_batch(remote_id: str, item: dict[str, Any] | GraphError | None, batch: Batch) -> Container:
    if isinstance(item, dict):
        return _container(remote_id, item, batch.network_at)
    if item is None:
        return Container(remote_id, State.UNTOLD)
    verdict, _ = errors.rule_for(item)
    if verdict in (Verdict.LIMITED, Verdict.RECONNECT):
        raise errors.failure_for(item, Call.READ)
    return Container(remote_id, State.UNSEEN if verdict is Verdict.GONE else State.UNTOLD)


def _container(remote_id: str, data: dict[str, Any], network_at: datetime | None) -> Container:
    state = _STATES.get(str(data.get("status_code") or "?"), State.UNTOLD)
    words = str(data.get("status") or "")
    numbers = _SUBCODE.findall(words) if state is State.ERROR else []
    return Container(remote_id, state, int(numbers[-1]) if numbers else 0, clean(words), network_at)
