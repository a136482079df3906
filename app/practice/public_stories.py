"""What the public would see of stories, and every video file of both networks."""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from app.practice import page_stories, screens
from app.practice.clips import TYPES
from app.practice.people import Comment, Media, Story
from app.practice.public_log import pieces_of
from app.practice.shown import Shown, shown
from app.practice.world import World


@dataclass(frozen=True)
class StoryView:
    """A story as its template needs it. pieces: its one picture or video."""

    id: str
    when: datetime
    pieces: list[Shown]


def on_page(world: World, page_id: str) -> list[StoryView]:
    """The stories that a Page shows now, newest first."""
    found = [one for one in world.stories.values() if one.page_id == page_id and page_stories.is_seen(one)]
    return [_view(world, one) for one in sorted(found, key=lambda one: one.seq, reverse=True)]


def on_profile(world: World, profile_id: str) -> list[StoryView]:
    """The stories that a profile shows now, newest first."""
    found = [one for one in world.media.values() if one.profile_id == profile_id and is_story(one)]
    return [_view(world, one) for one in sorted(found, key=lambda one: one.seq, reverse=True)]


def is_story(media: Media) -> bool:
    """Whether it is a story that the public sees now."""
    return media.product == "STORY" and bool(media.due_at) and not (media.deleted_at or media.hidden)


def _view(world: World, story: Story | Media) -> StoryView:
    when = story.shown_at or story.created_at if isinstance(story, Story) else story.created_at
    return StoryView(story.id, when, shown(pieces_of(world, story)))


def comments_of(world: World, thing: str) -> list[Comment]:
    """What the public reads under something, oldest first, each answer behind what it answers."""
    seen = [one for one in world.under.get(thing, {}).values() if not (one.deleted_at or one.hidden)]
    places = {one.id: one.seq for one in seen}
    return sorted(seen, key=lambda one: (places.get(one.parent_id, one.seq), one.seq))


async def show_story(request: Request) -> Response:
    """One story of a Page: where its address leads, for a day."""
    world: World = request.app.state.world
    story = world.stories.get(request.path_params["story"])
    if story is None or not page_stories.is_seen(story):
        return screens.page(request, "public_gone.html", 404)
    page = world.pages[story.page_id]
    return screens.page(request, "public_story.html", page=page, one=_view(world, story))


async def show_video(request: Request) -> Response:
    """The bytes of a video, or the part a player asks for. Its name is made of its content."""
    world: World = request.app.state.world
    name = request.path_params["name"]
    path = world.clips.find(name)
    if path is None:
        return screens.page(request, "public_gone.html", 404)
    return FileResponse(path, headers=screens.FILE_HEADERS, media_type=TYPES[name.rpartition(".")[2]])


ROUTES = [
    Route("/public/stories/{story}", show_story),
    Route("/public/videos/{name}", show_video),
]
