"""Codes and tokens for programs, and what a token tells of itself (Meta, Facebook Login, manual flow)."""

from datetime import timedelta
from typing import Any

from app.practice import lists, pages, portfolios, tokens
from app.practice.calls import PAGED, READS, Call, Operation, Operations
from app.practice.errors import GraphError, bad, token_error
from app.practice.fields import parse
from app.practice.people import Code, Person, Token
from app.practice.world import World, new_secret


def new_code(world: World, person: Person, redirect_uri: str) -> Code:
    """A code for the redirect back to the program: ten minutes, once."""
    expires = world.now() + timedelta(minutes=10)
    code = Code(value=new_secret("AQP"), person_id=person.id, redirect_uri=redirect_uri, expires_at=expires)
    world.save(code)
    return code


def grant(world: World, person: Person, granted: list[str], declined: list[str]) -> None:
    """The person's answer in the dialog. Permissions not asked for now stay as they were."""
    person.permissions.update(dict.fromkeys(granted, "granted"))
    person.permissions.update(dict.fromkeys(declined, "declined"))
    person.authorised_at = world.now()
    world.save(person)


def exchange(call: Call) -> Any:
    """/oauth/access_token: a code, a short token, or the app itself for a token."""
    world, params = call.world, call.params
    if params.get("client_id") != world.keys.app_id:
        raise GraphError(101, "Error validating application. Cannot get application info.")
    if params.get("client_secret") != world.keys.app_secret:
        raise GraphError(101, "Error validating client secret.")
    way = params.get("grant_type", "authorization_code")
    if way == "client_credentials":
        return {"access_token": f"{world.keys.app_id}|{world.keys.app_secret}", "token_type": "bearer"}
    if way == "fb_exchange_token":
        return _answer(_longer(world, params.get("fb_exchange_token", "")), world)
    if way == "authorization_code":
        return _answer(_from_code(world, params.get("code", ""), params.get("redirect_uri", "")), world)
    raise bad("Param grant_type is not known")


def _answer(token: Token, world: World) -> dict[str, Any]:
    assert token.expires_at is not None
    seconds = int((token.expires_at - world.now()).total_seconds())
    return {"access_token": token.value, "token_type": "bearer", "expires_in": seconds}


def _longer(world: World, text: str) -> Token:
    token = world.tokens.get(text)
    if token is None or token.kind != "USER":
        raise token_error(467)
    problem = tokens.trouble(world, token, None)
    if problem:
        raise problem
    return tokens.user_token(world, world.people[token.person_id], long_lived=True)


def _from_code(world: World, text: str, redirect_uri: str) -> Token:
    code = world.codes.get(text)
    if code is None:
        raise GraphError(100, "Invalid verification code format.")
    if code.used:
        raise GraphError(100, "This authorization code has been used.", 36009)
    if world.now() >= code.expires_at:
        raise GraphError(100, "This authorization code has expired.", 36007)
    if redirect_uri != code.redirect_uri:
        raise GraphError(
            100,
            "Error validating verification code. Please make sure your redirect_uri is identical to the one "
            "you used in the OAuth dialog request",
            36008,
        )
    code.used = True
    world.save(code)
    return tokens.user_token(world, world.people[code.person_id])


def me(call: Call) -> Any:
    """GET /me for a person."""
    person = call.person()
    return call.pick(
        "User",
        call.wanted("id,name"),
        {"id": lambda _: person.id, "name": lambda _: person.name},
        frozenset({"email", "first_name", "last_name", "picture", "short_name"}),
    )


def permissions(call: Call) -> Any:
    """GET /me/permissions."""
    person, gone = call.person(), call.switches.withdrawn
    rows = [
        {"permission": name, "status": "declined" if name in gone else status}
        for name, status in person.permissions.items()
    ]
    return {"data": rows}


def remove_app(call: Call) -> Any:
    """DELETE /me/permissions: the person removes the program; all their tokens die with 190/458."""
    person = call.person()
    person.authorised_at = None
    person.permissions.clear()
    call.world.save(person)
    tokens.end(call.world, 458, person_id=person.id)
    return {"success": True}


def accounts(call: Call) -> Any:
    """GET /me/accounts: the Pages of a person with tokens and tasks, in pages by a simple cursor."""
    wanted = parse(call.params.get("fields") or "access_token,category,name,id,tasks")
    mine = portfolios.direct(call, call.person())
    return lists.by_id(call, mine, lambda page: _account(call, page, wanted))


def _account(call: Call, page_id: str, wanted: Any) -> Any:
    page = call.world.pages[page_id]
    tasks = call.person().roles[page_id]
    readers = {**pages.readers(call, page), "tasks": lambda _: tasks}
    return call.pick("Page", wanted, readers, pages.SILENT)


def debug(call: Call) -> Any:
    """GET /debug_token."""
    world, asker = call.world, call.token
    token = tokens.find(world, call.params.get("input_token"))
    if token is None:
        wrong = {"code": 190, "message": "Invalid OAuth access token.", "subcode": 467}
        return {"data": {"error": wrong, "is_valid": False, "scopes": []}}
    assert asker is not None
    if asker.kind != "APP" and asker.person_id != token.person_id:
        raise bad("You must provide an app access token, or a user access token that is of the same person")
    return {"data": _told(world, token)}


def _told(world: World, token: Token) -> dict[str, Any]:
    told: dict[str, Any] = {
        "app_id": world.keys.app_id,
        "type": token.kind,
        "application": "Kuliss (practice)",
        "is_valid": True,
    }
    if token.kind == "APP":
        return told
    person, gone = world.people[token.person_id], world.faults.of(token.page_id or None).withdrawn
    problem = tokens.trouble(world, token, token.page_id or None)
    if problem:
        error = {"code": problem.code, "message": problem.message, "subcode": problem.subcode}
        told |= {"is_valid": False, "error": error}
    scopes = [name for name in person.granted() if name not in gone]
    told |= {
        "issued_at": int(token.issued_at.timestamp()),
        "expires_at": int(token.expires_at.timestamp()) if token.expires_at else 0,
        "data_access_expires_at": int(tokens.data_access_until(world, person).timestamp()),
        "user_id": person.id,
        "scopes": scopes,
        "granular_scopes": [_granular(world, person, name) for name in scopes if name != "public_profile"],
    }
    if token.page_id:
        told["profile_id"] = token.page_id
    return told


def _granular(world: World, person: Person, scope: str) -> dict[str, Any]:
    if scope.startswith("pages_") or scope == "read_insights":
        return {"scope": scope, "target_ids": sorted(person.roles)}
    if scope.startswith("instagram_"):
        mine = [one.id for one in world.profiles.values() if one.page_id in person.roles]
        return {"scope": scope, "target_ids": sorted(mine)}
    return {"scope": scope}


EXCHANGE = frozenset(
    {"client_id", "client_secret", "redirect_uri", "code", "grant_type", "fb_exchange_token"}
)
LIST = ("pages_show_list",)

OPERATIONS: Operations = {
    ("GET", "", "oauth/access_token"): Operation("token", exchange, EXCHANGE, "none"),
    ("POST", "", "oauth/access_token"): Operation("token", exchange, EXCHANGE, "none"),
    ("GET", "", "debug_token"): Operation("debug_token", debug, frozenset({"input_token"}), "any"),
    ("GET", "person", ""): Operation("me", me, READS, "user"),
    ("GET", "person", "permissions"): Operation("permissions", permissions, PAGED, "user"),
    ("DELETE", "person", "permissions"): Operation("permissions", remove_app, frozenset(), "user"),
    ("GET", "person", "accounts"): Operation("accounts", accounts, PAGED, "user", LIST),
}
