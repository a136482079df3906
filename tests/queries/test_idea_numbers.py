"""Counts of ideas are of units that the asker may open: no sum holds others, so nothing can be subtracted."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.actions import ideas
from app.actions.ideas import Accepting, IdeaInput
from app.domain.errors import NotFound
from app.domain.idea_numbers import last_months
from app.domain.publications import Status
from app.domain.roles import Actor, Role
from app.foundation import clock
from app.foundation.crypto import Keyring
from app.models.people import Membership
from app.models.units import Unit
from app.queries import channel_register, strategies, today_month
from app.queries.idea_numbers import numbers
from app.queries.ideas import Unanswered
from tests import plans
from tests.builders import actor, person, unit
from tests.cast import Cast, gather

KEYS = Keyring([b"k" * 32])


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


def told(session: Session, who: Actor, units: list[Unit]) -> list[Any]:
    """Every count of ideas that somebody can ask for; None for a unit that is refused."""
    now, found = clock.now(), list[Any]()
    for one in units:
        try:
            found.append(numbers(session, who.scope, one.id, last_months(now.date())))
        except NotFound:
            found.append(None)
    found.append(session.execute(Unanswered.question(), Unanswered.asked(who.scope, now)).one())
    assert who.person_id is not None
    home = strategies.in_force(session, who.scope, min(who.scope.units), now, lists=False)
    months = today_month.months(session, who.scope, now, "UTC", home.target)
    entries = channel_register.entries(session, who.scope)
    facts = today_month.facts(session, who.scope, who.person_id, now, home, months, entries, now.date())
    return [*found, facts]


def busy(session: Session, place: Unit, number: int) -> None:
    """In a unit somebody sends ideas, and one of them goes out."""
    who = actor(session, person(session, f"Busy {number}", place, Role.EDITOR, Role.APPROVER))
    sent = [ideas.send(session, who, IdeaInput(unit_id=place.id, title=f"Foxes {n}")) for n in range(number)]
    post = ideas.accept(session, who, sent[0].id, Accepting())
    channel = plans.channel(session, place, KEYS, f"Page {number}")
    more = {"revision_id": post.revision_id, "remote_id": f"1_{post.id}", "published_at": clock.now()}
    plans.publication(session, post, channel, Status.PUBLISHED, -5, **more)


def test_what_others_do_changes_no_count(session: Session, cast: Cast) -> None:
    """With few units beside and with many, above and elsewhere; a sum over two branches is of these two."""
    below = unit(session, "Corner", cast.koivuranta)
    pair = person(session, "Of two", cast.koivuranta, Role.EDITOR)
    session.add(Membership(person_id=pair.id, unit_id=cast.myllymaki.id, role=Role.EDITOR))
    session.flush()
    both = actor(session, pair)
    places = [cast.network, cast.library, cast.koivuranta, cast.myllymaki, below, cast.elsewhere]
    mine = [actor(session, person(session, f"A {role}", cast.koivuranta, role)) for role in Role]
    busy(session, cast.koivuranta, 2)
    before = [told(session, who, places) for who in mine]
    for who in before:
        assert [one is not None for one in who[: len(places)]] == [False, False, True, False, True, False]
    beside = [unit(session, f"Branch {n}", cast.library) for n in range(6)]
    for number, place in enumerate([cast.network, cast.library, cast.myllymaki, cast.elsewhere, *beside], 3):
        busy(session, place, number)
    assert [told(session, who, places) for who in mine] == before
    of_two = told(session, both, [cast.koivuranta, cast.myllymaki, cast.library])
    assert [one and one.months[-1].counted.ideas for one in of_two[:3]] == [2, 5, None]
    busy(session, below, 20)
    assert told(session, mine[0], [cast.koivuranta])[0].months[-1].counted.ideas == 22
