"""What can go wrong at a network, named by what to do next.

ConnectorFailure
├── RetryLater    nothing was made; the same call may be made again soon
│   └── NotYet    the network took it and still works at it; ask again soon
├── RateLimited   stop until a time, for this channel only
├── Reconnect     a person must sign in at the network again, or a permission is missing
├── Rejected      the network says no to this content; a person must change it
└── Unsure        the call may or may not have been carried out: look, never repeat
"""

from datetime import datetime


class ConnectorFailure(Exception):
    """A call that did not succeed. Never carries a token: `message` is the network's own words, cleaned.

    `reason` is our code for the sentence in `words/`; `code`, `subcode` and `trace_id` are the network's.
    """

    def __init__(
        self,
        reason: str,
        message: str = "",
        *,
        code: int | None = None,
        subcode: int | None = None,
        trace_id: str = "",
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.message = message[:500]
        self.code = code
        self.subcode = subcode
        self.trace_id = trace_id


class RetryLater(ConnectorFailure):
    """Passing trouble before anything was made."""


class NotYet(RetryLater):
    """Nothing failed: it is not ready yet."""


class RateLimited(ConnectorFailure):
    """Too many calls; `until` is the UTC instant from which calls are allowed again."""

    def __init__(
        self,
        reason: str,
        until: datetime,
        message: str = "",
        *,
        code: int | None = None,
        subcode: int | None = None,
        trace_id: str = "",
    ) -> None:
        super().__init__(reason, message, code=code, subcode=subcode, trace_id=trace_id)
        self.until = until


class Reconnect(ConnectorFailure):
    """The token or a permission is dead; only a person at the network's sign-in can mend it."""


class Rejected(ConnectorFailure):
    """The content, or the account, is refused; repeating would be refused again."""


class Unsure(ConnectorFailure):
    """No answer, or one that is known to be given also when the thing was done."""
