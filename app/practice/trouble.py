"""Scripted faults: what a client gets instead of, or after, the real answer."""

import asyncio
from collections.abc import Awaitable, Callable

from app.practice.calls import Call
from app.practice.errors import (
    GraphError,
    UploadTrouble,
    bad,
    bad_image,
    bad_video,
    blocked,
    container_gone,
    fatal,
    limit_error,
    missing,
    not_fetched,
    not_ready,
    token_error,
    upload_failed,
)
from app.practice.faults import Rule
from app.practice.receiving import PREFIX
from app.practice.replies import Reply, refusal, usage_headers

_PROXY = "<!doctype html><title>Error</title><p>Sorry, something went wrong.</p>"


WRONG_ON_PAGES = (1363024, "The video file you selected is in a format that we don't support.")
WRONG_ON_PROFILES = (2207026, "The video format is not supported.")


async def suffer(call: Call, rule: Rule, do: Callable[[], Awaitable[Reply]]) -> Reply:
    """Play a fault. do: carries the call out, now or late or not at all, as the rule's moment says."""
    if rule.fault == "slow":
        await asyncio.sleep(rule.seconds)
        reply = await do()
        reply.fault = "slow"
        return reply
    done = False
    if rule.moment == "after":
        done = (await do()).status < 400
    if rule.fault == "timeout" or rule.moment == "late":
        await asyncio.sleep(rule.seconds)
    if rule.moment == "late":
        done = (await do()).status < 400
    reply = _answer(call, rule)
    reply.done = done
    reply.fault = f"{rule.fault} ({rule.moment})"
    return reply


def _answer(call: Call, rule: Rule) -> Reply:
    if rule.fault in ("closed", "timeout"):
        return Reply(cut=True, status=0)
    if rule.fault == "null":
        return Reply(null=True, cut=True, status=0)
    if rule.fault == "http_502":
        return Reply(502, text=_PROXY, headers={"content-type": "text/html; charset=utf-8"})
    reply = refusal(_error(call, rule))
    reply.headers = usage_headers(call, rule.minutes if rule.fault == "limit" else None)
    return reply


def _error(call: Call, rule: Rule) -> GraphError:
    code = rule.code
    node = call.node if call.node.replace("_", "").isdigit() else "0"
    made: dict[str, Callable[[], GraphError]] = {
        "code_2": lambda: GraphError(2, "Service temporarily unavailable", status=500, transient=True),
        "code_1_99": lambda: GraphError(1, "An unknown error occurred", 99, status=500),
        "token": lambda: token_error(rule.subcode or 463),
        "permission": lambda: GraphError(code or 200, f"(#{code or 200}) Permissions error", status=403),
        "limit": lambda: limit_error(code or (80002 if call.profile else 80001)),
        "blocked": lambda: blocked(call.profile is not None),
        "missing": lambda: missing(node),
        "duplicate": lambda: GraphError(506, "(#506) Duplicate status message"),
        "bad_link": lambda: GraphError(1609005, "There was a problem scraping data from the provided link."),
        "bad_image": bad_image,
        "not_fetched": not_fetched,
        "not_ready": not_ready,
        "container_gone": container_gone,
        "fatal": fatal,
        "bad_video": lambda: bad_video(*(WRONG_ON_PROFILES if call.profile else WRONG_ON_PAGES)),
        "upload_failed": lambda: _upload_failed(call),
    }
    if rule.fault in made:
        return made[rule.fault]()
    if not code:
        return bad(rule.message or "Invalid parameter")
    return GraphError(code, rule.message or f"(#{code}) Scripted error", rule.subcode, status=rule.status)


def _upload_failed(call: Call) -> GraphError:
    if call.edge == PREFIX:
        return UploadTrouble("ProcessingFailedError", "The upload could not be processed.", retriable=True)
    return upload_failed()
