"""Batches: up to 50 calls in one (Meta, Graph API, batch requests). Each counts against the limits."""

import asyncio
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from app.practice.calls import Call
from app.practice.errors import GraphError, bad
from app.practice.graph import Started, due, respond, take_apart
from app.practice.replies import Reply, refusal
from app.practice.trouble import suffer

MOST = 50
KNOWN = frozenset({"batch", "include_headers", "access_token", "appsecret_proof", "appsecret_time"})


async def answer(call: Call) -> Reply:
    """The list of answers, in order; null where one timed out."""
    call.kind = "batch"
    started = Started(call)
    rule = due(call)
    await asyncio.sleep(call.switches.latency_ms / 1000)
    reply = Reply() if rule and rule.moment == "before" else await _all(call)
    if rule:
        whole = reply

        async def done() -> Reply:
            return whole

        reply = await suffer(call, rule, done)
    started.write_down(reply)
    return reply


async def _all(call: Call) -> Reply:
    try:
        if call.files:
            raise bad("The practice network does not practise files in a batch")
        items = _items(call.params)
    except GraphError as error:
        return refusal(error)
    calls = [_item_call(call, item) for item in items]
    replies = [await respond(one, alone=False) for one in calls]
    headers = call.params.get("include_headers", "true").lower() not in ("false", "0")
    every = call.switches.batch_null_every
    body = [
        None if reply.cut or (every and n % every == 0) else _item_answer(reply, headers)
        for n, reply in enumerate(replies, 1)
    ]
    return Reply(200, body, done=True, headers={"facebook-api-version": call.version})


def _items(params: dict[str, str]) -> list[dict[str, Any]]:
    unknown = params.keys() - KNOWN
    if unknown:
        raise bad(f"Unknown parameter: {min(unknown)}")
    try:
        items = json.loads(params["batch"])
    except ValueError:
        raise bad("Param batch must be a JSON array") from None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise bad("Param batch must be a JSON array of objects")
    if not items or len(items) > MOST:
        raise bad(f"Too many requests in batch message. Maximum batch size is {MOST}")
    if any("depends_on" in item or "attached_files" in item for item in items):
        raise bad("The practice network does not practise depends_on and attached_files")
    return items


def _item_call(outer: Call, item: dict[str, Any]) -> Call:
    parts = urlsplit(str(item.get("relative_url", "")))
    params = dict(parse_qsl(parts.query, keep_blank_values=True))
    params |= dict(parse_qsl(str(item.get("body", "")), keep_blank_values=True))
    own = item.get("access_token") or params.get("access_token")
    if not own and "appsecret_proof" in outer.params:
        params.setdefault("appsecret_proof", outer.params["appsecret_proof"])
    token = str(own) if own else outer.token_text
    method = str(item.get("method", "GET")).upper()
    return take_apart(outer.world, method, parts.path, params, token, outer.base_url)


def _item_answer(reply: Reply, headers: bool) -> dict[str, Any]:
    answer: dict[str, Any] = {"code": reply.status}
    if headers:
        answer["headers"] = [{"name": name, "value": value} for name, value in reply.headers.items()]
    return {**answer, "body": reply.payload()}
