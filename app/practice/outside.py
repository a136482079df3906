"""What other people do on the practice network by hand, past our app. ValueError says why not."""

from datetime import timedelta
from typing import Any

from pydantic import Field

from app.practice import media, pictures
from app.practice.acts import Input, page_of
from app.practice.people import Media, Photo, Picture, Post
from app.practice.posts import remove as remove_from_page
from app.practice.world import World

# Paper, moss, sky, brick: one picture differs from the next.
COLOURS = ((214, 200, 170), (76, 110, 92), (108, 141, 170), (165, 90, 70), (60, 62, 74))


# How far back something can have been made by hand: ten years.
LONGEST = 87_660


class OutsidePost(Input):
    """A post made by hand on the Page, not by our app. photos: how many; alt_texts: theirs, in order;
    hours_ago: since when it is there."""

    page: str
    message: str
    link: str = ""
    published: bool = True
    photos: int = Field(0, ge=0, le=10)
    alt_texts: list[str] = Field(default_factory=list)
    hours_ago: float = Field(0, ge=0, le=LONGEST)


class OutsideMedia(Input):
    """A post made by hand in the app of Instagram. pictures: how many; alt_texts: theirs, in order; reel: it
    is one; hours_ago: since when it is there."""

    profile: str
    caption: str = ""
    pictures: int = Field(1, ge=1, le=10)
    alt_texts: list[str] = Field(default_factory=list)
    reel: bool = False
    hours_ago: float = Field(0, ge=0, le=LONGEST)


def picture(world: World, n: int) -> Picture:
    """A kept picture of one colour. n: which."""
    kept = world.pictures.take_in(pictures.card(COLOURS[n % len(COLOURS)]))
    assert kept is not None
    return kept


def _alt(texts: list[str], n: int) -> str:
    return texts[n] if n < len(texts) else ""


def add_post(world: World, given: OutsidePost) -> dict[str, Any]:
    """Returns the ids of the post and of its photos."""
    page, seq = page_of(world, given.page), world.next_seq()
    now = world.now() - timedelta(hours=given.hours_ago)
    post = Post(
        id=f"{page.id}_{122_100_000_000_000 + seq * 7}",
        seq=seq,
        page_id=page.id,
        message=given.message,
        link=given.link,
        is_published=given.published,
        by_app=False,
        made_at=now,
        created_at=now,
        changed_at=now,
        shown_at=now if given.published else None,
    )
    post.photos = [_photo(world, post, n, given).id for n in range(given.photos)]
    world.add_post(post, now)
    return {"post": post.id, "photos": post.photos}


def _photo(world: World, post: Post, n: int, given: OutsidePost) -> Photo:
    seq = world.next_seq()
    photo = Photo(
        id=str(122_200_000_000_000 + seq * 7),
        seq=seq,
        page_id=post.page_id,
        picture=picture(world, n),
        alt_text=_alt(given.alt_texts, n),
        is_published=post.is_published,
        by_app=False,
        post_id=post.id,
        created_at=post.created_at,
    )
    world.save(photo)
    return photo


def remove_post(world: World, post_id: str) -> dict[str, Any]:
    """Somebody deletes a post by hand. Raises ValueError."""
    post = world.posts.get(post_id)
    if post is None or post.deleted_at:
        raise ValueError(f"there is no post {post_id}")
    remove_from_page(world, post)
    return {"success": True}


def add_media(world: World, given: OutsideMedia) -> dict[str, Any]:
    """Returns the id of the post on the profile."""
    if given.profile not in world.profiles:
        raise ValueError(f"there is no profile {given.profile}")
    whole = media.new(world, given.profile, given.caption, by_app=False)
    whole.created_at -= timedelta(hours=given.hours_ago)
    whole.product = "REELS" if given.reel else "FEED"
    if given.pictures == 1:
        whole.picture, whole.alt_text = picture(world, 0), _alt(given.alt_texts, 0)
    else:
        whole.children = [_part(world, whole, n, given).id for n in range(given.pictures)]
    world.add_media(whole, whole.created_at)
    return {"media": whole.id}


def _part(world: World, whole: Media, n: int, given: OutsideMedia) -> Media:
    part = media.new(world, whole.profile_id, by_app=False)
    part.created_at = whole.created_at
    part.parent_id, part.picture, part.alt_text = whole.id, picture(world, n), _alt(given.alt_texts, n)
    world.add_media(part)
    return part


def remove_media(world: World, media_id: str) -> dict[str, Any]:
    """Somebody deletes a post in the app of Instagram. Raises ValueError."""
    found = world.media.get(media_id)
    if found is None or found.deleted_at or found.parent_id:
        raise ValueError(f"there is no media {media_id}")
    media.remove(world, found)
    return {"success": True}
