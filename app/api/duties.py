"""What people have in hand: told, handed over, and what came to oneself; names erased."""

from collections import Counter
from datetime import datetime

from sqlalchemy.orm import Session
from starlette.responses import Response

from app.actions import duties, erasures, people
from app.actions.duties import Leaving
from app.api.people import PersonOut, shown_person
from app.api.repeats import Sent
from app.api.routing import api_router
from app.api.shapes import PathId, Shape
from app.dependencies.database import Configured, Reads
from app.dependencies.viewers import ByToken, Viewer
from app.domain.duties import Kind
from app.domain.errors import Refusal
from app.domain.roles import Right
from app.foundation import clock
from app.foundation.mail import postman_of
from app.foundation.settings import Settings
from app.queries import feeds, hand_overs, stand_ins, tokens
from app.queries.channel_tokens import tokens_of

router = api_router(tags=["people"])


class ThingOut(Shape):
    """One thing in somebody's hand. `id`: of a post, a publication or a channel, as its kind says.

    `state`: of that; `where`: the channel of a publication, else empty.
    """

    kind: Kind
    id: int
    unit_id: int
    unit: str
    name: str
    state: str
    where: str


class TakerOut(Shape):
    """Somebody whose roles are enough for some of the things; `kinds`: how many of each kind."""

    id: int
    name: str
    kinds: dict[Kind, int]


class SignInLeftOut(Shape):
    """A person's sign-in for a channel. `others`: how many other people's work there; with none the channel
    stands still without this one."""

    token_id: int
    channel_id: int
    channel: str
    unit_id: int
    in_use: bool
    state: str
    others: int


class EndsOut(Shape):
    """What ends with the account: names of API tokens, the calendar feed, people for whom they stand in."""

    tokens: list[str]
    feed: bool
    stands_in_for: list[str]


class DutiesOut(Shape):
    """What a person has in hand in the units whose people you look after, and who could take it over.

    `ends`: null for somebody about whom you may not decide.
    """

    things: list[ThingOut]
    takers: list[TakerOut]
    sign_ins: list[SignInLeftOut]
    ends: EndsOut | None


class HandOverInput(Leaving):
    """Who takes over: `to` everything that `kinds` does not name; a kind with null stays where it is.

    `close`: close the account with it; only then `sign_ins` counts: "keep" them, remove the "spare" ones that
    no channel needs, or "all". `out_of_reach`: only what the person has not the rights for any more.
    """

    close: bool = False
    out_of_reach: bool = False


class GivenOut(Shape):
    """What somebody got: ids by kind."""

    id: int
    to_id: int
    things: dict[Kind, list[int]]


class HandedOut(Shape):
    """What went to whom, and what stayed where it was."""

    given: list[GivenOut]
    left: list[ThingOut]


class CameOut(Shape):
    """What came to you from somebody; `seen_at`: when you noted it."""

    id: int
    who: str
    by: str
    at: datetime
    seen_at: datetime | None
    counts: dict[Kind, int]


class CamesOut(Shape):
    """What came and is not noted yet, the latest first."""

    items: list[CameOut]


@router.get("/people/{person_id}/duties")
def told(viewer: ByToken, session: Reads, person_id: PathId, out_of_reach: bool = False) -> DutiesOut:
    """What a person has in hand: to be asked before their account is closed, or after."""
    things = duties.in_hand(session, viewer.actor, person_id, out_of_reach)
    takers = duties.takers_of(session, viewer.actor, person_id, things).values()
    found = [(one, Counter(thing.kind for thing in things if one.may_take(thing))) for one in takers]
    keys = tokens_of(session, viewer.actor.scope, person_id)
    return DutiesOut(
        things=[ThingOut.model_validate(one) for one in things],
        takers=[TakerOut(id=one.id, name=one.name, kinds=kinds) for one, kinds in found if kinds],
        sign_ins=[
            SignInLeftOut.model_validate(one)
            for one in keys
            if viewer.actor.scope.may(Right.CHANNELS, one.unit_id)
        ],
        ends=_ends(session, viewer, person_id),
    )


def _ends(session: Session, viewer: Viewer, person_id: int) -> EndsOut | None:
    try:
        people.governed(session, viewer.actor, person_id)
    except Refusal:
        return None
    scope, now = viewer.actor.scope, clock.now()
    return EndsOut(
        tokens=[one.name for one in tokens.tokens(session, scope, person_id)],
        feed=feeds.own(session, scope, person_id) is not None,
        stands_in_for=[one.person for one in stand_ins.covered_by(session, scope, person_id, now)],
    )


@router.post("/people/{person_id}/hand-over", response_model=HandedOut)
def hand_over(
    viewer: ByToken, sent: Sent, settings: Configured, person_id: PathId, data: HandOverInput
) -> Response:
    """Give what a person has in hand to others, in one go; close their account with it if `close` is true."""
    return sent.once(200, lambda session: _handed(session, viewer, settings, person_id, data))


def _handed(
    session: Session, viewer: Viewer, settings: Settings, person_id: int, data: HandOverInput
) -> HandedOut:
    address = settings.address if postman_of(settings) is not None else ""
    if data.close:
        done = duties.leave(session, viewer.actor, person_id, data, address)
    else:
        done = duties.hand_over(session, viewer.actor, person_id, data, address, data.out_of_reach)
    return HandedOut(
        given=[GivenOut.model_validate(row) for row in done.given],
        left=[ThingOut.model_validate(one) for one in done.left],
    )


@router.get("/hand-overs")
def came(viewer: ByToken, session: Reads) -> CamesOut:
    """What was handed over to you and is not noted yet."""
    rows = hand_overs.waiting(session, viewer.actor.scope, viewer.person_id)
    return CamesOut(items=[CameOut.model_validate(row) for row in rows])


@router.post("/hand-overs/{hand_over_id}/seen", response_model=CameOut)
def seen(viewer: ByToken, sent: Sent, hand_over_id: PathId) -> Response:
    """Note that you have seen it."""

    def work(session: Session) -> CameOut:
        duties.note_seen(session, viewer.actor, hand_over_id)
        session.flush()
        row, _things = hand_overs.one(session, viewer.actor.scope, viewer.person_id, hand_over_id)
        return CameOut.model_validate(row)

    return sent.once(200, work)


@router.post("/people/{person_id}/erase-name", response_model=PersonOut)
def erase(viewer: ByToken, sent: Sent, person_id: PathId) -> Response:
    """Erase the name and the e-mail of somebody whose account is closed, everywhere and for good."""
    return sent.act(viewer, person_id, shown_person, erasures.erase)
