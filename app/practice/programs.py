"""What a program tells of itself: its name, its places, its people (Meta, Application; Application Roles)."""

from typing import Any
from urllib.parse import urlsplit

from app.practice.calls import PAGED, READS, Call, Operation, Operations
from app.practice.errors import GraphError
from app.practice.fields import Readers

DEFAULT = "id,name,link"
SILENT = frozenset(
    """category company contact_email created_time description icon_url logo_url namespace subcategory
    supported_platforms terms_of_service_url user_support_email user_support_url website_url""".split()
)


def readers(call: Call) -> Readers:
    """How each field of the program is read. A bare one has nothing filled in beside its name."""
    world, bare = call.world, call.world.faults.base.program == "bare"
    host = urlsplit(world.public_base).hostname
    return {
        "id": lambda _: world.keys.app_id,
        "name": lambda _: "Kuliss (practice)",
        "link": lambda _: world.public_base,
        "app_domains": lambda _: [] if bare else [host],
        "privacy_policy_url": lambda _: None if bare else f"{world.public_base}/public",
    }


def read(call: Call) -> Any:
    """GET /{app}, with the program's own token."""
    _check_own(call)
    return call.pick("Application", call.wanted(DEFAULT), readers(call), SILENT)


def roles(call: Call) -> Any:
    """GET /{app}/roles: who has a role in the program; only the program itself may ask."""
    _check_own(call)
    app_id, people = call.world.keys.app_id, call.world.people.values()
    rows = [{"app_id": app_id, "user": one.id, "role": one.app_role} for one in people if one.app_role]
    return {"data": rows}


def _check_own(call: Call) -> None:
    if call.token is None or call.token.kind != "APP":
        raise GraphError(15, "(#15) This method must be called with an app access token.")


OPERATIONS: Operations = {
    ("GET", "app", ""): Operation("program", read, READS, "any"),
    ("GET", "app", "roles"): Operation("program", roles, PAGED, "any"),
}
