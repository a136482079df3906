"""Facebook's dictionary: their error numbers -> what to do next and our reason.

Decided by code, subcode and is_transient alone, never by words. Sources: Meta, Graph API, error handling and
rate limiting; Page reference, feed and photos. Seven-digit numbers come as code or as subcode and are known
from use.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from enum import Enum, auto

from app.connectors.failures import (
    ConnectorFailure,
    RateLimited,
    Reconnect,
    Rejected,
    RetryLater,
    Unsure,
)
from app.connectors.http import NeverSent, NoAnswer
from app.connectors.meta_graph import Garbled, GraphError, Refused
from app.connectors.reasons import Reason


class Verdict(Enum):
    """What a number means, before it is known which kind of call it answered."""

    LATER = auto()
    LIMITED = auto()
    RECONNECT = auto()
    REJECTED = auto()
    DOUBT = auto()  # is also given when the thing was done
    DUPLICATE = auto()  # "already there": perhaps by this very call
    GONE = auto()


Rule = tuple[Verdict, Reason]
_LIMITED: Rule = (Verdict.LIMITED, Reason.RATE_LIMITED)
_DOUBT: Rule = (Verdict.DOUBT, Reason.NETWORK_TROUBLE)
_GONE: Rule = (Verdict.GONE, Reason.POST_GONE)
_SETUP: Rule = (Verdict.RECONNECT, Reason.APP_SETUP)
_PERMISSION: Rule = (Verdict.RECONNECT, Reason.PERMISSION_MISSING)
_CHECKPOINT: Rule = (Verdict.RECONNECT, Reason.CHECKPOINT)
_LINK: Rule = (Verdict.REJECTED, Reason.LINK_REFUSED)
_PHOTO: Rule = (Verdict.REJECTED, Reason.PHOTO_REFUSED)
_CONTENT: Rule = (Verdict.REJECTED, Reason.CONTENT_REFUSED)
_BLOCKED: Rule = (Verdict.REJECTED, Reason.BLOCKED_FOR_NOW)

PAIRS: dict[tuple[int, int], Rule] = {
    (100, 33): _GONE,
    (190, 458): (Verdict.RECONNECT, Reason.APP_REMOVED),
    (190, 459): _CHECKPOINT,
    (190, 460): (Verdict.RECONNECT, Reason.PASSWORD_CHANGED),
    (190, 463): (Verdict.RECONNECT, Reason.TOKEN_EXPIRED),
    (190, 464): _CHECKPOINT,
    (190, 467): (Verdict.RECONNECT, Reason.TOKEN_INVALID),
    (190, 492): (Verdict.RECONNECT, Reason.ROLE_LOST),
}
LONG: dict[int, Rule] = {
    1346003: _CONTENT,
    1349125: _PHOTO,
    1363047: _DOUBT,
    1366046: _PHOTO,
    1366051: (Verdict.DUPLICATE, Reason.PHOTOS_ALREADY_POSTED),
    1390008: (Verdict.REJECTED, Reason.POSTING_TOO_FAST),
    1404006: _CHECKPOINT,
    1404078: (Verdict.RECONNECT, Reason.PAGE_NOT_AUTHORISED),
    1404102: _CONTENT,
    1404112: _BLOCKED,
    1609005: (Verdict.LATER, Reason.LINK_UNREACHABLE),
    1609008: _LINK,
    1609010: _DOUBT,
    2061006: _LINK,
    2069019: _PHOTO,
    4854002: _CHECKPOINT,
}
CODES: dict[int, Rule] = {
    1: _DOUBT,
    2: _DOUBT,
    3: _SETUP,
    4: _LIMITED,
    9: _LIMITED,
    10: _PERMISSION,
    12: (Verdict.REJECTED, Reason.NETWORK_CHANGED),
    17: _LIMITED,
    32: _LIMITED,
    101: _SETUP,
    102: (Verdict.RECONNECT, Reason.TOKEN_INVALID),
    104: _SETUP,
    190: (Verdict.RECONNECT, Reason.TOKEN_INVALID),
    324: _PHOTO,
    341: _LIMITED,
    368: _BLOCKED,
    490: _CHECKPOINT,
    506: (Verdict.DUPLICATE, Reason.DUPLICATE_TEXT),
    613: _LIMITED,
    803: _GONE,
    2500: _SETUP,
    **dict.fromkeys(range(200, 300), _PERMISSION),
    **dict.fromkeys(range(80000, 80015), _LIMITED),
}
_OTHER: Rule = (Verdict.REJECTED, Reason.REFUSED)
_FAILURES: dict[Verdict, type[ConnectorFailure]] = {
    Verdict.LATER: RetryLater,
    Verdict.RECONNECT: Reconnect,
    Verdict.REJECTED: Rejected,
}


class Gone(RetryLater):
    """No such object for us: deleted, kept from our eyes, or so fresh that Facebook lacks it still."""


class Call(Enum):
    """What could have happened if a call's answer is lost."""

    READ = auto()
    HIDDEN = auto()
    VISIBLE = auto()


def rule_for(error: GraphError) -> Rule:
    """What the numbers of an error mean."""
    found = (
        PAIRS.get((error.code, error.subcode))
        or LONG.get(error.subcode)
        or LONG.get(error.code)
        or CODES.get(error.code)
    )
    return found or (_DOUBT if error.transient or error.status >= 500 else _OTHER)


def failure_for(error: GraphError, call: Call) -> ConnectorFailure:
    """The failure to raise for an error that answered this kind of call."""
    verdict, reason = rule_for(error)
    if call is Call.VISIBLE and error.status >= 500:
        verdict = Verdict.DOUBT
    if verdict is Verdict.LIMITED:
        return RateLimited(
            reason,
            error.regain_at,
            error.message,
            code=error.code,
            subcode=error.subcode,
            trace_id=error.trace_id,
        )
    kind = _kind_for(verdict, call)
    return kind(reason, error.message, code=error.code, subcode=error.subcode, trace_id=error.trace_id)


def _kind_for(verdict: Verdict, call: Call) -> type[ConnectorFailure]:
    if verdict is Verdict.DOUBT:
        return RetryLater if call is Call.READ else Unsure
    if verdict is Verdict.DUPLICATE:
        return Unsure if call is Call.VISIBLE else Rejected
    return Gone if verdict is Verdict.GONE else _FAILURES[verdict]


@contextmanager
def _as_failures(call: Call) -> Iterator[None]:
    lost = RetryLater if call is Call.READ else Unsure
    try:
        yield
    except Refused as refused:
        raise failure_for(refused.error, call) from None
    except NeverSent:
        raise RetryLater(Reason.NETWORK_DOWN) from None
    except NoAnswer:
        raise lost(Reason.NO_ANSWER) from None
    except Garbled:
        raise lost(Reason.UNCLEAR_ANSWER) from None


def reading() -> AbstractContextManager[None]:
    """Around a call that changes nothing: a lost answer means ask again."""
    return _as_failures(Call.READ)


def hidden() -> AbstractContextManager[None]:
    """Around a call that makes or removes something nobody sees: a lost answer is `Unsure`, and harmless."""
    return _as_failures(Call.HIDDEN)


def visible() -> AbstractContextManager[None]:
    """Around the call that makes a post public: all that is not a clear "no" is `Unsure`."""
    return _as_failures(Call.VISIBLE)
