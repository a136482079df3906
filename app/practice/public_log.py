"""What the public log says of something: where it is, by which ids it is known, its text, its files.

Two rows of one kind with the same `seq` are the same thing; the same file in two things has the same `hash`.
So whoever reads the log can tell what was public twice without believing in texts.
"""

from typing import TYPE_CHECKING, Any

from app.practice.people import Clip, Comment, Media, Photo, Picture, Post, Story

if TYPE_CHECKING:
    from app.practice.world import World

PICTURE = {"hash", "size", "width", "height"}
CLIP = {"hash", "size", "width", "height", "seconds"}
Piece = tuple[Picture | Clip, str]
PRODUCTS = {"FEED": "ig_post", "REELS": "ig_reel", "STORY": "ig_story"}


def told(world: "World", thing: Post | Photo | Media | Story | Comment) -> dict[str, Any]:
    """The part of a row that says what it is.

    kind: post, video, reel, photo, photo_story, video_story, ig_post, ig_reel, ig_story or comment; object:
    its id; ids: all the ids it is known by; on: what a comment is under; files: hashes of what it shows, in
    their order; pictures, videos: the same with their sizes.
    """
    pieces = pieces_of(world, thing)
    return {
        "network": "instagram" if _on_instagram(world, thing) else "facebook",
        "kind": kind_of(thing),
        "page": place_of(thing),
        "object": thing.id,
        "ids": ids_of(thing),
        "on": thing.on if isinstance(thing, Comment) else "",
        "seq": thing.seq,
        "message": text_of(thing),
        "files": [piece.hash for piece, _ in pieces],
        "pictures": [
            {**one.model_dump(include=PICTURE), "alt_text": alt}
            for one, alt in pieces
            if isinstance(one, Picture)
        ],
        "videos": [_clip(one) for one, _ in pieces if isinstance(one, Clip)],
    }


def _clip(clip: Clip) -> dict[str, Any]:
    return {**clip.model_dump(include=CLIP), "poster": clip.poster.hash}


def kind_of(thing: Post | Photo | Media | Story | Comment) -> str:
    """What it is, as `told` names it."""
    if isinstance(thing, Post):
        return "reel" if thing.is_reel else "video" if thing.video else "post"
    if isinstance(thing, Media):
        return PRODUCTS[thing.product]
    if isinstance(thing, Story):
        return f"{thing.kind}_story"
    return "comment" if isinstance(thing, Comment) else "photo"


def place_of(thing: Post | Photo | Media | Story | Comment) -> str:
    """The Page or the profile that something is on."""
    if isinstance(thing, Comment):
        return thing.place
    return thing.profile_id if isinstance(thing, Media) else thing.page_id


def ids_of(thing: Post | Photo | Media | Story | Comment) -> list[str]:
    """All the ids that calls know it by."""
    if isinstance(thing, Post) and thing.video:
        return [thing.id, thing.video]
    return [thing.id, thing.media_id] if isinstance(thing, Story) else [thing.id]


def text_of(thing: Post | Photo | Media | Story | Comment) -> str:
    """Its text; a story has none."""
    if isinstance(thing, Story):
        return ""
    return thing.message if isinstance(thing, Post | Comment) else thing.caption


def pieces_of(world: "World", thing: Post | Photo | Media | Story | Comment) -> list[Piece]:
    """Its pictures and videos in their order, each with the alternative text that somebody wrote."""
    if isinstance(thing, Comment):
        return []
    if isinstance(thing, Photo):
        return [(thing.picture, thing.alt_text)]
    if isinstance(thing, Media):
        pieces = [(part.clip or part.picture, part.alt_text) for part in world.parts_of(thing)]
        return [(piece, alt) for piece, alt in pieces if piece]
    if isinstance(thing, Story) and thing.kind == "photo":
        photo = world.photos[thing.media_id]
        return [(photo.picture, photo.alt_text)]
    video = world.videos.get(thing.media_id if isinstance(thing, Story) else thing.video)
    if video and video.clip:
        return [(video.clip, "")]
    photos = world.photos_of(thing) if isinstance(thing, Post) else []
    return [(photo.picture, photo.alt_text) for photo in photos]


def _on_instagram(world: "World", thing: Post | Photo | Media | Story | Comment) -> bool:
    return isinstance(thing, Media) or (isinstance(thing, Comment) and thing.place in world.profiles)
