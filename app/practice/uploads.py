"""Uploads that belong to the app: begun, sent in parts, used once (Meta, Graph API, Resumable Upload API)."""

import secrets
from datetime import timedelta
from typing import Any

from app.practice import fetching, receiving
from app.practice.calls import Call, Operation, Operations
from app.practice.errors import GraphError, bad, upload_failed
from app.practice.people import Session

LIFE = timedelta(hours=24)
TYPES = ("video/mp4", "video/quicktime")


def start(call: Call) -> Any:
    """POST /{app}/uploads: how long the file will be, and what it is."""
    length = call.count("file_length", 0, receiving.MOST_BYTES)
    if not length:
        raise bad("The parameter file_length is required")
    if call.params.get("file_type") not in TYPES:
        raise bad("Param file_type must be one of video/mp4, video/quicktime")
    seq = call.world.next_seq()
    session = Session(
        id=f"upload:{secrets.token_urlsafe(24)}",
        seq=seq,
        file_size=length,
        name=call.params.get("file_name", ""),
        created_at=call.now,
    )
    call.world.save(session)
    return {"id": session.id}


def _the_session(call: Call) -> Session:
    assert call.session is not None
    if call.now - call.session.created_at >= LIFE:
        raise upload_failed(1363041)
    return call.session


async def send(call: Call) -> Any:
    """POST /upload:…: bytes from file_offset on. The answer holds the handle once all have come."""
    session = _the_session(call)
    if call.body is None:
        raise bad("The body must be a file")
    if receiving.number(call, "file_offset") != session.kept or session.handle:
        raise GraphError(100, "(#100) The header file_offset does not fit", 1363037)
    await receiving.receive(call, session)
    if session.kept < session.file_size:
        raise upload_failed(1363033)
    await _whole(call, session)
    return {"h": session.handle}


async def _whole(call: Call, session: Session) -> None:
    path = receiving.part(call, session)
    session.clip = await fetching.in_thread(lambda: call.world.clips.take_in(path))
    session.handle = f"4::{secrets.token_urlsafe(32)}"
    call.world.save(session)


def read(call: Call) -> Any:
    """GET /upload:…: where to go on."""
    session = _the_session(call)
    return {"id": session.id, "file_offset": session.kept}


def find(call: Call, handle: str) -> Session:
    """The upload with a handle. Raises GraphError 6000."""
    for session in call.world.sessions.values():
        if session.handle == handle and call.now - session.created_at < LIFE:
            return session
    raise upload_failed(1363041)


STARTS = frozenset({"file_name", "file_length", "file_type", "session_type"})

OPERATIONS: Operations = {
    ("POST", "app", "uploads"): Operation("upload_start", start, STARTS, "any"),
    ("POST", "session", ""): Operation("upload", send, frozenset(), "any"),
    ("GET", "session", ""): Operation("upload_status", read, frozenset({"fields"}), "any"),
}
