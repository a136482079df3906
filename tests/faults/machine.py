"""Many publications through trouble of every sort at once, people at work beside: what must hold always."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select

from app.actions import publications
from app.connectors.failures import ConnectorFailure
from app.domain.errors import Refusal
from app.domain.networks import NetworkKind
from app.domain.publications import Status
from app.errands.connect import check
from app.foundation import clock
from app.models.publications import Publication
from tests.faults.kinds import KINDS, Kind
from tests.faults.scene import Killed, Scene
from tests.faults.worlds import AGAIN, WORLDS

TEXTS = ("Three dogs listen", "Night library")
MOST = 8  # publications at a time
# How long calls that hang one after the other may hold up what is due: here there is one thread for all.
SLACK = timedelta(minutes=8)
_OUT = (Status.PUBLISHED, Status.REMOVED)
_PERHAPS = (Status.PUBLISHING, Status.UNSURE)
_WAITS = (Status.PROPOSED, Status.PLANNED, Status.STAGED)


@dataclass
class Known:
    """What the test knows of one publication. `said`: whoever says the same may be taken for it."""

    id: int
    kind: Kind
    said: set[str] = field(default_factory=set)


class Life(RuleBasedStateMachine):
    """`scenes`: makes the scene for one run. `losing`: the share of visible calls whose answers are lost."""

    scenes: ClassVar[Callable[[], AbstractContextManager[Scene]]]
    losing: ClassVar[float] = 0

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        self.scene = self._stack.enter_context(type(self).scenes())
        self.known: dict[int, Known] = {}
        self.by_hand: dict[
            int, set[str]
        ] = {}  # what lay hidden for them (remote ids), and a colleague showed
        self.deleted: set[int] = set()  # a colleague deleted what was made for them
        self.caught_up = False
        if self.losing:
            calls = " ".join({kind.shows for kind in KINDS})
            self.scene.practice.script("closed", calls=calls, moment="after", times=None, chance=self.losing)
        self.scene.start()

    # Time

    def _advance(self, seconds: float, down: float = 1) -> None:
        """Let time pass; who dies is followed by a new process after `down` seconds."""
        ends_at = self.scene.passage.passed + seconds
        while True:
            try:
                if not self.scene.workers:
                    self.scene.start()
                self.scene.advance(max(0.0, ends_at - self.scene.passage.passed))
            except Killed:
                self.scene.passage.wait(down)
            else:
                break
        self.caught_up = True

    @rule(seconds=st.sampled_from((1, 10, 60, 200, 600, 2400)))
    def time_passes(self, seconds: float) -> None:
        self._advance(seconds)

    @rule(moment=st.integers(0, 40), down=st.sampled_from((1, 20, 400)), seconds=st.sampled_from((60, 600)))
    def it_is_killed(self, moment: int, down: float, seconds: float) -> None:
        self.scene.trouble.dies_in = moment
        self._advance(seconds, down)
        self.scene.trouble.dies_in = None

    @rule(seconds=st.sampled_from((-4000, -400, -30, 30, 400, 4000)))
    def the_clock_jumps(self, seconds: float) -> None:
        self.scene.practice.jump(seconds)
        self.caught_up = False

    @rule(what=st.sampled_from(("away", "full")), seconds=st.sampled_from((5, 60)), after=st.booleans())
    def the_database_is(self, what: str, seconds: float, after: bool) -> None:
        """Away, or unable to write; at once, or from the middle of the next call on."""

        def begin() -> None:
            setattr(self.scene.trouble, what, True)

        self.scene.practice.line.afterwards = begin if after else lambda: None
        if not after:
            begin()
        self._advance(seconds)
        self.scene.practice.line.afterwards = lambda: None
        self.scene.trouble.away = self.scene.trouble.full = self.caught_up = False

    @precondition(lambda self: not self.scene.database.is_sqlite and len(self.scene.workers) < 2)
    @rule()
    def another_begins(self) -> None:
        self.scene.start()

    # The network

    @rule(
        kind=st.sampled_from(KINDS), part=st.sampled_from((0, 0, 0, 1, 2, 3, 4, 5)), times=st.integers(1, 3),
        fault=st.sampled_from(("code_2", "code_1_99", "http_502", "closed", "timeout")),
        moment=st.sampled_from(("before", "after", "after", "late")),
    )  # fmt: skip
    def an_answer_will_be_lost(self, kind: Kind, part: int, times: int, fault: str, moment: str) -> None:
        calls = (kind.shows, *kind.calls)
        self.scene.practice.script(
            fault, calls=calls[part % len(calls)], moment=moment, times=times, seconds=20
        )

    @rule(
        world=st.sampled_from(sorted(WORLDS)),
        again=st.sampled_from([answer for answers in AGAIN.values() for answer in answers]),
    )
    def the_world_is(self, world: str, again: dict[str, str]) -> None:
        self.scene.practice.switches(**WORLDS[world], **({} if world == "harsh" else again))

    @rule(
        kind=st.sampled_from(KINDS), seconds=st.sampled_from((60, 700)),
        trouble=st.sampled_from(
            ({"token_error": "460"}, {"blocked": True}, {"usage_percent": 100, "regain_minutes": 5})
        ),
    )  # fmt: skip
    def the_network_refuses_for_a_while(self, kind: Kind, trouble: dict[str, Any], seconds: float) -> None:
        place = self.scene.places[kind.network]
        self.scene.practice.switches(page=place, **trouble)
        self._advance(seconds)
        self.scene.practice.switches(page=place, **dict.fromkeys(trouble))
        check(self.scene.ground, self.scene.channels[kind.network])

    @rule(seconds=st.sampled_from((5, 60, 700)))
    def the_network_is_away(self, seconds: float) -> None:
        self.scene.practice.line.away = True
        self._advance(seconds)
        self.scene.practice.line.away = False

    # People

    @precondition(lambda self: len(self._open()) < MOST)
    @rule(
        kind=st.sampled_from(KINDS), text=st.sampled_from(TEXTS), lateness=st.sampled_from((10, 60, 240)),
        due_in=st.sampled_from((20, 130, 330, 330, 700)),
    )  # fmt: skip
    def somebody_plans(self, kind: Kind, text: str, due_in: float, lateness: int) -> None:
        publication_id = self.scene.plan(kind, text, due_in, lateness)
        self.known[publication_id] = Known(publication_id, kind, {text})

    @precondition(lambda self: self.known)
    @rule(which=st.integers(0, 50), deed=st.sampled_from(("hold", "release", "cancel", "publish_now")))
    def somebody_does(self, which: int, deed: str) -> None:
        with suppress(Refusal):
            self.scene.act(getattr(publications, deed), self._one(which).id)
        self.caught_up = False

    @precondition(lambda self: self.known)
    @rule(which=st.integers(0, 50), due_in=st.sampled_from((5, 100, 400)))
    def somebody_moves(self, which: int, due_in: float) -> None:
        given = publications.MoveInput(due_at=clock.now() + timedelta(seconds=due_in))
        with suppress(Refusal):
            self.scene.act(publications.move, self._one(which).id, given)

    @precondition(lambda self: self.known)
    @rule(which=st.integers(0, 50), text=st.sampled_from(TEXTS), approved=st.booleans())
    def somebody_edits(self, which: int, text: str, approved: bool) -> None:
        known = self._one(which)
        with suppress(Refusal):
            self.scene.edit(known.id, text, approved)
            known.said.add(text)

    @precondition(lambda self: self._in(Status.UNSURE))
    @rule(which=st.integers(0, 50))
    def somebody_answers(self, which: int) -> None:
        """Truly: whoever looks at the page sees it or does not."""
        asked = self._in(Status.UNSURE)
        one = asked[which % len(asked)]
        public = self._public(one.id)
        with suppress(Refusal):
            self.scene.act(publications.settle, one.id, publications.SettleInput(public=public))

    @precondition(lambda self: self._in(Status.STAGED, Status.HELD))
    @rule(which=st.integers(0, 50), shows=st.booleans())
    def a_colleague_finds_it_hidden(self, which: int, shows: bool) -> None:
        """And shows it, or deletes it. Nobody finds what lies ready for a profile."""
        found = [one for one in self._in(Status.STAGED, Status.HELD) if one.remote_id]
        if not found:
            return
        one = found[which % len(found)]
        on_page = self.known[one.id].kind.network is NetworkKind.FACEBOOK
        if shows and on_page:
            self.by_hand.setdefault(one.id, set()).add(one.remote_id)
            with suppress(ConnectorFailure):
                self.scene.show_by_hand(one.id)
        elif on_page:
            self.deleted.add(one.id)
            with suppress(AssertionError):  # it is gone already
                self.scene.delete_by_hand(one.remote_id)
        self.caught_up = False

    # What must hold

    @invariant()
    def nothing_is_public_twice(self) -> None:
        """No more has appeared than there are publications that say it, by the marks of what made it."""
        for group in self._groups():
            rows = [row for mark, row in self.scene.practice.appeared() if mark in group]
            most = len(group) + len(group & self._undone()) + self._by_colleagues_alone(group)
            assert len(rows) <= most, f"{group} seen {len(rows)} times"

    @invariant()
    def nothing_due_is_silent(self) -> None:
        """What is due is settled, or within its limit, or a person is told."""
        # While our clock is ahead, the network says when the time has come: early is as bad as late.
        now = min(clock.now(), self.scene.practice.now())
        for one in self._all():
            if one.status in (*_WAITS, *_PERHAPS):
                assert one.step_at is not None, f"{one.id} waits for nothing"
            if one.status in _WAITS and self.caught_up:
                assert now <= one.due_at + one.lateness + SLACK, f"{one.id} {one.status} is silent"
            if one.status is Status.HELD:
                assert self.scene.holds(one.id), f"{one.id} is held by nobody"

    @invariant()
    def history_agrees(self) -> None:
        """What is recorded as public has appeared, and what has appeared is recorded, or in doubt."""
        appeared = self.scene.practice.appeared()
        marks = {one: mark for mark, row in appeared for one in row["ids"]}
        own = [one.remote_id for one in self._in(*_OUT) if one.remote_id]
        assert len(own) == len(set(own)), "two publications have one post"
        for group in self._groups():
            here = [one for one in self._all() if one.id in group]
            out = [one for one in here if one.status in _OUT]
            for one in out:
                assert not one.remote_id or marks.get(one.remote_id) in group, f"{one.id}: another's"
            seen = sum(mark in group for mark, _ in appeared)
            excused = {one.id for one in here if one.status in _PERHAPS} | (group & self._excused())
            most = len(out) + len(excused - {one.id for one in out}) + len(group & self._undone())
            most += self._by_colleagues_alone(group)
            assert len(out) <= seen <= most, f"{group}: seen {seen}, recorded {len(out)}"

    def teardown(self) -> None:
        """All trouble ends, and after a day everything is settled or asked."""
        try:
            if self.known:
                self._come_to_rest()
        finally:
            self._stack.close()

    def _come_to_rest(self) -> None:
        practice = self.scene.practice
        practice.ask("script", method="DELETE")
        practice.switches(**WORLDS["mild"])
        self._advance(86_400)
        self.nothing_is_public_twice()
        self.history_agrees()
        left = [one for one in self._all() if one.status in (*_WAITS, Status.PUBLISHING)]
        assert not left, [(one.id, one.status) for one in left]
        asked = [one for one in self._in(Status.UNSURE) if one.id not in self.deleted | set(self.by_hand)]
        assert all(self._twins(one.id) for one in asked), f"asked without need: {[one.id for one in asked]}"

    # What is known

    def _all(self) -> list[Publication]:
        with self.scene.database.reads() as session:
            return list(session.scalars(select(Publication).order_by(Publication.id)))

    def _in(self, *statuses: Status) -> list[Publication]:
        return [one for one in self._all() if one.status in statuses]

    def _open(self) -> list[Publication]:
        return self._in(*_WAITS, *_PERHAPS)

    def _one(self, which: int) -> Known:
        return list(self.known.values())[which % len(self.known)]

    def _public(self, publication_id: int) -> bool:
        gone = self.scene.practice.disappeared()
        return any(row["object"] not in gone for row in self.scene.seen(publication_id))

    def _excused(self) -> set[int]:
        """Those that may be public past what we can know: by a colleague, or by a call that came late."""
        return set(self.by_hand) | self.scene.practice.line.abandoned

    def _undone(self) -> set[int]:
        """What a colleague has shown and then deleted, before we could look: it is only gone for us, and laid
        ready once more.
        """
        return set(self.by_hand) & self.deleted

    def _by_colleagues_alone(self, group: set[int]) -> int:
        """How many more of these colleagues showed than one of each: twice, by their own hands."""
        return sum(len(self.by_hand[one]) - 1 for one in group if one in self.by_hand)

    def _twins(self, publication_id: int) -> list[int]:
        return [
            one
            for group in self._groups()
            if publication_id in group
            for one in group
            if one != publication_id
        ]

    def _groups(self) -> list[set[int]]:
        """Publications of one kind on one channel that have said the same at some time."""
        groups: list[tuple[Kind, set[str], set[int]]] = []
        for known in self.known.values():
            said, ids = set(known.said), {known.id}
            for other in [one for one in groups if one[0] == known.kind and one[1] & said]:
                groups.remove(other)
                said, ids = said | other[1], ids | other[2]
            groups.append((known.kind, said, ids))
        return [ids for _, _, ids in groups]
