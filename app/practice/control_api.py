"""The control API under /control/api, JSON, with `Authorization: Bearer <control token>`."""

import hmac
import json
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.practice import (
    acts,
    colleagues,
    insights,
    laid,
    leaving,
    media_insights,
    outside,
    past,
    story_insights,
)
from app.practice.faults import Rule
from app.practice.wire import bearer
from app.practice.world import World

# Addresses open a file to whoever has them; a handle is as good as the file.
SECRET = {"image_url", "video_url", "cover_url", "handle"}
Handler = Callable[[Request], Awaitable[Response]]
Act = Callable[[World, Any], dict[str, Any]]


def allowed(request: Request) -> bool:
    """Whether the request bears the control token."""
    token: str = request.app.state.world.keys.control_token
    return hmac.compare_digest((bearer(request) or "").encode(), token.encode())


def guarded(handler: Callable[[World, Request], Awaitable[Any]]) -> Handler:
    """401 without the token, 422 for what can't be done, else the answer as JSON."""

    @wraps(handler)
    async def endpoint(request: Request) -> Response:
        if not allowed(request):
            return JSONResponse({"error": "the control token is missing or wrong"}, 401)
        try:
            return JSONResponse(await handler(request.app.state.world, request))
        except ValidationError as error:
            return JSONResponse({"error": error.errors(include_url=False, include_context=False)}, 422)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 422)

    return endpoint


def act(do: Act, model: type[BaseModel]) -> Handler:
    """An endpoint that does one act with a JSON body."""

    async def handler(world: World, request: Request) -> Any:
        return do(world, model.model_validate(await _body(request)))

    return guarded(handler)


async def _body(request: Request) -> Any:
    body = await request.body()
    return json.loads(body) if body else {}


@guarded
async def state(world: World, request: Request) -> Any:
    """Everything but tokens. Things with their creation sequence, hidden and deleted ones too."""
    return {
        "now": world.now().isoformat(),
        "ahead_seconds": world.offset.total_seconds(),
        "app_id": world.keys.app_id,
        **world.faults.saved(),
        "people": [person.model_dump(mode="json") for person in world.people.values()],
        "pages": [page.model_dump(mode="json") for page in world.pages.values()],
        "portfolios": [one.model_dump(mode="json") for one in world.portfolios.values()],
        "usage": {page or "app": usage.calls for page, usage in world.usage.items()},
        "origins": sorted(world.origins),
        **{
            name: [thing.model_dump(mode="json", exclude=SECRET) for thing in shelf.values()]
            for name, shelf in (
                ("posts", world.posts),
                ("photos", world.photos),
                ("profiles", world.profiles),
                ("containers", world.containers),
                ("media", world.media),
                ("videos", world.videos),
                ("stories", world.stories),
                ("sessions", world.sessions),
                ("comments", world.comments),
            )
        },
    }


@guarded
async def numbers(world: World, request: Request) -> Any:
    """The simulated counts of one post on a Page or a profile as they are now."""
    wanted = request.path_params["post"]
    if wanted in world.media:
        return media_insights.counts(world, world.media[wanted])
    if wanted in world.stories:
        return story_insights.story_counts(world, world.stories[wanted])
    post = world.posts.get(wanted)
    if post is None:
        raise ValueError("there is no such post")
    return insights.counts(world, post)


@guarded
async def transcript(world: World, request: Request) -> Any:
    """Calls. Query: after (number), limit, call (kind), page."""
    query = request.query_params
    after, limit = int(query.get("after", 0)), int(query.get("limit", 500))
    return {"calls": world.transcript.rows(after, limit, query.get("call", ""), query.get("page", ""))}


@guarded
async def public_log(world: World, request: Request) -> Any:
    """What the public saw. Query: after (number)."""
    return {"log": world.public_log[max(0, int(request.query_params.get("after", 0))) :]}


@guarded
async def script(world: World, request: Request) -> Any:
    """Add one scripted fault or a list of them."""
    given = await _body(request)
    rules = [Rule.model_validate(one) for one in (given if isinstance(given, list) else [given])]
    ids = [world.faults.add(rule).id for rule in rules]
    world.save_faults()
    return {"ids": ids}


@guarded
async def unscript(world: World, request: Request) -> Any:
    """Remove one scripted fault, or all."""
    wanted = request.path_params.get("rule")
    world.faults.script = [rule for rule in world.faults.script if wanted and str(rule.id) != wanted]
    world.save_faults()
    return {"success": True}


@guarded
async def unpost(world: World, request: Request) -> Any:
    """Somebody deletes a post by hand."""
    return outside.remove_post(world, request.path_params["post"])


@guarded
async def unobject(world: World, request: Request) -> Any:
    """Somebody deletes a post, photo, video, story, media or comment by hand."""
    return colleagues.delete(world, request.path_params["object"])


@guarded
async def show(world: World, request: Request) -> Any:
    """Somebody shows a hidden post or video by hand."""
    return colleagues.show(world, request.path_params["object"])


@guarded
async def hide(world: World, request: Request) -> Any:
    """Somebody hides a public post, media or comment by hand."""
    return colleagues.hide(world, request.path_params["object"])


@guarded
async def end_outage(world: World, request: Request) -> Any:
    """The network is back."""
    return acts.end_outage(world)


@guarded
async def unmedia(world: World, request: Request) -> Any:
    """Somebody deletes a post in the app of Instagram."""
    return outside.remove_media(world, request.path_params["media"])


def _post(path: str, do: Act, model: type[BaseModel]) -> Route:
    return Route(f"/control/api/{path}", act(do, model), methods=["POST"])


ROUTES = [
    Route("/control/api/state", state),
    Route("/control/api/transcript", transcript),
    Route("/control/api/public-log", public_log),
    Route("/control/api/posts/{post}/numbers", numbers),
    Route("/control/api/posts/{post}", unpost, methods=["DELETE"]),
    Route("/control/api/media/{post}/numbers", numbers),
    Route("/control/api/media/{media}", unmedia, methods=["DELETE"]),
    Route("/control/api/objects/{object}", unobject, methods=["DELETE"]),
    Route("/control/api/objects/{object}/show", show, methods=["POST"]),
    Route("/control/api/objects/{object}/hide", hide, methods=["POST"]),
    Route("/control/api/outage", end_outage, methods=["DELETE"]),
    Route("/control/api/script", script, methods=["POST"]),
    Route("/control/api/script", unscript, methods=["DELETE"]),
    Route("/control/api/script/{rule}", unscript, methods=["DELETE"]),
    _post("switches", acts.set_switches, acts.SetSwitches),
    _post("clock", acts.forward, acts.Forward),
    _post("pages", acts.add_pages, acts.NewPages),
    _post("pages/remove", leaving.remove, leaving.Leaving),
    _post("people", acts.add_person, acts.NewPerson),
    _post("portfolios", acts.add_portfolio, acts.NewPortfolio),
    _post("roles", acts.set_role, acts.SetRole),
    _post("permissions", acts.set_permissions, acts.SetPermissions),
    _post("tokens", acts.make_token, acts.MakeToken),
    _post("tokens/end", acts.end_tokens, acts.EndTokens),
    _post("posts", outside.add_post, outside.OutsidePost),
    _post("media", outside.add_media, outside.OutsideMedia),
    _post("reels", past.add_reel, past.OutsideReel),
    _post("past", past.fill, past.Past),
    _post("pictures", laid.take_in, laid.NewPicture),
    _post("laid", laid.lay, laid.Laid),
    _post("followers", acts.set_followers, acts.SetFollowers),
    _post("comments", colleagues.add_comment, colleagues.VisitorComment),
    _post("stories", colleagues.add_story, colleagues.OutsideStory),
    _post("outage", acts.set_outage, acts.SetOutage),
    _post("limits", acts.set_limit, acts.SetLimit),
    _post("profiles", acts.add_profile, acts.NewProfile),
    _post("origins", acts.set_origins, acts.SetOrigins),
    _post("reset", acts.reset, acts.Reset),
]
