"""The Graph: finds what a call is, lets it suffer what the switches say, carries it out, writes it down."""

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

from app.foundation import clock
from app.practice import (
    comments,
    containers,
    happening,
    insights,
    media,
    media_comments,
    oauth,
    page_stories,
    pages,
    photos,
    portfolios,
    posts,
    profile_insights,
    profiles,
    programs,
    reels,
    rupload,
    story_insights,
    tokens,
    uploads,
    videos,
)
from app.practice.calls import EVERYWHERE, Call, Operation, Operations, Upload
from app.practice.errors import GraphError, bad, blocked, missing
from app.practice.faults import BENDS, Rule
from app.practice.receiving import CutLine
from app.practice.replies import Reply, count_call, refusal, usage_headers
from app.practice.transcript import Entry
from app.practice.trouble import suffer
from app.practice.versions import is_version, served
from app.practice.world import World

OPERATIONS: Operations = {
    **oauth.OPERATIONS,
    **portfolios.OPERATIONS,
    **programs.OPERATIONS,
    **pages.OPERATIONS,
    **posts.OPERATIONS,
    **photos.OPERATIONS,
    **insights.OPERATIONS,
    **profile_insights.OPERATIONS,
    **story_insights.OPERATIONS,
    **profiles.OPERATIONS,
    **containers.OPERATIONS,
    **media.OPERATIONS,
    **uploads.OPERATIONS,
    **videos.OPERATIONS,
    **reels.OPERATIONS,
    **page_stories.OPERATIONS,
    **rupload.OPERATIONS,
    **comments.OPERATIONS,
    **media_comments.OPERATIONS,
}
ROOTS = {edge for _, node, edge in OPERATIONS if not node}
WRITES = (
    "create show edit photo container media_publish video_start video video_show video_edit reel_start reel "
    "story_start story rupload comment comment_edit"
).split()
NOT_PRACTISED = {
    "create": pages.NOT_PRACTISED,
    "photo": photos.NOT_PRACTISED,
    "container": containers.NOT_PRACTISED,
    "video": videos.NOT_PRACTISED,
    "reel": reels.NOT_PRACTISED,
}


def take_apart(
    world: World,
    method: str,
    path: str,
    params: dict[str, str],
    token_text: str | None,
    base_url: str,
    files: dict[str, Upload] | None = None,
) -> Call:
    """A call from its parts. path: without the query, with or without a version in front."""
    parts = [part for part in path.split("/") if part]
    asked = parts.pop(0) if parts and is_version(parts[0]) else None
    whole = "/".join(parts)
    node, edge = ("", whole) if whole in ROOTS or not parts else (parts[0], "/".join(parts[1:]))
    call = Call(
        world=world,
        method=method,
        path="/" + path.lstrip("/"),
        version=served(asked, world.version, world.now()),
        node=node,
        edge=edge,
        params=params,
        token_text=token_text or params.get("access_token"),
        base_url=base_url,
        files=files or {},
    )
    call.token = tokens.find(world, call.token_text)
    _place(call)
    return call


def _place(call: Call) -> None:
    """Find the node, its place and the kind of call, as far as that can be told without any check."""
    world = call.world
    call.photo = world.photos.get(call.node)
    call.container, call.media = world.containers.get(call.node), world.media.get(call.node)
    call.video, call.story = world.videos.get(call.node), world.stories.get(call.node)
    call.session, call.comment = world.sessions.get(call.node), world.comments.get(call.node)
    on_profile = call.container or call.media
    place = on_profile.profile_id if on_profile else call.comment.place if call.comment else call.node
    call.profile = world.profiles.get(place)
    call.page = world.pages.get(_owner(call))
    call.what = _what(call)
    call.operation = OPERATIONS.get((call.method, call.what, call.edge))
    call.kind = call.operation.kind_of(call) if call.operation else "unknown"


def _owner(call: Call) -> str:
    """The id of the Page that a call is about, if it is one."""
    if call.profile:
        return call.profile.page_id
    on_page = call.photo or call.video or call.story
    if on_page:
        return on_page.page_id
    if call.comment:
        return call.comment.place
    if call.node == "me" and call.token and call.token.kind == "PAGE":
        return call.token.page_id
    return call.node.partition("_")[0]


def _what(call: Call) -> str:
    if not call.node:
        return ""
    if call.comment:
        return media_comments.NODE if call.profile else "comment"
    for what in ("photo", "video", "story", "session", "container", "media", "profile"):
        if getattr(call, what):
            return what
    if call.node == call.world.keys.app_id:
        return "app"
    if call.node in call.world.portfolios:
        return "portfolio"
    if call.page is None:
        return "person"
    return "post" if "_" in call.node else "page"


async def carry_out(call: Call) -> Reply:
    """Check and do a call, with no fault in between. Never raises GraphError."""
    happening.advance(call.world)
    try:
        body = _checked(call)
        if inspect.isawaitable(body):
            body = await body
    except CutLine:
        reply = Reply(cut=True, status=0)
    except GraphError as error:
        reply = refusal(error)
    else:
        reply = Reply(200, body, done=True)
    reply.headers = usage_headers(call)
    return reply


def _checked(call: Call) -> Any:
    operation = call.operation
    if "ids" in call.params:
        raise GraphError(100, "The ids query parameter is deprecated in v26.0+", status=500)
    if operation is None or operation.token != "none":
        tokens.check(call)
        count_call(call)
    if operation is None:
        raise _unknown(call)
    _find_node(call)
    if operation.token not in ("none", "any"):
        tokens.check_rights(call, operation)
    _check_params(call, operation)
    if call.kind in WRITES and call.switches.blocked:
        raise blocked(call.profile is not None)
    return operation.run(call)


def _unknown(call: Call) -> GraphError:
    if call.page is None and call.node != "me" and call.what not in ("app", "portfolio"):
        return missing(call.node or "0", call.method.lower())
    if call.edge:
        return GraphError(2500, f"Unknown path components: /{call.edge}")
    return missing(call.node, call.method.lower())


def _find_node(call: Call) -> None:
    """Refuse a node that is gone, too fresh or another place's. Raises GraphError."""
    finders: list[tuple[Any, Callable[[Call, Any], object]]] = [
        (call.photo, photos.resolve),
        (call.container, containers.resolve),
        (call.media, media.resolve),
        (call.comment, comments.resolve),
        (call.video, videos.resolve),
        (call.story, page_stories.resolve),
    ]
    for node, resolve in finders:
        if node:
            resolve(call, node)
    if call.what == "post":
        call.post = posts.resolve(call, call.node)
    elif call.what == "person" and call.node not in ("me", call.token.person_id if call.token else ""):
        raise missing(call.node, call.method.lower())


def _check_params(call: Call, operation: Operation) -> None:
    for name in (*call.params, *call.files):
        plain = photos.plain_name(name)
        if plain in operation.params or name in EVERYWHERE:
            continue
        if plain in NOT_PRACTISED.get(call.kind, ()):
            raise bad(f"The practice network does not practise {plain}")
        if call.switches.unknown_parameters == "refuse":
            raise bad(f"Unknown parameter: {name}")


async def respond(call: Call, alone: bool = True) -> Reply:
    """Answer a call after its latency, with a scripted fault if one is due. alone: not part of a batch."""
    started = Started(call)
    rule = due(call)
    half = call.switches.latency_ms / 2000 if alone else 0.0
    await asyncio.sleep(half + call.switches.hang_seconds)
    if rule and rule.fault not in BENDS:
        reply = await suffer(call, rule, lambda: carry_out(call))
    else:
        call.bend, call.cut_after = (rule.fault, rule.bytes) if rule else ("", None)
        reply = await carry_out(call)
        reply.fault = call.bend
    await asyncio.sleep(half)
    started.write_down(reply)
    return reply


def due(call: Call) -> Rule | None:
    """The scripted fault for a call; it is used up by one."""
    rule = call.world.faults.take(call.kind, call.place_id)
    if rule:
        call.world.save_faults()
    return rule


class Started:
    """A call on its way, to be written into the transcript at its end."""

    def __init__(self, call: Call) -> None:
        self._call, self._at, self._real_at = call, call.now, clock.now()
        self._began = clock.monotonic()

    def write_down(self, reply: Reply) -> None:
        """Add it to the transcript."""
        call, log = self._call, self._call.world.transcript
        log.add(
            Entry(
                n=log.next(),
                at=self._at.isoformat(),
                real_at=self._real_at.isoformat(),
                milliseconds=round((clock.monotonic() - self._began) * 1000, 1),
                method=call.method,
                path=log.clean(call.path, 200),
                call=call.kind,
                page=call.place_id,
                params=log.params(call.params) | {k: f"({v.size} bytes)" for k, v in call.files.items()},
                status=reply.status,
                answer="(cut)" if reply.cut else log.clean(reply.payload()),
                fault=reply.fault,
                done=reply.done,
            )
        )
