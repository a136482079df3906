"""What the public would see: a Page with its posts, one post. Everything says that it is practice."""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.practice import insights, photos, public_stories, screens
from app.practice.people import Page, Post
from app.practice.public_log import pieces_of
from app.practice.shown import shown
from app.practice.world import World

AT_MOST = 50


async def index(request: Request) -> Response:
    """All Pages, each with its profile."""
    world: World = request.app.state.world
    rows = [(page, world.profile_of(page.id)) for page in world.pages.values()]
    return screens.page(request, "public_index.html", rows=rows)


async def show_page(request: Request) -> Response:
    """A Page, its newest posts first."""
    world: World = request.app.state.world
    page = world.pages.get(request.path_params["page"])
    if page is None:
        return screens.page(request, "public_gone.html", 404)
    posts = world.public_posts(page.id)
    hidden = sum(not post.is_published and not post.deleted_at for post in world.by_page[page.id])
    views = [view(world, page, post) for post in posts[:AT_MOST]]
    return screens.page(
        request,
        "public_page.html",
        page=page,
        profile=world.profile_of(page.id),
        views=views,
        total=len(posts),
        hidden=hidden,
        stories=public_stories.on_page(world, page.id),
    )


async def show_post(request: Request) -> Response:
    """One post: where its permalink leads. A hidden one is not there."""
    world: World = request.app.state.world
    post = world.posts.get(request.path_params["post"])
    if post is None or post.deleted_at or post.hidden or not post.is_published:
        return screens.page(request, "public_gone.html", 404)
    page = world.pages[post.page_id]
    return screens.page(request, "public_post.html", page=page, one=view(world, page, post))


def view(world: World, page: Page, post: Post) -> dict[str, object]:
    """A post as its template needs it."""
    host = urlsplit(post.link).hostname or post.link
    pieces = [(piece, alt or photos.AUTOMATIC) for piece, alt in pieces_of(world, post)]
    counts, said = insights.counts(world, post), public_stories.comments_of(world, post.id)
    return {"post": post, "host": host, "counts": counts, "pictures": shown(pieces), "comments": said}


ROUTES = [
    Route("/public", index),
    Route("/public/pages/{page}", show_page),
    Route("/public/posts/{post}", show_post),
]
