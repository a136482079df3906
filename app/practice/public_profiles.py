"""What the public would see of Instagram: a profile's grid, one post; and every picture of both networks."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.practice import media_insights, public_stories, screens
from app.practice.people import Media
from app.practice.pictures import TYPES
from app.practice.public_log import pieces_of
from app.practice.shown import shown
from app.practice.world import World

AT_MOST = 60


async def show_profile(request: Request) -> Response:
    """A profile, its newest posts first."""
    world: World = request.app.state.world
    profile = world.profiles.get(request.path_params["profile"])
    if profile is None:
        return screens.page(request, "public_gone.html", 404)
    found = world.public_media(profile.id)
    views = [view(world, media) for media in found[:AT_MOST]]
    page = world.pages[profile.page_id]
    return screens.page(
        request,
        "public_profile.html",
        profile=profile,
        page=page,
        views=views,
        total=len(found),
        stories=public_stories.on_profile(world, profile.id),
    )


async def show_media(request: Request) -> Response:
    """One post: where its permalink leads."""
    world: World = request.app.state.world
    media = world.media.get(request.path_params["media"])
    if media is None or media.deleted_at or media.hidden or media.parent_id or _is_over(media):
        return screens.page(request, "public_gone.html", 404)
    profile = world.profiles[media.profile_id]
    page = world.pages[profile.page_id]
    return screens.page(request, "public_media.html", profile=profile, page=page, one=view(world, media))


def _is_over(media: Media) -> bool:
    return media.product == "STORY" and media.due_at is None


def view(world: World, media: Media) -> dict[str, object]:
    """A post as its template needs it."""
    pictures = shown(pieces_of(world, media))
    counts, said = media_insights.counts(world, media), public_stories.comments_of(world, media.id)
    return {"media": media, "pictures": pictures, "counts": counts, "comments": said}


async def show_picture(request: Request) -> Response:
    """The bytes of a picture. Its name is made of its content, so it never changes and cannot be guessed."""
    world: World = request.app.state.world
    name = request.path_params["name"]
    body = world.pictures.read(name)
    if body is None:
        return screens.page(request, "public_gone.html", 404)
    return Response(body, headers=screens.FILE_HEADERS, media_type=TYPES[name.rpartition(".")[2]])


ROUTES = [
    Route("/public/profiles/{profile}", show_profile),
    Route("/public/media/{media}", show_media),
    Route("/public/pictures/{name}", show_picture),
]
