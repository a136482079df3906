"""Field expansion: `id,comments.limit(0).summary(true),insights.metric(a,b){values}` (Meta, Graph API)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.practice.errors import GraphError, bad

NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")


@dataclass
class Wanted:
    """One asked-for field with its modifiers (limit, summary, metric, …) and the fields inside it."""

    name: str
    modifiers: dict[str, str] = field(default_factory=dict)
    inside: list["Wanted"] = field(default_factory=list)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def eat(self, sign: str) -> bool:
        if self.peek() == sign:
            self.at += 1
            return True
        return False

    def name(self) -> str:
        start = self.at
        while self.peek() in NAME:
            self.at += 1
        if start == self.at:
            raise self.wrong()
        return self.text[start : self.at]

    def wrong(self) -> GraphError:
        return GraphError(2500, f"Syntax error at character {self.at}: fields", kind="OAuthException")

    def group(self) -> list[Wanted]:
        found = [self.one()]
        while self.eat(","):
            found.append(self.one())
        return found

    def one(self) -> Wanted:
        wanted = Wanted(self.name())
        while self.eat("."):
            modifier = self.name()
            if not self.eat("("):
                raise self.wrong()
            end = self.text.find(")", self.at)
            if end < 0:
                raise self.wrong()
            wanted.modifiers[modifier] = self.text[self.at : end]
            self.at = end + 1
        if self.eat("{"):
            wanted.inside = self.group()
            if not self.eat("}"):
                raise self.wrong()
        return wanted


def parse(text: str) -> list[Wanted]:
    """The fields in a `fields` parameter. Raises GraphError 2500 for bad syntax."""
    reader = _Reader(text.replace(" ", ""))
    found = reader.group()
    if reader.peek():
        raise reader.wrong()
    return found


Readers = dict[str, Callable[[Wanted], Any]]


def pick(kind: str, wanted: list[Wanted], readers: Readers, silent: frozenset[str], strict: bool) -> Any:
    """The asked-for fields of one node. What is None is left out, as Meta leaves out what is empty.

    silent: names that exist at Meta and are always empty here. strict: refuse names that nobody knows.
    """
    answer: dict[str, Any] = {}
    for one in wanted:
        if one.name in readers:
            value = readers[one.name](one)
            if value is not None:
                answer[one.name] = value
        elif one.name not in silent and strict:
            raise bad(f"Tried accessing nonexisting field ({one.name}) on node type ({kind})")
    if "id" in readers:
        answer["id"] = readers["id"](Wanted("id"))
    return answer
