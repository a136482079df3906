"""Photos of a Page: sent, read, put into posts, deleted (Meta, Graph API, Page photos)."""

import json
import re
from typing import Any

from app.practice import fetching, lists
from app.practice.calls import PAGED, READS, Call, Operation, Operations, stamp
from app.practice.errors import GraphError, bad, bad_image, missing
from app.practice.fields import Readers, Wanted
from app.practice.people import Photo, Picture, Post, Story
from app.practice.world import World

MOST_BYTES = 10 * 1024 * 1024
MOST_ATTACHED = 10
DEFAULT = "id,created_time,name"
MANAGE = ("pages_manage_posts", "pages_read_engagement")
AUTOMATIC = "May be an image (simulated description)"
# At Meta these exist too; here they are refused by name, so that nobody believes they did something.
NOT_PRACTISED = frozenset(
    """aid allow_spherical_photo application_id backdated_time backdated_time_granularity feed_targeting
    full_res_is_coming_later parent_media_id place privacy provenance_info scheduled_publish_time
    spherical_metadata sponsor_id sponsor_relationship tags target_id targeting unpublished_content_type
    user_selected_tags vault_image_id""".split()
)
SILENT = frozenset(
    """album backdated_time backdated_time_granularity can_backdate can_delete can_tag event icon name_tags
    place position target webp_images""".split()
)
_INDEXED = re.compile(r"attached_media\[(\d{1,3})\]")


async def create(call: Call) -> Any:
    """POST /{page}/photos: one photo, with a post of its own or hidden, to be put into a post later."""
    published = call.flag("published", True)
    temporary, no_story = call.flag("temporary", False), call.flag("no_story", False)
    if temporary and published:
        raise bad("Param temporary needs published to be false")
    picture = await _picture(call)
    seq = call.world.next_seq()
    photo = Photo(
        id=str(122_200_000_000_000 + seq * 7),
        seq=seq,
        page_id=call.the_page().id,
        picture=picture,
        caption=call.params.get("caption") or call.params.get("message", ""),
        alt_text=call.params.get("alt_text_custom", ""),
        is_published=published,
        created_at=call.now,
    )
    call.world.save(photo)
    if not published:
        return {"id": photo.id}
    if no_story:
        call.world.saw("appeared", photo)
        return {"id": photo.id}
    return {"id": photo.id, "post_id": _own_post(call, photo).id}


async def _picture(call: Call) -> Picture:
    source, address = call.files.get("source"), call.params.get("url")
    if (source is None) is (not address):
        raise bad("Exactly one of source and url is required")
    if source is not None:
        if source.size > MOST_BYTES or source.picture is None:
            raise bad_image()
        return source.picture
    try:
        came = await fetching.fetch(
            address or "", call.world.origins, MOST_BYTES, call.switches.fetch_seconds
        )
    except (fetching.Unreachable, fetching.Slow):
        raise bad_image() from None
    found = await fetching.in_thread(lambda: call.world.pictures.take_in(came.body))
    if found is None or len(came.body) > MOST_BYTES:
        raise bad_image()
    return found


def _own_post(call: Call, photo: Photo) -> Post:
    post = Post(
        id=f"{photo.page_id}_{photo.id}",
        seq=photo.seq,
        page_id=photo.page_id,
        message=photo.caption,
        photos=[photo.id],
        made_at=photo.created_at,
        created_at=photo.created_at,
        changed_at=photo.created_at,
        shown_at=photo.created_at,
    )
    attach(call.world, post, [photo])
    call.world.add_post(post)
    return post


def attached(call: Call) -> list[Photo]:
    """The photos that a new post shall hold, in their order. Raises GraphError."""
    photos: list[Photo] = []
    for given in _given(call):
        if not isinstance(given, dict) or given.keys() != {"media_fbid"}:
            raise bad("Param attached_media must hold objects with a media_fbid")
        photos.append(_usable(call, str(given["media_fbid"]), photos))
    if len(photos) > MOST_ATTACHED:
        raise bad(f"Param attached_media can have at most {MOST_ATTACHED} elements")
    return photos


def plain_name(parameter: str) -> str:
    """attached_media for attached_media[3]; any other name as it is."""
    return "attached_media" if _INDEXED.fullmatch(parameter) else parameter


def _given(call: Call) -> list[Any]:
    places = sorted(
        (int(found[1]), text) for name, text in call.params.items() if (found := _INDEXED.fullmatch(name))
    )
    whole = call.params.get("attached_media")
    if whole is not None and places:
        raise bad("Param attached_media stands there twice")
    try:
        rows = json.loads(whole) if whole is not None else [json.loads(text) for _, text in places]
    except ValueError:
        rows = None
    if not isinstance(rows, list) or (whole is not None and not rows):
        raise bad("Param attached_media must be an array of JSON objects")
    return rows


def _usable(call: Call, photo_id: str, before: list[Photo]) -> Photo:
    photo = call.world.photos.get(photo_id)
    if photo is None or photo.page_id != call.the_page().id or not call.world.is_there(photo):
        raise missing(photo_id if photo_id.isdigit() else "0", "post")
    used = photo.post_id and call.switches.photo_reuse == "refuse"
    if used or photo in before:
        raise GraphError(
            100, "Invalid parameter", 1366051, advice="These photos were already posted.", status=400
        )
    return photo


def attach(world: World, post: Post, photos: list[Photo]) -> None:
    """Put photos into a new post; if it is public, so are they."""
    for photo in photos:
        photo.post_id = post.id
        photo.is_published = photo.is_published or post.is_published
        world.save(photo)


def show(world: World, post: Post) -> None:
    """A hidden post becomes public with what is left of its photos."""
    left = world.photos_of(post)
    post.photos = [photo.id for photo in left]
    attach(world, post, left)


def left_by(world: World, post: Post) -> None:
    """A post was deleted: photos of a hidden one stay and are free again, those of a public one go along."""
    for photo in world.photos_of(post):
        photo.post_id = ""
        if post.is_published:
            photo.deleted_at = world.now()
        world.save(photo)


def readers(call: Call, photo: Photo) -> Readers:
    """How each field of a photo is read."""
    picture, world = photo.picture, call.world
    page, source = world.pages[photo.page_id], world.picture_url(photo.picture)
    return {
        "id": lambda _: photo.id,
        "alt_text": lambda _: AUTOMATIC,
        "alt_text_custom": lambda _: photo.alt_text or None,
        "name": lambda _: photo.caption or None,
        "created_time": lambda _: stamp(photo.created_at),
        "updated_time": lambda _: stamp(photo.created_at),
        "from": lambda _: {"name": page.name, "id": page.id},
        "width": lambda _: picture.width,
        "height": lambda _: picture.height,
        "images": lambda _: [{"height": picture.height, "source": source, "width": picture.width}],
        "source": lambda _: source,
        "picture": lambda _: source,
        "link": lambda _: world.permalink(photo),
        "page_story_id": lambda _: photo.post_id or None,
    }


def read(call: Call) -> Any:
    """GET /{photo}."""
    return _shape(call, call.the_photo(), call.wanted(DEFAULT))


def _shape(call: Call, photo: Photo, wanted: list[Wanted]) -> Any:
    return call.pick("Photo", wanted, readers(call, photo), SILENT)


def listed(call: Call) -> Any:
    """GET /{page}/photos: the public ones."""
    lag, wanted = call.lagging(), call.wanted(DEFAULT)
    rows = [
        photo
        for photo in call.world.photos.values()
        if photo.page_id == call.the_page().id and photo.is_published and photo.created_at <= lag
    ]
    rows = [photo for photo in rows if call.world.is_there(photo)]
    return lists.page(call, rows, lambda photo: _shape(call, photo, wanted))


def delete(call: Call) -> Any:
    """DELETE /{photo}: a public post loses it, and goes along when it held nothing else."""
    take_away(call.world, call.the_photo())
    return {"success": True}


def take_away(world: World, photo: Photo) -> None:
    """Delete a photo wherever it is."""
    photo.deleted_at = world.now()
    world.save(photo)
    story, post = world.stories.get(photo.post_id), world.posts.get(photo.post_id)
    if story:
        _end(world, story)
        return
    if post is None or post.deleted_at:
        if photo.is_published:
            world.saw("disappeared", photo)
        return
    if not world.photos_of(post) and not post.message:
        post.deleted_at = world.now()
        world.save(post)
    if post.is_published:
        world.saw("disappeared" if post.deleted_at else "edited", post)


def _end(world: World, story: Story) -> None:
    seen = story.ended_at is None and story.deleted_at is None
    story.deleted_at, story.due_at = world.now(), None
    world.save(story)
    if seen:
        world.saw("disappeared", story)


def resolve(call: Call, photo: Photo) -> Photo:
    """A photo that the call names. Raises GraphError 100/33 when it is gone, too fresh, or another Page's."""
    age = (call.now - photo.created_at).total_seconds()
    foreign = call.token and call.token.kind == "PAGE" and call.token.page_id != photo.page_id
    if not call.world.is_there(photo) or age < call.switches.fresh_seconds or foreign:
        raise missing(photo.id, call.method.lower())
    return photo


CREATES = frozenset("source url caption message alt_text_custom published temporary no_story".split())
READ = ("pages_read_engagement",)

OPERATIONS: Operations = {
    ("POST", "page", "photos"): Operation("photo", create, CREATES, "page", MANAGE, "CREATE_CONTENT"),
    ("GET", "page", "photos"): Operation("list", listed, PAGED | {"type"}, "either", READ),
    ("GET", "photo", ""): Operation("photo_read", read, READS, "either", READ),
    ("DELETE", "photo", ""): Operation("photo_delete", delete, frozenset(), "page", MANAGE, "CREATE_CONTENT"),
}
