"""Every router of the API, in the order in which addresses are compared."""

from fastapi import APIRouter

from app.api import (
    apps,
    assets,
    channel_days,
    channels,
    connections,
    feeds,
    found,
    history,
    people,
    posts,
    publications,
    queue,
    results,
    search,
    slots,
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
    apps.router,
    channels.router,
    posts.router,
    publications.router,
    wishes.router,
    tasks.router,
    queue.router,
    results.router,
    slots.router,
    search.router,
    feeds.router,
    assets.router,
    uploads.router,
    found.router,
    channel_days.router,
    warnings.router,
    history.router,
)
