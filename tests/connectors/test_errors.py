"""Facebook's dictionary: what each of their numbers makes us do, by kind of call."""

import traceback

import httpx
import pytest

from app.connectors.facebook import errors
from app.connectors.facebook.errors import failure_for
from app.connectors.failures import (
    ConnectorFailure,
    RateLimited,
    Reconnect,
    Rejected,
    RetryLater,
    Unsure,
)
from app.connectors.meta_errors import Call, Gone, Stale
from app.connectors.meta_graph import Graph, GraphError
from app.connectors.reasons import Reason
from tests.connectors.fake_graph import PAGE, SECRET, TOKEN, FakeGraph, Fault, access, answers, error, lost

TABLE = [
    # code, subcode, after a reading, after a hidden call, after the visible call, reason
    (1, 0, RetryLater, Unsure, Unsure, Reason.NETWORK_TROUBLE),
    (1, 99, RetryLater, Unsure, Unsure, Reason.NETWORK_TROUBLE),
    (2, 0, RetryLater, Unsure, Unsure, Reason.NETWORK_TROUBLE),
    (100, 1609010, RetryLater, Unsure, Unsure, Reason.NETWORK_TROUBLE),
    (506, 0, Rejected, Rejected, Unsure, Reason.DUPLICATE_TEXT),
    (100, 1366051, Rejected, Rejected, Unsure, Reason.PHOTOS_ALREADY_POSTED),
    (100, 33, Gone, Gone, Gone, Reason.POST_GONE),
    (803, 0, Gone, Gone, Gone, Reason.POST_GONE),
    (100, 0, Rejected, Rejected, Rejected, Reason.REFUSED),
    (1609005, 0, RetryLater, RetryLater, RetryLater, Reason.LINK_UNREACHABLE),
    (100, 1609005, RetryLater, RetryLater, RetryLater, Reason.LINK_UNREACHABLE),
    (100, 2061006, Rejected, Rejected, Rejected, Reason.LINK_REFUSED),
    (324, 0, Rejected, Rejected, Rejected, Reason.PHOTO_REFUSED),
    (368, 0, Rejected, Rejected, Rejected, Reason.BLOCKED_FOR_NOW),
    (368, 1390008, Rejected, Rejected, Rejected, Reason.POSTING_TOO_FAST),
    (200, 1404102, Rejected, Rejected, Rejected, Reason.CONTENT_REFUSED),
    (12, 0, Rejected, Rejected, Rejected, Reason.NETWORK_CHANGED),
    (190, 0, Reconnect, Reconnect, Reconnect, Reason.TOKEN_INVALID),
    (190, 458, Reconnect, Reconnect, Reconnect, Reason.APP_REMOVED),
    (190, 459, Reconnect, Reconnect, Reconnect, Reason.CHECKPOINT),
    (190, 460, Reconnect, Reconnect, Reconnect, Reason.PASSWORD_CHANGED),
    (190, 463, Reconnect, Reconnect, Reconnect, Reason.TOKEN_EXPIRED),
    (190, 464, Reconnect, Reconnect, Reconnect, Reason.CHECKPOINT),
    (190, 467, Reconnect, Reconnect, Reconnect, Reason.TOKEN_INVALID),
    (190, 492, Reconnect, Reconnect, Reconnect, Reason.ROLE_LOST),
    (102, 0, Reconnect, Reconnect, Reconnect, Reason.TOKEN_INVALID),
    (490, 0, Reconnect, Reconnect, Reconnect, Reason.CHECKPOINT),
    (10, 0, Reconnect, Reconnect, Reconnect, Reason.PERMISSION_MISSING),
    (200, 0, Reconnect, Reconnect, Reconnect, Reason.PERMISSION_MISSING),
    (283, 0, Reconnect, Reconnect, Reconnect, Reason.PERMISSION_MISSING),
    (100, 1404078, Reconnect, Reconnect, Reconnect, Reason.PAGE_NOT_AUTHORISED),
    (104, 0, Reconnect, Reconnect, Reconnect, Reason.APP_SETUP),
    (3, 0, Reconnect, Reconnect, Reconnect, Reason.APP_SETUP),
    (4, 0, RateLimited, RateLimited, RateLimited, Reason.RATE_LIMITED),
    (17, 0, RateLimited, RateLimited, RateLimited, Reason.RATE_LIMITED),
    (32, 0, RateLimited, RateLimited, RateLimited, Reason.RATE_LIMITED),
    (613, 1996, RateLimited, RateLimited, RateLimited, Reason.RATE_LIMITED),
    (80001, 0, RateLimited, RateLimited, RateLimited, Reason.RATE_LIMITED),
    (352, 0, Rejected, Rejected, Rejected, Reason.VIDEO_REFUSED),
    (382, 0, Rejected, Rejected, Rejected, Reason.SAID_TOO_SMALL),
    (389, 0, RetryLater, RetryLater, RetryLater, Reason.UPLOAD_BROKEN),
    (6000, 0, Stale, Stale, Stale, Reason.UPLOAD_BROKEN),
    (6001, 1363030, RetryLater, RetryLater, RetryLater, Reason.UPLOAD_BROKEN),
    (6000, 1363022, Rejected, Rejected, Rejected, Reason.SAID_TOO_SMALL),
    (6000, 1363023, Rejected, Rejected, Rejected, Reason.SAID_TOO_BIG),
    (6000, 1363024, Rejected, Rejected, Rejected, Reason.VIDEO_REFUSED),
    (6000, 1363025, Rejected, Rejected, Rejected, Reason.SAID_TOO_SHORT),
    (6000, 1363026, Rejected, Rejected, Rejected, Reason.SAID_TOO_LONG),
    (6000, 1363041, Stale, Stale, Stale, Reason.UPLOAD_BROKEN),
    (100, 1363042, Reconnect, Reconnect, Reconnect, Reason.PERMISSION_MISSING),
    (987654, 0, Rejected, Rejected, Rejected, Reason.REFUSED),
]


def told(code: int, subcode: int = 0, status: int = 400, transient: bool = False) -> GraphError:
    return GraphError(code, subcode, "no", "Atrace", status, transient)


@pytest.mark.parametrize(("code", "subcode", "read", "hidden", "visible", "reason"), TABLE)
def test_each_number_says_what_to_do(
    code: int,
    subcode: int,
    read: type[ConnectorFailure],
    hidden: type[ConnectorFailure],
    visible: type[ConnectorFailure],
    reason: Reason,
) -> None:
    for call, expected in ((Call.READ, read), (Call.HIDDEN, hidden), (Call.VISIBLE, visible)):
        failure = failure_for(told(code, subcode), call)
        assert type(failure) is expected
        assert failure.reason == reason
        assert (failure.code, failure.subcode, failure.trace_id) == (code, subcode, "Atrace")


def test_an_unknown_number_that_calls_itself_passing_is_doubt() -> None:
    assert isinstance(failure_for(told(987654, transient=True), Call.READ), RetryLater)
    assert isinstance(failure_for(told(987654, transient=True), Call.VISIBLE), Unsure)


@pytest.mark.parametrize("code", [100, 190, 200, 368, 4242])
def test_a_server_error_after_the_visible_call_is_doubt_whatever_its_number(code: int) -> None:
    assert isinstance(failure_for(told(code, status=500), Call.VISIBLE), Unsure)


@pytest.mark.parametrize(("code", "subcode"), [(100, 0), (6000, 1363033), (506, 0), (324, 99)])
def test_where_the_call_makes_a_new_thing_only_a_listed_no_is_believed(code: int, subcode: int) -> None:
    server = FakeGraph(faults=[answers(error(code, subcode))])
    expected = Rejected if code == 324 else Unsure
    with pytest.raises(expected), errors.making():
        Graph(server.wire()).ask(access(), "POST", f"{PAGE}/video_reels")


GUARDS = {Call.READ: errors.reading, Call.HIDDEN: errors.hidden, Call.VISIBLE: errors.visible}


@pytest.mark.parametrize(
    ("fault", "read", "write"),
    [
        (lost(False, httpx.ConnectError), RetryLater, RetryLater),
        (lost(True), RetryLater, Unsure),
        (lost(True, httpx.RemoteProtocolError), RetryLater, Unsure),
        (answers(httpx.Response(502, content=b"<html>")), RetryLater, Unsure),
        (answers(httpx.Response(200, content=b"{")), RetryLater, Unsure),
    ],
)
def test_lost_answers_are_doubt_for_all_but_readings(
    fault: Fault, read: type[ConnectorFailure], write: type[ConnectorFailure]
) -> None:
    for call, guard in GUARDS.items():
        server = FakeGraph(faults=[fault])
        with pytest.raises(read if call is Call.READ else write), guard():
            Graph(server.wire()).ask(access(), "POST", PAGE)


@pytest.mark.parametrize(
    "fault",
    [
        lost(True),
        lost(False, httpx.ConnectError),
        answers(error(190, 467, message=f"Malformed access token {TOKEN}")),
        answers(httpx.Response(500, content=TOKEN.encode())),
    ],
)
def test_no_failure_holds_a_token(fault: Fault) -> None:
    with pytest.raises(ConnectorFailure) as caught, errors.visible():
        Graph(FakeGraph(faults=[fault]).wire()).ask(access(), "POST", PAGE)
    everything = [repr(caught.value), caught.value.message, *traceback.format_exception(caught.value)]
    for told in (*everything, repr(vars(caught.value)), repr(access())):
        assert TOKEN not in told
        assert SECRET not in told
