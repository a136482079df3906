"""What colleagues did by hand before anybody connected the Page or the profile: reels, weeks of posts."""

import random
from datetime import timedelta
from typing import Any

from pydantic import Field

from app.practice import outside, videos
from app.practice.acts import Input, page_of
from app.practice.people import Video
from app.practice.world import World

# What libraries write: some of it says what happens when, some of it who and why.
TEXTS = (
    "Story time for the smallest on Saturday at ten. No need to book.",
    "Closed on Friday: the staff is learning. The returns box is open as always.",
    "Anna has repaired books here for 31 years. Today she showed us her oldest needle.",
    "New on the shelf: seed packets that you borrow and return as seeds.",
    "Why does the book bus stop at the old mill? Because Elsa asked for it in 1974.",
    "Homework help on Tuesdays from three to five in the reading room.",
    "A reader left this letter in a novel. We would like to thank whoever wrote it.",
    "The violin can be borrowed again. It comes with a bow and with patience.",
)


class OutsideReel(Input):
    """A reel made by hand on a Page. hours_ago: since when it is there."""

    page: str
    description: str = ""
    hours_ago: float = Field(0, ge=0, le=outside.LONGEST)


class Past(Input):
    """Posts spread over the last days, on a Page or a profile."""

    place: str
    days: float = Field(60, gt=0, le=3_650)
    posts: int = Field(24, ge=1, le=500)


def add_reel(world: World, given: OutsideReel) -> dict[str, Any]:
    """Returns the ids of the video and of its post. Raises ValueError."""
    page, seq = page_of(world, given.page), world.next_seq()
    at = world.now() - timedelta(hours=given.hours_ago)
    video = Video(
        id=str(122_300_000_000_000 + seq * 7),
        seq=seq,
        page_id=page.id,
        use="reel",
        description=given.description,
        by_app=False,
        created_at=at,
        changed_at=at,
        asked_at=at,
        ready_at=at,
        wanted="published",
    )
    videos.show(world, video, at)
    return {"video": video.id, "post": video.post_id}


def fill(world: World, given: Past) -> dict[str, Any]:
    """Make them, oldest first. Returns their ids. Raises ValueError."""
    on_profile = given.place in world.profiles
    if not on_profile:
        page_of(world, given.place)
    dice, step = random.Random(f"{given.place}/{given.posts}"), given.days * 24 / given.posts
    ids = []
    for n in range(given.posts):
        text = TEXTS[dice.randrange(len(TEXTS))]
        hours = (given.posts - n - dice.random()) * step
        if on_profile:
            media = outside.OutsideMedia(profile=given.place, caption=text, hours_ago=hours)
            ids.append(outside.add_media(world, media)["media"])
        else:
            post = outside.OutsidePost(page=given.place, message=text, photos=n % 2, hours_ago=hours)
            ids.append(outside.add_post(world, post)["post"])
    return {"posts": ids}
