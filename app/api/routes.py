"""Every router of the API, in the order in which addresses are compared."""

from fastapi import APIRouter

from app.api import (
    assets,
    channels,
    connections,
    history,
    people,
    posts,
    publications,
    queue,
    tasks,
    tokens,
    units,
    uploads,
    warnings,
    wishes,
)

# Connections stand before channels, whose {channel_id} would take their word for an id.
ROUTERS: tuple[APIRouter, ...] = (
    units.router,
    people.router,
    tokens.router,
    connections.router,
    channels.router,
    posts.router,
    publications.router,
    wishes.router,
    tasks.router,
    queue.router,
    assets.router,
    uploads.router,
    warnings.router,
    history.router,
)
