"""Business portfolios and their Pages (Meta, User Businesses; Business Owned Pages, Client Pages)."""

from typing import Any

from app.practice import lists, pages
from app.practice.calls import PAGED, Call, Operation, Operations
from app.practice.errors import missing
from app.practice.fields import Readers, Wanted, parse
from app.practice.people import Person, Portfolio
from app.practice.world import World

NEEDED = ("business_management",)
SILENT = frozenset(
    "created_time link primary_page profile_picture_uri timezone_id verification_status".split()
)
PAGE = "id,name,category"


def direct(call: Call, person: Person) -> list[str]:
    """Ids of the Pages in a person's own list. Those that come through a portfolio are left out, or stand
    there once the person has granted business_management, as the switch says."""
    lacking = NEEDED[0] not in person.granted() or NEEDED[0] in call.switches.withdrawn
    apart = call.world.faults.base.portfolio_pages == "apart" or lacking
    hidden = set(person.through) if apart else set()
    return [page for page in sorted(person.roles) if page in call.world.pages and page not in hidden]


def businesses(call: Call) -> Any:
    """GET /me/businesses: the portfolios that a person belongs to."""
    mine = {one.id: one for one in of_person(call.world, call.person())}
    wanted = call.wanted("id,name")
    return lists.by_id(call, mine, lambda key: _told(call, mine[key], wanted))


def _told(call: Call, one: Portfolio, wanted: list[Wanted]) -> Any:
    readers: Readers = {"id": lambda _: one.id, "name": lambda _: one.name}
    return call.pick("Business", wanted, readers, SILENT)


def of_person(world: World, person: Person) -> list[Portfolio]:
    """The portfolios that a person belongs to, by id."""
    return sorted(
        (one for one in world.portfolios.values() if person.id in one.people), key=lambda one: one.id
    )


def owned(call: Call) -> Any:
    """GET /{business}/owned_pages: its own Pages, with the token of each where the person has a role."""
    return _pages(call, _own(call).owned)


def clients(call: Call) -> Any:
    """GET /{business}/client_pages: Pages of others that it works for."""
    return _pages(call, _own(call).clients)


def _own(call: Call) -> Portfolio:
    found = call.world.portfolios[call.node]
    if call.person().id not in found.people:
        raise missing(call.node)
    return found


def _pages(call: Call, ids: list[str]) -> Any:
    # The tasks of the person are told in their own list alone: no page of Meta's says otherwise.
    shelf = call.world.pages
    wanted = parse(call.params.get("fields") or PAGE)
    rows = [page for page in ids if page in shelf]
    return lists.by_id(
        call, rows, lambda key: call.pick("Page", wanted, pages.readers(call, shelf[key]), pages.SILENT)
    )


OPERATIONS: Operations = {
    ("GET", "person", "businesses"): Operation("businesses", businesses, PAGED, "user", NEEDED),
    ("GET", "portfolio", "owned_pages"): Operation("portfolio_pages", owned, PAGED, "user", NEEDED),
    ("GET", "portfolio", "client_pages"): Operation("portfolio_pages", clients, PAGED, "user", NEEDED),
}
