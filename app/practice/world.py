"""The state of the practice network: in memory, kept in DATA_DIR/practice.db, for one event loop."""

import json
import secrets
from asyncio import Semaphore, Task
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel

from app.foundation import clock
from app.foundation.practice_keys import PracticeKeys
from app.practice import public_log
from app.practice.clips import Clips
from app.practice.faults import Faults
from app.practice.fetching import AT_ONCE
from app.practice.people import (
    ALL_TASKS,
    Clip,
    Code,
    Comment,
    Container,
    Media,
    Page,
    Person,
    Photo,
    Picture,
    Portfolio,
    Post,
    Profile,
    Session,
    Story,
    Token,
    Video,
)
from app.practice.pictures import Pictures
from app.practice.store import Store
from app.practice.transcript import Transcript

Public = Post | Photo | Media | Story | Comment
Thing = Public | Person | Page | Portfolio | Profile | Container | Video | Session | Token | Code
Waiting = Post | Media | Story | Video
# Where the world keeps each kind of thing.
SHELVES: dict[type[BaseModel], str] = {
    Person: "people",
    Page: "pages",
    Portfolio: "portfolios",
    Post: "posts",
    Photo: "photos",
    Profile: "profiles",
    Container: "containers",
    Media: "media",
    Video: "videos",
    Story: "stories",
    Session: "sessions",
    Comment: "comments",
    Token: "tokens",
    Code: "codes",
}
PHOTO_LIFE = timedelta(hours=24)
_FURTHEST = timedelta(days=36_525)  # of the practice clock, ahead of the machine's
PROFILES = (
    ("100200300400501", "17841400000000501", "saarivesi.library", 1_930),
    ("100200300400502", "17841400000000502", "saarivesi.music", 640),
)


@dataclass
class Usage:
    """Calls counted on a Page or a profile (or on the app), until when they are refused, and how."""

    calls: int = 0
    refused_until: datetime | None = None
    code: int | None = None


@dataclass(frozen=True)
class Outage:
    """The network is away: closed = every line is cut, http_503 = it says so. until: on the practice clock;
    None: until somebody ends it."""

    way: str
    until: datetime | None


class World:
    """People, Pages, profiles and what is on them; tokens; the clock; the switches; what the public saw.

    origins: where files may be fetched from; tasks, fetches: files that are being fetched, by container, and
    how many may be so at once; receiving: ids of what bytes are just coming for; waiting: what changes by
    itself, by id; under: comments by what they are on; outage: the network is away.
    """

    def __init__(
        self,
        keys: PracticeKeys,
        public_base: str,
        store: Store,
        version: str,
        pictures: Pictures,
        clips: Clips,
        origins: frozenset[str] = frozenset(),
    ) -> None:
        self.keys, self.public_base, self.store, self.version = keys, public_base, store, version
        self.pictures, self.clips, self.origins = pictures, clips, origins
        self.outage: Outage | None = None
        self.transcript = Transcript(keys.app_secret)
        self.usage: dict[str, Usage] = {}
        self.tasks: dict[str, Task[None]] = {}
        self.fetches = Semaphore(AT_ONCE)
        self.receiving: set[str] = set()
        self._load()

    def _load(self) -> None:
        read = self.store.all
        self.people = {p.id: p for p in map(Person.model_validate_json, read("person"))}
        self.pages = {p.id: p for p in map(Page.model_validate_json, read("page"))}
        self.portfolios = {p.id: p for p in map(Portfolio.model_validate_json, read("portfolio"))}
        self.posts = {p.id: p for p in map(Post.model_validate_json, read("post"))}
        self.photos = {p.id: p for p in map(Photo.model_validate_json, read("photo"))}
        self.profiles = {p.id: p for p in map(Profile.model_validate_json, read("profile"))}
        self.containers = {c.id: c for c in map(Container.model_validate_json, read("container"))}
        self.media = {m.id: m for m in map(Media.model_validate_json, read("media"))}
        self.videos = {v.id: v for v in map(Video.model_validate_json, read("video"))}
        self.stories = {s.id: s for s in map(Story.model_validate_json, read("story"))}
        self.sessions = {s.id: s for s in map(Session.model_validate_json, read("session"))}
        self.comments = {c.id: c for c in map(Comment.model_validate_json, read("comment"))}
        self.tokens = {t.value: t for t in map(Token.model_validate_json, read("token"))}
        self.codes = {c.value: c for c in map(Code.model_validate_json, read("code"))}
        meta = json.loads((read("meta") or ["{}"])[0])
        self.offset = timedelta(seconds=meta.get("offset", 0))
        self.seq = int(meta.get("seq", 0))
        self.faults = Faults(json.loads((read("faults") or ["{}"])[0]))
        self.public_log: list[dict[str, Any]] = [json.loads(row) for row in self.store.seen()]
        self.by_page: dict[str, list[Post]] = {page: [] for page in self.pages}
        for post in self.posts.values():
            self.by_page[post.page_id].append(post)
        self.under: dict[str, dict[str, Comment]] = {}
        for comment in self.comments.values():
            self.under.setdefault(comment.on, {})[comment.id] = comment
        self.waiting: dict[str, Waiting] = {}
        for shelf in (self.posts, self.media, self.stories, self.videos):
            self.waiting |= {one.id: one for one in shelf.values() if one.due_at}
        if not self.people:
            self._settle()
        if not self.profiles:  # also a world of the time before there were any
            self._settle_profiles()

    def _settle(self) -> None:
        """The first inhabitants."""
        pages = [
            Page(id="100200300400501", name="Saarivesi City Library", username="saarivesi.library"),
            Page(id="100200300400502", name="Saarivesi Music Library", followers=812),
            Page(id="100200300400503", name="Saarivesi Book Bus", followers=455),
        ]
        pages[0].about = "The library on the lake. Books, tools, violins and quiet."
        lacking = [task for task in ALL_TASKS if task not in ("CREATE_CONTENT", "MANAGE")]
        roles = {pages[0].id: list(ALL_TASKS), pages[1].id: lacking, pages[2].id: list(ALL_TASKS)}
        for page in pages:
            self.add_page(page)
        self.save(Person(id="122093000000017", name="Kaarina Practice", roles=roles))
        both = {pages[0].id: list(ALL_TASKS), pages[2].id: list(ALL_TASKS)}
        self.save(Person(id="122093000000029", name="Onni Practice", roles=both))

    def _settle_profiles(self) -> None:
        """Profiles of the first Pages; the book bus has none."""
        for page_id, profile_id, username, followers in PROFILES:
            page = self.pages.get(page_id)
            if page:
                new = Profile(
                    id=profile_id, page_id=page_id, username=username, name=page.name, followers=followers
                )
                new.biography = page.about
                self.save(new)

    def now(self) -> datetime:
        """The practice clock: the machine's, moved forward by what people asked for. Aware, UTC."""
        return clock.now() + self.offset

    def forward(self, seconds: float) -> None:
        """Move the practice clock forward. Raises ValueError for a step back, or beyond a century."""
        offset = self.offset + timedelta(seconds=seconds)
        if seconds < 0 or offset > _FURTHEST:
            raise ValueError("the practice clock only moves forward, and by a hundred years at most")
        self.offset = offset
        self._save_meta()

    def next_seq(self) -> int:
        """A number for a new object; they tell objects apart whatever their text."""
        self.seq += 1
        self._save_meta()
        return self.seq

    def _save_meta(self) -> None:
        meta = {"offset": self.offset.total_seconds(), "seq": self.seq}
        self.store.put("meta", "meta", json.dumps(meta))

    def save_faults(self) -> None:
        """Keep the switches and the script."""
        self.store.put("faults", "faults", json.dumps(self.faults.saved()))

    def save(self, thing: Thing) -> None:
        """Keep a thing, new or changed."""
        getattr(self, SHELVES[type(thing)])[_key(thing)] = thing
        if isinstance(thing, Comment):
            self.under.setdefault(thing.on, {})[thing.id] = thing
        elif isinstance(thing, Post | Media | Story | Video):
            self.waiting.pop(thing.id, None)
            if thing.due_at:
                self.waiting[thing.id] = thing
        self.store.put(type(thing).__name__.lower(), _key(thing), thing.model_dump_json())

    def forget(self, kind: type[BaseModel], key: str) -> None:
        """Let go of a thing as if it had never been there."""
        getattr(self, SHELVES[kind]).pop(key, None)
        self.waiting.pop(key, None)
        self.under.pop(key, None)
        self.store.drop(kind.__name__.lower(), key)

    def add_page(self, page: Page) -> Page:
        """A new Page, without posts."""
        self.by_page.setdefault(page.id, [])
        self.save(page)
        return page

    def add_post(self, post: Post, at: datetime | None = None) -> None:
        """A new post; if it is public, the public sees it from now, or from an instant that has passed."""
        self.by_page[post.page_id].append(post)
        self.save(post)
        if post.is_published:
            self.saw("appeared", post, at)

    def add_media(self, media: Media, at: datetime | None = None) -> None:
        """Something new on a profile; unless it is a part of a carousel, the public sees it from now, or from
        an instant that has passed."""
        self.save(media)
        if not media.parent_id:
            self.saw("appeared", media, at)

    def saw(self, event: str, thing: Public, at: datetime | None = None) -> None:
        """Note what the public sees. event: appeared, edited, disappeared, returned; at: None for now."""
        now = self.now()
        late = now - (at or now)
        row = {
            "n": len(self.public_log) + 1,
            "event": event,
            **public_log.told(self, thing),
            "at": (now - late).isoformat(),
            "real_at": (clock.now() - late).isoformat(),
        }
        self.public_log.append(row)
        self.store.saw(len(self.public_log), json.dumps(row))

    def photos_of(self, post: Post) -> list[Photo]:
        """The photos that a post still has, in their order."""
        found = [self.photos[photo] for photo in post.photos if photo in self.photos]
        return [photo for photo in found if self.is_there(photo)]

    def comments_under(self, thing: str) -> int:
        """How many comments were written under something and are still there, answers too."""
        return sum(not one.deleted_at for one in self.under.get(thing, {}).values())

    def is_there(self, photo: Photo) -> bool:
        """Whether a photo lives: not deleted, and not hidden for more than a day (Meta, Page photos)."""
        if photo.deleted_at is not None:
            return False
        stays = self.faults.of(photo.page_id).hidden_photos_vanish == "when_not_attached" and photo.post_id
        return photo.is_published or bool(stays) or self.now() - photo.created_at < PHOTO_LIFE

    def parts_of(self, media: Media) -> list[Media]:
        """The parts of a carousel in their order; of anything else itself."""
        return [self.media[child] for child in media.children] or [media]

    def profile_of(self, page_id: str) -> Profile | None:
        """The profile that is linked to a Page."""
        return next((one for one in self.profiles.values() if one.page_id == page_id), None)

    def public_posts(self, page_id: str) -> list[Post]:
        """What anybody sees on a Page, newest first."""
        posts = [p for p in self.by_page[page_id] if p.is_published and not p.deleted_at and not p.hidden]
        return sorted(posts, key=lambda post: (post.created_at, post.seq), reverse=True)

    def public_media(self, profile_id: str) -> list[Media]:
        """What anybody sees on a profile, newest first; its stories apart."""
        found = [
            media
            for media in self.media.values()
            if media.profile_id == profile_id
            and media.product != "STORY"
            and not (media.parent_id or media.deleted_at or media.hidden)
        ]
        return sorted(found, key=lambda media: (media.created_at, media.seq), reverse=True)

    def permalink(self, thing: Post | Photo | Media | Story) -> str:
        """The address of its public page."""
        if isinstance(thing, Photo):
            return self.picture_url(thing.picture)
        kind = {Media: "media", Story: "stories", Post: "posts"}[type(thing)]
        return f"{self.public_base}/public/{kind}/{thing.id}"

    def picture_url(self, picture: Picture) -> str:
        """Where a picture can be seen."""
        return f"{self.public_base}/public/pictures/{picture.name}"

    def clip_url(self, clip: Clip) -> str:
        """Where a video can be seen."""
        return f"{self.public_base}/public/videos/{clip.name}"

    def is_away(self) -> bool:
        """Whether the network cannot be reached now."""
        if self.outage and self.outage.until and self.now() >= self.outage.until:
            self.outage = None
        return self.outage is not None

    def calm(self) -> None:
        """All switches to their defaults, nothing scripted, usage forgotten."""
        self.faults, self.outage = Faults(), None
        self.usage.clear()
        self.save_faults()

    def start_over(self) -> None:
        """The first inhabitants alone, nothing public, no tokens. The clock is not moved back."""
        offset, seq = self.offset, self.seq
        for task in self.tasks.values():
            task.cancel()
        self.tasks.clear()
        self.store.clear()
        self.pictures.clear()
        self.clips.clear()
        self.outage = None
        self.transcript.clear()
        self.usage.clear()
        self._load()
        self.offset, self.seq = offset, seq
        self._save_meta()


def _key(thing: Thing) -> str:
    return thing.value if isinstance(thing, Token | Code) else thing.id


def new_secret(prefix: str) -> str:
    """A token or code. prefix: EAAP for tokens, AQP for codes (the transcript knows them by it)."""
    return prefix + secrets.token_hex(24)
