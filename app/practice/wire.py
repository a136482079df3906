"""The HTTP side of the Graph: reads parameters from wherever they stand, sends answers or cuts the line."""

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from functools import partial
from typing import Any, BinaryIO
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from app.practice import batch, fetching, graph, photos, receiving, rupload
from app.practice.calls import Body, Call, Upload
from app.practice.errors import GraphError, bad, bad_image, bad_video
from app.practice.replies import Reply, refusal
from app.practice.world import World

MOST_BYTES = 1_000_000
MOST_WITH_PHOTO = photos.MOST_BYTES + 65_536
MOST_WITH_VIDEO = receiving.MOST_BYTES + photos.MOST_BYTES
VIDEO_FIELDS = ("source", "video_file_chunk")
Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
Scope = MutableMapping[str, Any]


class Cut(Response):
    """No answer: the client sees a broken connection."""

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Close the socket under the server; where that can't be reached, break off an answer."""
        transport = scope.get("practice.transport")
        if transport is not None:
            transport.abort()
            await asyncio.sleep(0.01)  # the server must learn that the line is gone
            return
        start = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]}
        await send(start)


def _counted(request: Request) -> Request:
    """The same request, whose body may not be longer than its path takes, whatever its headers say."""
    edge = request.url.path.rstrip("/").rpartition("/")[2]
    most = {"photos": MOST_WITH_PHOTO, "videos": MOST_WITH_VIDEO}.get(edge, MOST_BYTES)
    errors = {"photos": bad_image(), "videos": bad_video(1363023, "The video file is too large.")}
    error = errors.get(edge, bad("The request is too large"))
    if int(request.headers.get("content-length") or 0) > most:
        raise error
    left = most

    async def receive() -> Message:
        nonlocal left
        message = await request.receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise error
        return message

    return Request(request.scope, receive)


async def read_params(request: Request) -> tuple[dict[str, str], dict[str, Upload]]:
    """Query and body parameters together, the body wins; and the files. Raises GraphError."""
    request = _counted(request)
    params = dict(parse_qsl(request.url.query, keep_blank_values=True))
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        return await _from_form(request, params)
    body = await request.body()
    if kind.startswith("application/json") and body:
        return params | _from_json(body), {}
    return params | dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)), {}


async def _from_form(request: Request, params: dict[str, str]) -> tuple[dict[str, str], dict[str, Upload]]:
    try:
        form = await request.form()
    except HTTPException:
        raise bad("The body is not a form") from None
    world: World = request.app.state.world
    files: dict[str, Upload] = {}
    for name, value in form.items():
        if isinstance(value, UploadFile) and name in VIDEO_FIELDS and request.url.path.endswith("/videos"):
            files[name] = await fetching.in_thread(partial(_laid_down, world, value.file))
        elif isinstance(value, UploadFile):
            files[name] = await _taken_in(world, await value.read())
        else:
            params[name] = value
    await form.close()
    return params, files


async def _taken_in(world: World, body: bytes) -> Upload:
    """A file that was sent; only what can be a photo is looked at."""
    fits = len(body) <= photos.MOST_BYTES
    picture = await fetching.in_thread(lambda: world.pictures.take_in(body)) if fits else None
    return Upload(len(body), picture)


def _laid_down(world: World, file: BinaryIO) -> Upload:
    """A video, or a piece of one, copied to the disk without being in memory as a whole."""
    path = world.clips.fresh()
    file.seek(0)
    with path.open("wb") as target:
        shutil.copyfileobj(file, target, 1_048_576)
    return Upload(path.stat().st_size, path=path)


def _from_json(body: bytes) -> dict[str, str]:
    try:
        given = json.loads(body)
    except ValueError:
        raise bad("The body is not JSON") from None
    if not isinstance(given, dict):
        raise bad("The body must be a JSON object")
    return {str(k): v if isinstance(v, str) else json.dumps(v) for k, v in given.items()}


def bearer(request: Request) -> str | None:
    """The token in the Authorization header."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() in ("bearer", "oauth") else None


async def answer(request: Request) -> Response:
    """Any call to the Graph, and any file for it."""
    world: World = request.app.state.world
    if world.is_away():
        return _away(world)
    if request.method == "POST" and _is_file(request.url.path):
        return await _file(request)
    try:
        params, files = await read_params(request)
    except GraphError as error:
        return send(refusal(error))
    except ClientDisconnect:
        return Cut()
    call = _call(request, request.url.path, params, files)
    try:
        if request.method == "POST" and not call.node and not call.edge:
            return send(await batch.answer(call))
        return send(await graph.respond(call))
    finally:
        for file in files.values():
            if file.path:
                file.path.unlink(missing_ok=True)


def _call(request: Request, path: str, params: dict[str, str], files: dict[str, Upload]) -> Call:
    world, base_url = request.app.state.world, str(request.base_url).rstrip("/")
    return graph.take_apart(world, request.method, path, params, bearer(request), base_url, files)


def _away(world: World) -> Response:
    assert world.outage is not None
    if world.outage.way == "closed":
        return Cut()
    return Response("Service Unavailable", 503, media_type="text/plain")


def _is_file(path: str) -> bool:
    """Whether the body of a call to a path is a file, not parameters."""
    return rupload.as_graph_path(path) is not None or "/upload:" in path


async def _file(request: Request) -> Response:
    """A file for the Graph. What nobody wanted of it is read and forgotten: else the answer may be lost."""
    path, headers = request.url.path, request.headers
    params = dict(parse_qsl(request.url.query, keep_blank_values=True))
    call = _call(request, rupload.as_graph_path(path) or path, params, {})
    call.path = path
    pieces = request.stream()
    call.body = Body(pieces, int(headers.get("content-length") or -1), headers)
    reply = await graph.respond(call)
    if not reply.cut:
        with suppress(ClientDisconnect):
            async for _ in pieces:
                pass
    return send(reply)


def send(reply: Reply) -> Response:
    """A reply as an HTTP answer."""
    if reply.cut:
        return Cut()
    kind = reply.headers.pop("content-type", "application/json; charset=UTF-8")
    headers = {**reply.headers, "cache-control": "private, no-store"}
    return Response(reply.payload(), reply.status, headers=headers, media_type=kind)
