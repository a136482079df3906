"""The state of the practice network: in memory, kept in DATA_DIR/practice.db, for one event loop."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel

from app.foundation import clock
from app.foundation.practice_keys import PracticeKeys
from app.practice.faults import Faults
from app.practice.people import ALL_TASKS, Code, Page, Person, Post, Token
from app.practice.store import Store
from app.practice.transcript import Transcript


@dataclass
class Usage:
    """Calls counted on a Page (or on the app), and until when they are refused."""

    calls: int = 0
    refused_until: datetime | None = None


class World:
    """People, Pages, posts, tokens; the practice clock; the switches; what the public saw."""

    def __init__(self, keys: PracticeKeys, public_base: str, store: Store, version: str) -> None:
        self.keys, self.public_base, self.store, self.version = keys, public_base, store, version
        self.transcript = Transcript(keys.app_secret)
        self.usage: dict[str, Usage] = {}
        self._load()

    def _load(self) -> None:
        read = self.store.all
        self.people = {p.id: p for p in map(Person.model_validate_json, read("person"))}
        self.pages = {p.id: p for p in map(Page.model_validate_json, read("page"))}
        self.posts = {p.id: p for p in map(Post.model_validate_json, read("post"))}
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
        if not self.people:
            self._settle()

    def _settle(self) -> None:
        """The first inhabitants."""
        pages = [
            Page(id="100200300400501", name="Saarivesi City Library", username="saarivesi.library"),
            Page(id="100200300400502", name="Saarivesi Music Library", followers=812),
        ]
        pages[0].about = "The library on the lake. Books, tools, violins and quiet."
        tasks = [ALL_TASKS, [task for task in ALL_TASKS if task not in ("CREATE_CONTENT", "MANAGE")]]
        roles = {page.id: list(mine) for page, mine in zip(pages, tasks, strict=True)}
        for page in pages:
            self.add_page(page)
        self.save(Person(id="122093000000017", name="Kaarina Practice", roles=roles))

    def now(self) -> datetime:
        """The practice clock: the machine's, moved forward by what people asked for. Aware, UTC."""
        return clock.now() + self.offset

    def forward(self, seconds: float) -> None:
        """Move the practice clock forward. Raises ValueError for a step back."""
        if seconds < 0:
            raise ValueError("the practice clock only moves forward")
        self.offset += timedelta(seconds=seconds)
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

    def save(self, thing: Person | Page | Post | Token | Code) -> None:
        """Keep a thing, new or changed."""
        if isinstance(thing, Person):
            self.people[thing.id] = thing
        elif isinstance(thing, Page):
            self.pages[thing.id] = thing
        elif isinstance(thing, Post):
            self.posts[thing.id] = thing
        elif isinstance(thing, Token):
            self.tokens[thing.value] = thing
        else:
            self.codes[thing.value] = thing
        self.store.put(_kind(thing), _key(thing), thing.model_dump_json())

    def add_page(self, page: Page) -> Page:
        """A new Page, without posts."""
        self.by_page.setdefault(page.id, [])
        self.save(page)
        return page

    def add_post(self, post: Post) -> None:
        """A new post; if it is public, the public sees it from now."""
        self.by_page[post.page_id].append(post)
        self.save(post)
        if post.is_published:
            self.saw("appeared", post)

    def saw(self, event: str, post: Post) -> None:
        """Note that the public sees a change. event: appeared, edited, disappeared."""
        row = {
            "n": len(self.public_log) + 1,
            "event": event,
            "page": post.page_id,
            "object": post.id,
            "seq": post.seq,
            "message": post.message,
            "at": self.now().isoformat(),
            "real_at": clock.now().isoformat(),
        }
        self.public_log.append(row)
        self.store.saw(len(self.public_log), json.dumps(row))

    def public_posts(self, page_id: str) -> list[Post]:
        """What anybody sees on a Page, newest first."""
        posts = [p for p in self.by_page[page_id] if p.is_published and not p.deleted_at]
        return sorted(posts, key=lambda post: (post.created_at, post.seq), reverse=True)

    def permalink(self, post: Post) -> str:
        """The address of a post's public page."""
        return f"{self.public_base}/public/posts/{post.id}"

    def calm(self) -> None:
        """All switches to their defaults, nothing scripted, usage forgotten."""
        self.faults = Faults()
        self.usage.clear()
        self.save_faults()

    def start_over(self) -> None:
        """The first inhabitants alone, no posts, no tokens. The clock is not moved back."""
        offset, seq = self.offset, self.seq
        self.store.clear()
        self.transcript.clear()
        self.usage.clear()
        self._load()
        self.offset, self.seq = offset, seq
        self._save_meta()


def _kind(thing: BaseModel) -> str:
    return type(thing).__name__.lower()


def _key(thing: Person | Page | Post | Token | Code) -> str:
    return thing.value if isinstance(thing, Token | Code) else thing.id


def new_secret(prefix: str) -> str:
    """A token or code. prefix: EAAP for tokens, AQP for codes (the transcript knows them by it)."""
    return prefix + secrets.token_hex(24)
