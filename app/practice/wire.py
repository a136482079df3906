"""The HTTP side of the Graph: reads parameters from wherever they stand, sends answers or cuts the line."""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.practice import batch, fetching, graph, photos
from app.practice.calls import Upload
from app.practice.errors import GraphError, bad, bad_image
from app.practice.replies import Reply, refusal
from app.practice.world import World

MOST_BYTES = 1_000_000
MOST_WITH_PHOTO = photos.MOST_BYTES + 65_536
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
    for_photo = request.url.path.rstrip("/").endswith("/photos")
    most = MOST_WITH_PHOTO if for_photo else MOST_BYTES
    error = bad_image() if for_photo else bad("The request is too large")
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
        if isinstance(value, UploadFile):
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
    """Any call to the Graph."""
    world: World = request.app.state.world
    try:
        params, files = await read_params(request)
    except GraphError as error:
        return send(refusal(error))
    base_url = str(request.base_url).rstrip("/")
    method, path = request.method, request.url.path
    call = graph.take_apart(world, method, path, params, bearer(request), base_url, files)
    if method == "POST" and not call.node and not call.edge:
        return send(await batch.answer(call))
    return send(await graph.respond(call))


def send(reply: Reply) -> Response:
    """A reply as an HTTP answer."""
    if reply.cut:
        return Cut()
    kind = reply.headers.pop("content-type", "application/json; charset=UTF-8")
    headers = {**reply.headers, "cache-control": "private, no-store"}
    return Response(reply.payload(), reply.status, headers=headers, media_type=kind)
