"""Routes by the first word of their address. A file of routes is read when somebody first asks for a word of
its: to read all of them at the start would take as long as everything else together."""

from collections.abc import Mapping, Sequence
from typing import cast

from fastapi import APIRouter
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from app.foundation.modules import read


class Areas(BaseRoute):
    """All routes of a package's files as one route.

    `files`: for each first word of an address, behind `under`, the files whose routes begin with it, in the
    order in which they are compared. Each has a `router` whose routes have their whole address.
    """

    def __init__(self, package: str, files: Mapping[str, Sequence[str]], under: str = "") -> None:
        self._package, self._files, self._under = package, files, f"{under}/"
        self._known: dict[str, tuple[BaseRoute, ...]] = {}

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """The first route that takes address and method, else the first that takes the address."""
        path: str = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith(self._under):
            return Match.NONE, {}
        nearly: tuple[Match, Scope] = Match.NONE, {}
        for route in self.of(path[len(self._under) :].partition("/")[0]):
            match, found = route.matches(scope)
            if match is Match.FULL:
                return match, found
            if match is Match.PARTIAL and nearly[0] is Match.NONE:
                nearly = match, found
        return nearly

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the route that `matches` found do it."""
        await cast(BaseRoute, scope["route"]).handle(scope, receive, send)

    def of(self, word: str) -> tuple[BaseRoute, ...]:
        """The routes of the files of a word; none for a word that is not listed."""
        if word not in self._files:
            return ()
        if word not in self._known:
            self._known[word] = tuple(
                route for file in self._files[word] for route in self._router(file).routes
            )
        return self._known[word]

    def all(self) -> list[BaseRoute]:
        """Every route once, with all files read."""
        files = dict.fromkeys(file for listed in self._files.values() for file in listed)
        return [route for file in files for route in self._router(file).routes]

    def _router(self, file: str) -> APIRouter:
        return cast(APIRouter, read(f"{self._package}.{file}").router)
