"""Pages that leave the practice network with everything on them: as if they had never been there."""

from typing import Any

from pydantic import Field

from app.practice.acts import Input
from app.practice.world import SHELVES, World


class Leaving(Input):
    """Which Pages; ids that are not there are passed over."""

    pages: list[str] = Field(max_length=500)


def remove(world: World, given: Leaving) -> dict[str, Any]:
    """Their profiles go too, and people who looked after nothing else. Returns how many Pages went.

    The log of what the public saw stays: it is a log.
    """
    pages = set(given.pages) & world.pages.keys()
    profiles = {one.id for one in world.profiles.values() if one.page_id in pages}
    things = pages | profiles
    for kind, shelf in SHELVES.items():
        for key, thing in list(getattr(world, shelf).items()):
            if {getattr(thing, "page_id", ""), getattr(thing, "profile_id", ""), key} & things:
                world.forget(kind, key)
    for page in pages:
        world.by_page.pop(page, None)
    for person in list(world.people.values()):
        if not person.roles.keys() & pages:
            continue
        person.roles = {page: tasks for page, tasks in person.roles.items() if page not in pages}
        if person.roles or len(world.people) == 1:
            world.save(person)
        else:
            world.forget(type(person), person.id)
    return {"removed": len(pages)}
