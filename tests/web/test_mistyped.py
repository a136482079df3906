"""Addresses that somebody mistyped or made up: never an error of ours, whoever asks."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI

from app.domain.roles import Actor
from app.foundation.database import read_id
from tests.cast import Cast
from tests.web.scene import Scene
from tests.web.visitor import Visitor

SQUARED = "%C2%B2"  # a digit to Python that is no number
LONG = "000000000001" + "9" * 40  # begins like an id
HUGE = "000000000001" + "9" * 5000  # more digits than Python reads
ADDRESSES = (
    f"/calendar?unit={LONG}", f"/calendar?channel={HUGE}", f"/calendar?moved={SQUARED}",
    f"/calendar/plan?channel={LONG}&day=2030-01-01&hour=9", "/calendar/plan?channel=1&day=0001-01-01&hour=9",
    f"/channels/app/guide?unit={SQUARED}", f"/channels/app/guide?unit={HUGE}",
    f"/channels/found?meanwhile={SQUARED}", f"/channels/found?channel=99999999999&said={SQUARED}.1",
    f"/history?id={SQUARED}", f"/history?person={HUGE[:40]}", "/history?from=9998-12-31&to=9998-12-31",
    f"/queue?channel={HUGE}", f"/results/posts?sort=reach&after={LONG}",
    "/results?from=9999-12-30&to=9999-12-31", "/results?from=9995-01-01&to=9999-12-31",
    "/results/overview.csv?from=9999-12-30&to=9999-12-31", "/results/posts?from=9999-12-30&to=9999-12-31",
    "/search?q=%00%ED%A0%80&kind=posts&skip=999999999",
)  # fmt: skip


@pytest.mark.parametrize(("text", "number"), [
    ("7", 7), ("007", 7), (str(2**31 - 1), 2**31 - 1), (str(2**31), None), ("0", None), ("-1", None),
    ("", None), ("²", None), ("٧", None), (" 7", None), ("0" * 11 + "71", None), ("1" * 5000, None),
])  # fmt: skip
def test_ids_that_somebody_sent(text: str, number: int | None) -> None:
    assert read_id(text) == number


@pytest.mark.parametrize("who", ["administrator", "contributor"])
def test_no_address_is_an_error_of_ours(
    app: FastAPI, cast: Cast, visit: Callable[[Actor], Visitor], who: str
) -> None:
    Scene(app, cast).plan(minutes=150)
    visitor = visit(getattr(cast, who))
    told = {address[:80]: visitor.get(address).status_code for address in ADDRESSES}
    assert {address: status for address, status in told.items() if status >= 500} == {}
