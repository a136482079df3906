"""Reading Meta's error numbers: a network's dictionary -> what to do next, by the kind of call that failed.

Decided by code, subcode and is_transient alone, never by words. Each network's `errors.py` holds its table.
Source: Meta, Graph API, error handling and rate limiting.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from enum import Enum, auto

from app.connectors.failures import (
    ConnectorFailure,
    NotYet,
    RateLimited,
    Reconnect,
    Rejected,
    RetryLater,
    Unsure,
)
from app.connectors.http import NeverSent, NoAnswer
from app.connectors.meta_graph import FileRefused, Garbled, GraphError, Refused
from app.connectors.reasons import Reason


class Verdict(Enum):
    """What a number means, before it is known which kind of call it answered."""

    LATER = auto()
    WAIT = auto()  # taken, and still being worked at
    LIMITED = auto()
    RECONNECT = auto()
    REJECTED = auto()
    DOUBT = auto()  # is also given when the thing was done
    DUPLICATE = auto()  # "already there": perhaps by this very call
    GONE = auto()
    STALE = auto()  # an upload is of no more use, another one may be


class Gone(RetryLater):
    """No such object for us: deleted, kept from our eyes, or so fresh that the network lacks it still."""


class Stale(RetryLater):
    """An upload that can't be gone on with: a new one is begun."""


Rule = tuple[Verdict, Reason]
LIMITED: Rule = (Verdict.LIMITED, Reason.RATE_LIMITED)
DOUBT: Rule = (Verdict.DOUBT, Reason.NETWORK_TROUBLE)
GONE: Rule = (Verdict.GONE, Reason.POST_GONE)
PERMISSION: Rule = (Verdict.RECONNECT, Reason.PERMISSION_MISSING)
CHECKPOINT: Rule = (Verdict.RECONNECT, Reason.CHECKPOINT)
BLOCKED: Rule = (Verdict.REJECTED, Reason.BLOCKED_FOR_NOW)
BROKEN: Rule = (Verdict.LATER, Reason.UPLOAD_BROKEN)
STALE: Rule = (Verdict.STALE, Reason.UPLOAD_BROKEN)
VIDEO: Rule = (Verdict.REJECTED, Reason.VIDEO_REFUSED)
_SETUP: Rule = (Verdict.RECONNECT, Reason.APP_SETUP)

# What means the same at all of Meta's networks.
COMMON_PAIRS: dict[tuple[int, int], Rule] = {
    (100, 33): GONE,
    (190, 458): (Verdict.RECONNECT, Reason.APP_REMOVED),
    (190, 459): CHECKPOINT,
    (190, 460): (Verdict.RECONNECT, Reason.PASSWORD_CHANGED),
    (190, 463): (Verdict.RECONNECT, Reason.TOKEN_EXPIRED),
    (190, 464): CHECKPOINT,
    (190, 467): (Verdict.RECONNECT, Reason.TOKEN_INVALID),
    (190, 492): (Verdict.RECONNECT, Reason.ROLE_LOST),
}
COMMON_CODES: dict[int, Rule] = {
    1: DOUBT,
    2: DOUBT,
    3: _SETUP,
    4: LIMITED,
    9: LIMITED,
    10: PERMISSION,
    12: (Verdict.REJECTED, Reason.NETWORK_CHANGED),
    17: LIMITED,
    32: LIMITED,
    101: _SETUP,
    102: (Verdict.RECONNECT, Reason.TOKEN_INVALID),
    104: _SETUP,
    190: (Verdict.RECONNECT, Reason.TOKEN_INVALID),
    341: LIMITED,
    368: BLOCKED,
    352: VIDEO,
    490: CHECKPOINT,
    613: LIMITED,
    803: GONE,
    2500: _SETUP,
    **dict.fromkeys(range(200, 300), PERMISSION),
    **dict.fromkeys(range(80000, 80015), LIMITED),
}
_OTHER: Rule = (Verdict.REJECTED, Reason.REFUSED)
_FAILURES: dict[Verdict, type[ConnectorFailure]] = {
    Verdict.LATER: RetryLater,
    Verdict.WAIT: NotYet,
    Verdict.RECONNECT: Reconnect,
    Verdict.REJECTED: Rejected,
    Verdict.GONE: Gone,
    Verdict.STALE: Stale,
}
# What the servers that take files say, by its name; the rest by whether they call it worth another try.
_FILES: dict[str, Rule] = {
    "OffsetInvalidError": BROKEN,
    "PartialRequestError": BROKEN,
    "ProcessingFailedError": VIDEO,
}
# Answers that a call which makes something public gives only when it made nothing.
_CLEAR = (Verdict.WAIT, Verdict.LIMITED, Verdict.RECONNECT, Verdict.REJECTED)


class Call(Enum):
    """What could have happened if a call's answer is lost."""

    READ = auto()
    HIDDEN = auto()
    VISIBLE = auto()


@dataclass(frozen=True)
class Dictionary:
    """One network's numbers: pairs of code and subcode, long numbers that come as either, and codes.

    `strict`: its visible call makes a new object, so that only a listed and clear "no" is believed there.
    """

    pairs: Mapping[tuple[int, int], Rule]
    long: Mapping[int, Rule]
    codes: Mapping[int, Rule]
    strict: bool = False

    def rule_for(self, error: GraphError) -> Rule:
        """What the numbers of an error mean."""
        return self._listed(error) or (DOUBT if error.transient or error.status >= 500 else _OTHER)

    def failure_for(self, error: GraphError, call: Call) -> ConnectorFailure:
        """The failure to raise for an error that answered this kind of call."""
        verdict, reason = self.rule_for(error)
        if call is Call.VISIBLE and (error.status >= 500 or self._unclear(error, verdict)):
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

    def reading(self) -> AbstractContextManager[None]:
        """Around a call that changes nothing: a lost answer means ask again."""
        return self._as_failures(Call.READ)

    def hidden(self) -> AbstractContextManager[None]:
        """Around a call that makes or removes something nobody sees: a lost answer is `Unsure`, harmless."""
        return self._as_failures(Call.HIDDEN)

    def visible(self) -> AbstractContextManager[None]:
        """Around the call that makes a post public: all that is not a clear "no" is `Unsure`."""
        return self._as_failures(Call.VISIBLE)

    def _listed(self, error: GraphError) -> Rule | None:
        return (
            self.pairs.get((error.code, error.subcode))
            or self.long.get(error.subcode)
            or self.long.get(error.code)
            or self.codes.get(error.code)
        )

    def _unclear(self, error: GraphError, verdict: Verdict) -> bool:
        return self.strict and (verdict not in _CLEAR or self._listed(error) is None)

    @contextmanager
    def _as_failures(self, call: Call) -> Iterator[None]:
        lost = RetryLater if call is Call.READ else Unsure
        try:
            yield
        except Refused as refused:
            raise self.failure_for(refused.error, call) from None
        except FileRefused as refused:
            raise _of_file(refused) from None
        except NeverSent:
            raise RetryLater(Reason.NETWORK_DOWN) from None
        except NoAnswer:
            raise lost(Reason.NO_ANSWER) from None
        except Garbled:
            raise lost(Reason.UNCLEAR_ANSWER) from None


@contextmanager
def gone_is_refused() -> Iterator[None]:
    """Around a call about what is out: if it is not there (any more), that is a person's matter."""
    try:
        yield
    except Gone as gone:
        raise Rejected(gone.reason, gone.message, code=gone.code, trace_id=gone.trace_id) from None


def _kind_for(verdict: Verdict, call: Call) -> type[ConnectorFailure]:
    if verdict is Verdict.DOUBT:
        return RetryLater if call is Call.READ else Unsure
    if verdict is Verdict.DUPLICATE:
        return Unsure if call is Call.VISIBLE else Rejected
    return _FAILURES[verdict]


def _of_file(refused: FileRefused) -> ConnectorFailure:
    """ "Worth another try" means the same bytes again, from where the server stands; else another upload."""
    verdict, reason = BROKEN if refused.retriable else _FILES.get(refused.kind, STALE)
    return _FAILURES[verdict](reason, refused.message)
