"""What Facebook tells of one video, whatever it is for: how far it was sent, worked at and made public.

Source: Meta, Video API, reels publishing (status); Graph API reference, Video.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.connectors.contract import Access, Receipt
from app.connectors.facebook import errors
from app.connectors.failures import Rejected, RetryLater
from app.connectors.meta_errors import VIDEO, Verdict
from app.connectors.meta_graph import Graph, GraphError, clean
from app.connectors.meta_uploads import arrived
from app.connectors.reasons import Reason

_FIELDS = "id,status,post_id,permalink_url,published"
_PHASES = ("uploading_phase", "processing_phase", "publishing_phase")
_ENDED = ("error", "upload_failed")


@dataclass(frozen=True)
class Clip:
    """One video as it was read. `arrived`: all its bytes; `sent`: how many. `published`: its flag, if told.
    `ready`: nothing is done to it any more.

    `going_out`, `out`: making it public is under way, or done; `told`: whether that is told at all. `failed`:
    why it came to nothing. `expired`: it was begun too long ago.
    """

    remote_id: str
    arrived: bool
    sent: int
    worked_at: bool
    ready: bool
    published: bool | None
    going_out: bool
    out: bool
    told: bool
    failed: Rejected | RetryLater | None
    expired: bool
    permalink: str
    network_at: datetime | None

    @property
    def receipt(self) -> Receipt:
        """What is written down of it once it is public."""
        return Receipt(self.remote_id, self.permalink, self.network_at)


def read(graph: Graph, access: Access, remote_id: str) -> Clip:
    """One video now. Raises Gone, RetryLater, RateLimited, Reconnect, Rejected."""
    with errors.reading():
        reply = graph.ask(access, "GET", remote_id, {"fields": _FIELDS})
    told = reply.data.get("status")
    status = told if isinstance(told, dict) else {}
    word = str(status.get("video_status") or "")
    uploading, processing, publishing = (_phase(status, name) for name in _PHASES)
    whole, sent = arrived(uploading)
    state = str(publishing.get("publish_status") or "published").lower()
    return Clip(
        remote_id=remote_id,
        arrived=whole or (not uploading and word in ("upload_complete", "processing", "ready")),
        sent=sent,
        worked_at=processing.get("status") == "in_progress" or (not processing and word == "processing"),
        ready=word in ("ready", "") and processing.get("status") != "in_progress",
        published=reply.data["published"] if isinstance(reply.data.get("published"), bool) else None,
        going_out=publishing.get("status") == "in_progress",
        out=publishing.get("status") == "complete" and state == "published",
        told=bool(publishing),
        failed=_failure(word, (uploading, processing, publishing)),
        expired=word == "expired",
        permalink=_whole(access, str(reply.data.get("permalink_url") or "")),
        network_at=reply.network_at,
    )


def _phase(status: dict[str, Any], name: str) -> dict[str, Any]:
    found = status.get(name)
    return found if isinstance(found, dict) else {}


def _failure(word: str, phases: tuple[dict[str, Any], ...]) -> Rejected | RetryLater | None:
    """Why it came to nothing; Rejected where the same file would fail again."""
    told = [one for phase in phases for one in _errors(phase)]
    if word not in _ENDED and not told and all(phase.get("status") != "error" for phase in phases):
        return None
    if word == "upload_failed" and not told:
        return RetryLater(Reason.UPLOAD_BROKEN)
    code = next((one["code"] for one in told if isinstance(one.get("code"), int)), 0)
    words = clean(" ".join(str(one.get("message") or "") for one in told))
    verdict, reason = (
        errors.rule_for(GraphError(code, code, words, trace_id="", status=400)) if code else VIDEO
    )
    if verdict is not Verdict.REJECTED:
        return RetryLater(Reason.UPLOAD_BROKEN, words, code=code)
    return Rejected(Reason.VIDEO_REFUSED if reason is Reason.REFUSED else reason, words, code=code or None)


def _errors(phase: dict[str, Any]) -> list[dict[str, Any]]:
    told = phase.get("errors") or phase.get("error") or ()
    several = told if isinstance(told, list) else [told]
    return [one for one in several if isinstance(one, dict)]


def _whole(access: Access, address: str) -> str:
    """A video's address comes without its host."""
    return access.app.endpoint.dialog + address if address.startswith("/") else address
