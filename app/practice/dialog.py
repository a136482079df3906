"""The page on which a person lets a program in (Meta, Facebook Login, manual flow), in our own plain look."""

import re
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.foundation.i18n import N_
from app.practice import oauth, screens
from app.practice.people import PERMISSIONS
from app.practice.world import World

WORDS = {
    "public_profile": N_("Know who you are"),
    "pages_show_list": N_("See the list of your Pages"),
    "pages_read_engagement": N_("Read the posts of your Pages"),
    "pages_read_user_content": N_("Read comments and reactions of visitors"),
    "pages_manage_posts": N_("Make, change and delete posts on your Pages"),
    "pages_manage_engagement": N_("Answer comments on your Pages"),
    "pages_manage_metadata": N_("Change settings of your Pages"),
    "read_insights": N_("Read the numbers of your Pages"),
    "business_management": N_("See your business portfolio"),
    "instagram_basic": N_("See your Instagram profile"),
    "instagram_content_publish": N_("Publish on Instagram"),
    "instagram_manage_comments": N_("Answer comments on Instagram"),
    "instagram_manage_insights": N_("Read the numbers of Instagram"),
    "instagram_manage_contents": N_("Delete posts on Instagram"),
    "publish_video": N_("Publish videos"),
    "pages_messaging": N_("Send messages as your Pages"),
}
# Signs that browsers and we read alike; of "http://evil.example\\@localhost" they make another host than we.
_PLAIN = re.compile(r"[!-\[\]-~]+")
# Without App Review only people with a role in the program may let it in (Meta, Access Levels).
NO_ROLE = N_("You have no role in this program. Somebody who administers it can give you one.")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def problem(world: World, request: Request) -> str:
    """Why the dialog can't be shown, or an empty text. Only our app may ask, for known things."""
    query = request.query_params
    if query.get("client_id") != world.keys.app_id:
        return N_("The address names a program that is not known here.")
    if query.get("response_type", "code") != "code":
        return N_("The address asks for another answer than a code.")
    if not _may_return_to(world, query.get("redirect_uri", "")):
        return N_("The address would lead back to a place that is not allowed.")
    if set(scopes(request)) - set(PERMISSIONS):
        return N_("The address asks for a permission that does not exist.")
    return ""


def _may_return_to(world: World, address: str) -> bool:
    # Meta keeps a list of return addresses; ours is the app's own host and this very machine.
    if not _PLAIN.fullmatch(address):
        return False
    try:
        parts, own = urlsplit(address), urlsplit(world.public_base)
        _ = parts.port  # read only now
    except ValueError:
        return False
    if parts.scheme not in ("http", "https"):
        return False
    return parts.hostname in LOOPBACK or (parts.scheme, parts.netloc) == (own.scheme, own.netloc)


def scopes(request: Request) -> list[str]:
    """The permissions asked for; with config_id the program's whole list."""
    query = request.query_params
    if query.get("config_id"):
        return list(PERMISSIONS)
    asked = [name for name in query.get("scope", "").replace(" ", ",").split(",") if name]
    return list(dict.fromkeys(["public_profile", *asked]))


async def show(request: Request) -> Response:
    """GET: who you are and what is asked."""
    world: World = request.app.state.world
    wrong = problem(world, request)
    if wrong:
        return screens.page(request, "dialog_wrong.html", 400, wrong=wrong)
    back = urlsplit(request.query_params["redirect_uri"])
    people = list(world.people.values())
    asked = [(name, WORDS[name]) for name in scopes(request)]
    return screens.page(
        request,
        "dialog.html",
        form_target=f"{back.scheme}://{back.netloc}",
        people=people,
        asked=asked,
        whole=bool(request.query_params.get("config_id")),
    )


async def decide(request: Request) -> Response:
    """POST: back to the program with a code, or with the refusal."""
    world: World = request.app.state.world
    wrong = problem(world, request)
    if wrong:
        return screens.page(request, "dialog_wrong.html", 400, wrong=wrong)
    form = await request.form()
    person = world.people.get(str(form.get("person", "")))
    query = request.query_params
    if form.get("answer") != "continue" or person is None:
        refusal = {
            "error": "access_denied",
            "error_code": "200",
            "error_description": "Permissions error",
            "error_reason": "user_denied",
        }
        return _back(query["redirect_uri"], {**refusal, "state": query.get("state", "")})
    if not person.app_role:
        return screens.page(request, "dialog_wrong.html", 403, wrong=NO_ROLE)
    asked = scopes(request)
    ticked = {str(value) for value in form.getlist("scope")} | {"public_profile"}
    if query.get("config_id"):
        ticked = set(asked)
    granted = [name for name in asked if name in ticked]
    oauth.grant(world, person, granted, [name for name in asked if name not in ticked])
    code = oauth.new_code(world, person, query["redirect_uri"])
    return _back(query["redirect_uri"], {"code": code.value, "state": query.get("state", "")})


def _back(address: str, answer: dict[str, str]) -> Response:
    joint = "&" if urlsplit(address).query else "?"
    location = f"{address}{joint}{urlencode(answer)}"
    return Response(status_code=303, headers={**screens.headers(), "location": location})


ROUTES = [
    Route("/{version}/dialog/oauth", show, methods=["GET"]),
    Route("/{version}/dialog/oauth", decide, methods=["POST"]),
    Route("/dialog/oauth", show, methods=["GET"]),
    Route("/dialog/oauth", decide, methods=["POST"]),
]
