"""Instagram's dictionary: what each of their numbers makes us do, by kind of call."""

import pytest

from app.connectors.failures import (
    ConnectorFailure,
    NotYet,
    RateLimited,
    Reconnect,
    Rejected,
    RetryLater,
    Unsure,
)
from app.connectors.instagram import errors
from app.connectors.meta_errors import Call, Gone
from app.connectors.meta_graph import GraphError
from app.connectors.reasons import Reason

TABLE = [
    # code, subcode, after a reading, after a hidden call, after the visible call, reason
    (-1, 2207001, RetryLater, Unsure, Unsure, Reason.NETWORK_TROUBLE),
    (-1, 2207032, RetryLater, Unsure, Unsure, Reason.NETWORK_TROUBLE),
    (-1, 2207053, RetryLater, Unsure, Unsure, Reason.NETWORK_TROUBLE),
    (-1, 2207085, RetryLater, Unsure, Unsure, Reason.NETWORK_TROUBLE),
    (1, 99, RetryLater, Unsure, Unsure, Reason.NETWORK_TROUBLE),
    (2, 0, RetryLater, Unsure, Unsure, Reason.NETWORK_TROUBLE),
    (-2, 2207003, RetryLater, RetryLater, Unsure, Reason.PICTURE_NOT_FETCHED),
    (9004, 2207052, RetryLater, RetryLater, Unsure, Reason.PICTURE_NOT_FETCHED),
    (9007, 2207027, NotYet, NotYet, NotYet, Reason.PREPARING),
    (-2, 2207020, Gone, Gone, Unsure, Reason.POST_GONE),
    (24, 2207006, Gone, Gone, Unsure, Reason.POST_GONE),
    (24, 2207008, Gone, Gone, Unsure, Reason.POST_GONE),
    (100, 33, Gone, Gone, Unsure, Reason.POST_GONE),
    (9, 2207042, RateLimited, RateLimited, RateLimited, Reason.QUOTA_USED),
    (4, 0, RateLimited, RateLimited, RateLimited, Reason.RATE_LIMITED),
    (80002, 0, RateLimited, RateLimited, RateLimited, Reason.RATE_LIMITED),
    (36000, 2207004, Rejected, Rejected, Rejected, Reason.PICTURE_TOO_HEAVY),
    (36001, 2207005, Rejected, Rejected, Rejected, Reason.PHOTO_REFUSED),
    (36002, 2207024, Rejected, Rejected, Rejected, Reason.PHOTO_REFUSED),
    (36003, 2207009, Rejected, Rejected, Rejected, Reason.PICTURE_SHAPE),
    (36004, 2207010, Rejected, Rejected, Rejected, Reason.TEXT_REFUSED),
    (100, 2207028, Rejected, Rejected, Rejected, Reason.REFUSED),
    (100, 2207040, Rejected, Rejected, Rejected, Reason.REFUSED),
    (4, 2207051, Rejected, Rejected, Rejected, Reason.BLOCKED_FOR_NOW),
    (25, 2207050, Rejected, Rejected, Rejected, Reason.BLOCKED_FOR_NOW),
    (368, 0, Rejected, Rejected, Rejected, Reason.BLOCKED_FOR_NOW),
    (190, 460, Reconnect, Reconnect, Reconnect, Reason.PASSWORD_CHANGED),
    (10, 0, Reconnect, Reconnect, Reconnect, Reason.PERMISSION_MISSING),
    (200, 0, Reconnect, Reconnect, Reconnect, Reason.PERMISSION_MISSING),
    # What nobody has listed is believed of hidden calls only.
    (100, 0, Rejected, Rejected, Unsure, Reason.REFUSED),
    (987654, 0, Rejected, Rejected, Unsure, Reason.REFUSED),
]


@pytest.mark.parametrize(("code", "subcode", "read", "hidden", "visible", "reason"), TABLE)
def test_each_number_says_what_to_do(
    code: int,
    subcode: int,
    read: type[ConnectorFailure],
    hidden: type[ConnectorFailure],
    visible: type[ConnectorFailure],
    reason: Reason,
) -> None:
    told = GraphError(code, subcode, "no", "Atrace", 400)
    for call, expected in ((Call.READ, read), (Call.HIDDEN, hidden), (Call.VISIBLE, visible)):
        failure = errors.failure_for(told, call)
        assert type(failure) is expected
        assert failure.reason == reason
        assert (failure.code, failure.subcode, failure.trace_id) == (code, subcode, "Atrace")


@pytest.mark.parametrize("code", [4, 190, 36003, 368])
def test_a_server_error_after_the_visible_call_is_doubt_whatever_its_number(code: int) -> None:
    assert isinstance(errors.failure_for(GraphError(code, 0, "no", "", 500), Call.VISIBLE), Unsure)


def test_the_table_of_the_file_names_every_subcode() -> None:
    told = errors.__doc__ or ""
    ranges = set(range(2207036, 2207040))  # written as "2207035-2207040"
    assert [code for code in errors.SUBCODES if code not in ranges and str(code) not in told] == []
