"""Tokens: made, found, checked (Meta, Facebook Login, access tokens; Graph API, secure requests)."""

import hashlib
import hmac
from datetime import datetime, timedelta

from app.practice.calls import Call, Operation
from app.practice.errors import GraphError, token_error
from app.practice.people import Person, Token
from app.practice.world import World, new_secret

SHORT = timedelta(seconds=5_400)
LONG = timedelta(seconds=5_183_944)
DATA_ACCESS = timedelta(days=90)
NO_TOKEN = "An active access token must be used to query information about the current user."


def user_token(world: World, person: Person, long_lived: bool = False) -> Token:
    """A new token of a person: an hour and a half, or about 60 days."""
    now = world.now()
    token = Token(
        value=new_secret("EAAP"),
        kind="USER",
        person_id=person.id,
        issued_at=now,
        expires_at=now + (LONG if long_lived else SHORT),
        long_lived=long_lived,
    )
    world.save(token)
    return token


def page_token(world: World, of: Token, page_id: str) -> Token:
    """The token of a Page that comes with a user token; it never expires if that one is long-lived."""
    for old in world.tokens.values():
        same = (old.kind, old.person_id, old.page_id) == ("PAGE", of.person_id, page_id)
        if same and old.long_lived == of.long_lived and old.ended is None and alive(world, old):
            return old
    token = Token(
        value=new_secret("EAAP"),
        kind="PAGE",
        person_id=of.person_id,
        page_id=page_id,
        issued_at=world.now(),
        expires_at=None if of.long_lived else of.expires_at,
        long_lived=of.long_lived,
    )
    world.save(token)
    return token


def end(world: World, subcode: int, person_id: str = "", page_id: str = "") -> int:
    """End the living tokens of a person, of a Page, or all, with a subcode of 190. Returns how many."""
    count = 0
    for token in list(world.tokens.values()):
        fits = person_id in ("", token.person_id) and page_id in ("", token.page_id)
        if fits and token.ended is None:
            token.ended = subcode
            world.save(token)
            count += 1
    return count


def alive(world: World, token: Token) -> bool:
    """Whether it has not expired."""
    return token.expires_at is None or world.now() < token.expires_at


def find(world: World, text: str | None) -> Token | None:
    """The token with that text. The app's own is id|secret."""
    if text and hmac.compare_digest(text.encode(), f"{world.keys.app_id}|{world.keys.app_secret}".encode()):
        return Token(value=text, kind="APP", issued_at=world.now())
    return world.tokens.get(text or "")


def trouble(world: World, token: Token, place_id: str | None) -> GraphError | None:
    """Why a token does not work, or None."""
    if token.kind == "APP":
        return None
    switched = world.faults.of(place_id).token_error
    if switched != "none":
        return token_error(int(switched))
    if token.ended is not None:
        return token_error(token.ended)
    if not alive(world, token):
        return token_error(463)
    person = world.people.get(token.person_id)
    if person is None or person.authorised_at is None:
        return token_error(458)
    if token.kind == "PAGE" and token.page_id not in person.roles:
        return token_error(492)
    return None


def check(call: Call) -> None:
    """Refuse a call whose token is absent, dead or not proved. Raises GraphError."""
    if not call.token_text:
        raise GraphError(2500, NO_TOKEN)
    if call.token is None:
        raise token_error(467)
    problem = trouble(call.world, call.token, call.place_id)
    if problem:
        raise problem
    if call.profile and call.switches.instagram_after_data_access == "refused":
        _check_data_access(call, call.token)
    proof = call.params.get("appsecret_proof")
    if proof is None and call.switches.require_proof and call.token.kind != "APP":
        raise GraphError(104, "API calls from the server require an appsecret_proof argument")
    if proof is not None:
        _check_proof(call, proof)


def data_access_until(world: World, person: Person) -> datetime:
    """Until when programs may read a person's data without asking again (Meta, auth versus data)."""
    if world.faults.base.data_access_expired:
        return world.now() - timedelta(days=1)
    return (person.authorised_at or world.now()) + DATA_ACCESS


def _check_data_access(call: Call, token: Token) -> None:
    person = call.world.people.get(token.person_id)
    if person and call.now >= data_access_until(call.world, person):
        raise GraphError(10, "(#10) The access of this app to the person's data has expired", status=403)


def _check_proof(call: Call, proof: str) -> None:
    secret, text = call.world.keys.app_secret.encode(), (call.token_text or "").encode()
    right = hmac.new(secret, text, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(proof.encode(), right.encode()):
        raise GraphError(104, "Invalid appsecret_proof provided in the API argument")


def check_rights(call: Call, operation: Operation) -> None:
    """Refuse a call for which the token is of the wrong kind or lacks a permission or a task."""
    token = call.token
    assert token is not None
    if operation.token == "page" and token.kind != "PAGE":
        raise GraphError(210, "(#210) A page access token is required to request this resource.")
    if operation.token == "user" and token.kind != "USER":
        raise GraphError(100, "(#100) A user access token is required to request this resource.")
    if token.kind == "APP":
        raise GraphError(10, "(#10) An app access token may not read or change this.", status=403)
    for name in operation.permissions:
        require(call, name)
    check_role(call, operation.task)


def require(call: Call, permission: str) -> None:
    """Refuse a call that lacks a permission, with 200 or 10 as the switch says."""
    if not has(call, permission):
        code = int(call.switches.permission_code)
        raise GraphError(
            code, f"(#{code}) Requires the {permission} permission to manage the object", status=403
        )


def has(call: Call, permission: str) -> bool:
    """Whether the person granted a permission and it was not withdrawn."""
    return permission in call.person().granted() and permission not in call.switches.withdrawn


def check_role(call: Call, task: str) -> None:
    """Refuse a call on a Page where the person has no role, or lacks a task of it."""
    page, token = call.page, call.token
    if page is None or token is None:
        return
    if token.kind == "PAGE" and token.page_id != page.id:
        raise GraphError(200, "(#200) The token belongs to another Page", status=403)
    tasks = call.person().roles.get(page.id)
    if tasks is None:
        raise GraphError(10, "(#10) Page Public Content Access is needed for this Page", status=403)
    if task and task not in tasks:
        raise GraphError(200, f"(#200) The person lacks the task {task} on this Page", status=403)
