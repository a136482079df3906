"""Where the API is, and a router for each of its files."""

from enum import Enum

from fastapi import APIRouter

API = "/api/v1"


def api_router(prefix: str = "", tags: list[str | Enum] | None = None) -> APIRouter:
    """A router whose routes have their whole address from the start, for the app to take as they are."""
    return APIRouter(prefix=f"{API}{prefix}", tags=tags)
