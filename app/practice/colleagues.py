"""What colleagues and visitors do in the network's own tools, past our app: show, hide, delete, comment, post
a story. ValueError says why not."""

from typing import Any

from pydantic import Field

from app.practice import comments, media, outside, page_stories, photos, posts, videos
from app.practice.acts import Input, page_of
from app.practice.people import Comment, Media, Photo, Post, Story, Video
from app.practice.world import World

Thing = Post | Photo | Video | Story | Media | Comment


class VisitorComment(Input):
    """A comment that somebody writes by hand. on: id of a post, video, photo or media; author "": the Page or
    the profile itself; answers: id of a comment."""

    on: str
    message: str = Field(min_length=1, max_length=8_000)
    author: str = Field("Visitor", max_length=80)
    answers: str = ""


class OutsideStory(Input):
    """A picture story made by hand. place: a Page or a profile; colour: which picture, counted from 0."""

    place: str
    colour: int = Field(0, ge=0)


def find(world: World, wanted: str) -> Thing:
    """Anything that may be public, by its id. Raises ValueError."""
    shelves: tuple[dict[str, Any], ...] = (
        world.posts, world.photos, world.videos, world.stories, world.media, world.comments,
    )  # fmt: skip
    for shelf in shelves:
        thing: Thing | None = shelf.get(wanted)
        if thing and not thing.deleted_at:
            return thing
    raise ValueError(f"there is no object {wanted}")


def delete(world: World, wanted: str) -> dict[str, Any]:
    """Somebody deletes it by hand. Raises ValueError."""
    thing = find(world, wanted)
    if isinstance(thing, Post):
        posts.remove(world, thing)
    elif isinstance(thing, Photo):
        photos.take_away(world, thing)
    elif isinstance(thing, Video):
        story = world.stories.get(thing.post_id)
        videos.remove(world, thing)
        if story and not story.deleted_at:
            page_stories.remove(world, story)
    elif isinstance(thing, Story):
        page_stories.remove(world, thing)
    elif isinstance(thing, Comment):
        comments.remove(world, thing)
    else:
        media.remove(world, thing)
    return {"success": True}


def show(world: World, wanted: str) -> dict[str, Any]:
    """Somebody publishes a hidden post or video by hand, or unhides something. Raises ValueError."""
    thing = find(world, wanted)
    if isinstance(thing, Post) and not thing.is_published:
        posts.appear(world, thing)
    elif isinstance(thing, Video) and thing.ready_at and not thing.shown_at and thing.use != "story":
        videos.show(world, thing, world.now())
    elif isinstance(thing, Post | Media | Comment) and thing.hidden:
        _set_hidden(world, thing, False)
    else:
        raise ValueError(f"{wanted} cannot be shown")
    return {"success": True}


def hide(world: World, wanted: str) -> dict[str, Any]:
    """Somebody hides a public post, archives a media or hides a comment. Raises ValueError."""
    thing = find(world, wanted)
    if isinstance(thing, Video):
        thing = find(world, thing.post_id)
    seen = isinstance(thing, Media | Comment) or (isinstance(thing, Post) and thing.is_published)
    if not seen or thing.hidden:  # type: ignore[union-attr]
        raise ValueError(f"{wanted} cannot be hidden")
    _set_hidden(world, thing, True)  # type: ignore[arg-type]
    return {"success": True}


def _set_hidden(world: World, thing: Post | Media | Comment, hidden: bool) -> None:
    thing.hidden = hidden
    world.save(thing)
    world.saw("disappeared" if hidden else "returned", thing)


def add_comment(world: World, given: VisitorComment) -> dict[str, Any]:
    """Returns its id. Raises ValueError."""
    thing = find(world, given.on)
    if isinstance(thing, Video) and thing.post_id:
        thing = find(world, thing.post_id)
    parent = world.comments.get(given.answers)
    if isinstance(thing, Video | Story | Comment) or (given.answers and parent is None):
        raise ValueError(f"{given.on} cannot be commented on like that")
    top = (parent.parent_id or parent.id) if parent else ""
    place = thing.profile_id if isinstance(thing, Media) else thing.page_id
    made = comments.add(world, thing.id, place, given.message, parent=top, author=given.author)
    made.by_app = False
    world.save(made)
    return {"comment": made.id}


def add_story(world: World, given: OutsideStory) -> dict[str, Any]:
    """Returns its id. Raises ValueError."""
    picture = outside.picture(world, given.colour)
    if given.place in world.profiles:
        made = media.new(world, given.place, by_app=False)
        made.product, made.picture, made.due_at = "STORY", picture, made.created_at + media.DAY
        world.add_media(made)
        return {"story": made.id}
    page = page_of(world, given.place)
    seq = world.next_seq()
    photo = Photo(
        id=str(122_200_000_000_000 + seq * 7),
        seq=seq,
        page_id=page.id,
        picture=picture,
        by_app=False,
        created_at=world.now(),
    )
    story = page_stories.new(world, page.id, "photo", photo.id, by_app=False)
    photo.post_id = story.id
    world.save(photo)
    page_stories.appear(world, story, world.now())
    return {"story": story.id}
