"""Counting and fitting text as the networks count it."""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

TITLE_MOST = 200
COMMENT_MOST = 4000
_LAST_WORD = re.compile(r"\s+\S*\Z")
_MENTION = re.compile(r"(?<![\w.@/])@\w(?:[\w.]*\w)?")
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_HASHTAG = re.compile(r"(?<![\w/&])#(?=\w*[^\W\d_])\w+")


@dataclass(frozen=True)
class TextLimits:
    """What a network takes: characters in UTF-16 units, and how much it shows before "more".

    `hashtags`, `mentions`: how many of each a text may hold; None: as many as there is room for.
    """

    most: int
    shown: int
    hashtags: int | None = None
    mentions: int | None = None


def count(text: str) -> int:
    """Length in UTF-16 units, the strictest of the units in doubt: an emoji counts two.

    Meta does not say in which unit it counts, so we refuse a little early rather than late.
    """
    return len(text.encode("utf-16-le")) // 2


def normalise(text: str) -> str:
    """What a form sent, with one kind of line end and no space around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()


def plain(text: str) -> str:
    """Its words alone: spaces, line ends and the ways to write a letter are all one."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def same_words(one: str, other: str) -> bool:
    """Whether two texts say the same, however a network or a person has spaced them."""
    return plain(one) == plain(other)


def hashtags(text: str) -> list[str]:
    """The hashtags in a text, with their sign."""
    return _HASHTAG.findall(text)


def mentions(text: str) -> list[str]:
    """The accounts that a text mentions, with their sign; an e-mail address is none."""
    return _MENTION.findall(text)


def holds_link(text: str) -> bool:
    """Whether a web address stands in a text."""
    return _ADDRESS.search(text) is not None


def cut(text: str, shown: int) -> tuple[str, bool]:
    """The part shown before "more", cut between words, and whether something was cut."""
    if count(text) <= shown:
        return text, False
    head = text.encode("utf-16-le")[: shown * 2].decode("utf-16-le", "ignore")
    gap = _LAST_WORD.search(head)
    return (head[: gap.start()] if gap else head), True


def with_link(text: str, link: str) -> str:
    """A text that goes out with pictures, the link in its last line unless it stands in the text already."""
    if not link or link in text:
        return text
    return f"{text}\n\n{link}" if text else link


def is_web_address(link: str) -> bool:
    """Whether a link is a whole http(s) address with a host, without spaces and without a password."""
    try:
        parts = urlsplit(link)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    clean = not re.search(r"[\s\x00-\x1f]", link) and "@" not in parts.netloc
    return clean and parts.scheme in ("http", "https") and bool(host and "." in host) and port != 0


def host_of(link: str) -> str:
    """The host that a preview shows under a link."""
    return (urlsplit(link).hostname or "").removeprefix("www.")
