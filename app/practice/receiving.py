"""Files that come in pieces and in parts: what came is kept on the disk, whatever happens to the line.

A part goes on where the last one ended; whoever sends it must say the offset, and it must be right.
"""

from pathlib import Path
from typing import BinaryIO, Protocol

from starlette.requests import ClientDisconnect

from app.practice import fetching
from app.practice.calls import Body, Call
from app.practice.errors import GraphError
from app.practice.people import Container, Session, Video

MOST_BYTES = 1_000_000_000
PREFIX = "rupload"


class CutLine(Exception):
    """The line is cut in the middle of a file; what came is kept."""


class Receiving(Protocol):
    """What waits for a file. file_size: bytes there will be, 0 while unknown; kept: bytes that have come."""

    id: str
    file_size: int
    kept: int


def address(call: Call, road: str, node: str) -> str:
    """Where the bytes of something are sent to. road: video-upload or ig-api-upload; node: its id."""
    return f"{call.base_url}/{PREFIX}/{road}/{call.version}/{node}"


def part(call: Call, thing: Receiving) -> Path:
    """Where its bytes lie until all have come."""
    return call.world.clips.part(thing.id)


async def receive(call: Call, thing: Video | Container | Session) -> None:
    """Add the body of a call to what was kept. Raises CutLine when the line ends before the body does."""
    body = call.body
    assert body is not None
    left = _until_cut(call, body.length, thing.file_size - thing.kept)
    path = part(call, thing)
    path.touch()
    try:
        with path.open("r+b") as file:
            file.truncate(thing.kept)
            file.seek(thing.kept)
            await _keep(body, file, thing, left)
    except ClientDisconnect:
        raise CutLine from None
    finally:
        call.world.save(thing)


async def _keep(body: Body, file: BinaryIO, thing: Receiving, left: int | None) -> None:
    room = thing.file_size - thing.kept
    async for piece in body.pieces:
        taken = piece[: room if left is None else min(room, left)]
        file.write(taken)
        thing.kept += len(taken)
        room -= len(taken)
        if left is not None:
            left -= len(taken)
            if left <= 0:
                raise CutLine


def _until_cut(call: Call, length: int, room: int) -> int | None:
    """After how many bytes a planned fault cuts the line; None: it does not."""
    if call.bend != "cut_midway":
        return None
    half = (length if length > 0 else room) // 2
    return half if call.cut_after is None else call.cut_after


def add_piece(call: Call, thing: Video, path: Path, size: int) -> None:
    """Add a file that came in a form to what was kept. Raises CutLine as planned."""
    most = _until_cut(call, size, size)
    wanted = size if most is None else min(most, size)
    target = part(call, thing)
    target.touch()
    with target.open("r+b") as file, path.open("rb") as piece:
        file.truncate(thing.kept)
        file.seek(thing.kept)
        left = wanted
        while left and (data := piece.read(min(left, 1_048_576))):
            file.write(data)
            left -= len(data)
    thing.kept += wanted
    call.world.save(thing)
    if most is not None:
        raise CutLine


def number(call: Call, name: str) -> int | None:
    """A header of a body that is a count of bytes; None: it is not there. Raises GraphError 100."""
    assert call.body is not None
    text = call.body.headers.get(name, "").strip()
    if not text:
        return None
    if not text.isdigit():
        raise GraphError(100, f"(#100) The header {name} must be an integer")
    return int(text)


async def fetch(call: Call, address: str, seconds: float) -> Path:
    """A file from an address, on the disk. Raises fetching.Unreachable and fetching.Slow."""
    path = call.world.clips.fresh()
    await fetching.fetch_file(address, call.world.origins, MOST_BYTES, seconds, path)
    return path
