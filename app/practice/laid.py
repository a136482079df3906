"""Posts laid on a Page or a profile with dates that are past, as if our app had published them then.

A made-up library lays its past here, with its own pictures, so that every address of it opens something.
"""

import base64
import binascii
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import Field

from app.practice import media, outside
from app.practice.acts import Input, page_of
from app.practice.people import Photo, Picture, Post
from app.practice.world import World

Count = Literal["reactions", "likes", "comments", "shares", "saved", "reach", "views", "clicks"]


class NewPicture(Input):
    """A picture's file, as base64."""

    body: str = Field(max_length=14_000_000)


class LaidPost(Input):
    """One post; hours_ago: since when it is there; picture: as `take_in` told it; counted: its numbers from
    then on, those that are left out are simulated as for any other."""

    text: str = Field(max_length=63_206)
    hours_ago: float = Field(ge=0, le=outside.LONGEST)
    picture: Picture
    alt_text: str = Field("", max_length=2_000)
    counted: dict[Count, int] = Field(default_factory=dict)


class Laid(Input):
    """Posts of one Page or profile."""

    place: str
    posts: list[LaidPost] = Field(max_length=200)


def take_in(world: World, given: NewPicture) -> dict[str, Any]:
    """Keep a picture; returns what is known of it. Raises ValueError when it is none."""
    try:
        body = base64.b64decode(given.body, validate=True)
    except binascii.Error:
        raise ValueError("that is no base64") from None
    found = world.pictures.take_in(body)
    if found is None:
        raise ValueError("that is no picture of a kind that a network takes")
    return {"picture": found.model_dump()}


def lay(world: World, given: Laid) -> dict[str, Any]:
    """Make the posts; returns the id and the address of each, in order. Raises ValueError."""
    on_profile = given.place in world.profiles
    if not on_profile:
        page_of(world, given.place)
    one = _on_profile if on_profile else _on_page
    return {"posts": [one(world, given.place, post) for post in given.posts]}


def _on_page(world: World, page_id: str, given: LaidPost) -> dict[str, str]:
    at, seq = _at(world, given), world.next_seq()
    post = Post(
        id=f"{page_id}_{122_100_000_000_000 + seq * 7}",
        seq=seq,
        page_id=page_id,
        message=given.text,
        is_published=True,
        counted=_counted(given),
        made_at=at,
        created_at=at,
        changed_at=at,
        shown_at=at,
    )
    seq = world.next_seq()
    photo = Photo(
        id=str(122_200_000_000_000 + seq * 7),
        seq=seq,
        page_id=page_id,
        picture=given.picture,
        alt_text=given.alt_text,
        post_id=post.id,
        created_at=at,
    )
    world.save(photo)
    post.photos = [photo.id]
    world.add_post(post, at)
    return {"id": post.id, "link": world.permalink(post)}


def _on_profile(world: World, profile_id: str, given: LaidPost) -> dict[str, str]:
    one = media.new(world, profile_id, given.text)
    one.created_at = _at(world, given)
    one.picture, one.alt_text, one.counted = given.picture, given.alt_text, _counted(given)
    world.add_media(one, one.created_at)
    return {"id": one.id, "link": world.permalink(one)}


def _counted(given: LaidPost) -> dict[str, int]:
    return {str(name): count for name, count in given.counted.items()}


def _at(world: World, given: LaidPost) -> datetime:
    return world.now() - timedelta(hours=given.hours_ago)
