"""Many publications at once: chosen ones, each by itself; or a whole queue stopped, and let go again."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import history, lendings, publication_moves, publications, restored
from app.actions.inputs import Id
from app.actions.publications import MoveInput, PlanInput
from app.domain.errors import Conflict, Fault, Invalid, Refusal
from app.domain.publications import MAY_HOLD, WAITS_FOR_TIME, HoldReason, Status
from app.domain.roles import Actor
from app.domain.texts import normalise
from app.foundation import clock
from app.models.channels import Channel
from app.models.holds import Hold
from app.models.posts import Post
from app.models.publications import Publication
from app.queries import publications as rows
from app.queries import queue as questions

MOST_CHOSEN = 200
NOTE_MOST = 500
A_PART = 50
_DAYS, _HOURS = 731, 24 * 31


class Chosen(BaseModel):
    """The publications that something shall be done with."""

    model_config = ConfigDict(extra="forbid")

    ids: Annotated[list[Id], Field(min_length=1, max_length=MOST_CHOSEN)]


class Shift(BaseModel):
    """Another time for many: so many days and hours on (or back), or all to one day, each at its own hour."""

    model_config = ConfigDict(extra="forbid")

    days: Annotated[int, Field(ge=-_DAYS, le=_DAYS)] = 0
    hours: Annotated[int, Field(ge=-_HOURS, le=_HOURS)] = 0
    on: date | None = None

    def of(self, local: datetime) -> datetime:
        """The new wall time for an old one. Raises Invalid at the ends of the calendar."""
        if self.on is not None:
            return datetime.combine(self.on, local.time())
        try:
            return local + timedelta(days=self.days, hours=self.hours)
        except OverflowError:
            raise Invalid("time_too_far", "days") from None


class StopInput(BaseModel):
    """A whole queue to stop: of a unit with everything below it, or of all that one may plan for."""

    model_config = ConfigDict(extra="forbid")

    unit_id: Id | None = None
    note: Annotated[str, Field(max_length=NOTE_MOST)] = ""


@dataclass(frozen=True)
class Done:
    """One that was done. `undo`: what takes it back, read by `undo`; empty where nothing does."""

    publication_id: int
    undo: str = ""


@dataclass(frozen=True)
class Left:
    """One that was left as it is, and why."""

    publication_id: int
    fault: Fault


@dataclass(frozen=True)
class Outcome:
    """What became of the chosen ones, in order of post; together they are all that were chosen."""

    verb: str
    done: Sequence[Done]
    left: Sequence[Left]


@dataclass(frozen=True)
class Stopped:
    """What a stop did: ids of those held, and of those that were on their way and can't be held."""

    held: Sequence[int]
    on_their_way: Sequence[int]


@dataclass(frozen=True)
class LetGo:
    """One part of letting go. `missed`: those whose time is past. `more`: whether some still stand."""

    released: Sequence[int]
    missed: Sequence[int]
    still_held: Sequence[int]
    more: bool


def hold(session: Session, actor: Actor, ids: Collection[int], note: str = "") -> Outcome:
    """Hold each, with one note."""

    def one(publication_id: int) -> str:
        publications.hold(session, actor, publication_id, note)
        session.flush()
        newest = select(Hold.id).where(Hold.publication_id == publication_id).order_by(Hold.id.desc())
        return str(session.scalars(newest.limit(1)).one())

    return _each(session, actor, "held", ids, one)


def release(session: Session, actor: Actor, ids: Collection[int]) -> Outcome:
    """Release each. One whose time is past is missed then, and asks; one that looks out already is left."""

    def one(publication_id: int) -> str:
        rows.publication(session, actor.scope, publication_id)
        if restored.question(session, publication_id):
            raise Conflict("looks_out_already")
        publications.release(session, actor, publication_id)
        return ""

    return _each(session, actor, "released", ids, one)


def cancel(session: Session, actor: Actor, ids: Collection[int]) -> Outcome:
    """Cancel each."""
    return _each(session, actor, "cancelled", ids, _plainly(session, actor, publications.cancel))


def move(session: Session, actor: Actor, ids: Collection[int], shift: Shift) -> Outcome:
    """Give each another time. Raises Invalid when the shift says nothing."""
    if shift.on is None and not shift.days and not shift.hours:
        raise Invalid("shift_missing", "days")

    def one(publication_id: int) -> str:
        row = publications.locked(session, actor, publication_id)
        before = f"{row.local_due.isoformat()}/{row.fold}"
        publications.move(session, actor, publication_id, MoveInput(local_due=shift.of(row.local_due)))
        return f"{before}/{row.version}"

    return _each(session, actor, "moved", ids, one)


def to_channel(session: Session, actor: Actor, ids: Collection[int], channel_id: int) -> Outcome:
    """Have each go out on another channel instead, at its time: cancelled here, planned there.

    What does not wait for its time is left: nobody's hold ends by this.
    """

    def one(publication_id: int) -> str:
        row = publications.locked(session, actor, publication_id)
        usual = publication_moves.usual_lateness(session.get_one(Channel, row.channel_id))
        as_before = {
            "channel_id": channel_id, "local_due": row.local_due, "fold": row.fold,
            # What nobody chose is as usual there: what people post by hand may be a day late.
            "lateness_limit_minutes": None if row.lateness_minutes == usual else row.lateness_minutes,
            "prepare_late": row.prepare_late,
        }  # fmt: skip
        if row.status not in WAITS_FOR_TIME:
            raise Conflict("on_its_way" if row.status is Status.PUBLISHING else "goes_nowhere_else")
        publications.cancel(session, actor, publication_id)
        publications.plan(session, actor, row.post_id, PlanInput.model_validate(as_before))
        return ""

    return _each(session, actor, "rechannelled", ids, one)


def undo(session: Session, actor: Actor, earlier: Outcome) -> Outcome:
    """Take back exactly what was done: end those holds, or give the old times back.

    What somebody changed meanwhile is left alone.
    """
    marks = {one.publication_id: one.undo for one in earlier.done if one.undo}

    def one(publication_id: int) -> str:
        if earlier.verb == "held":
            publications.end_holds(session, actor, publication_id, {int(marks[publication_id])})
        else:
            _move_back(session, actor, publication_id, marks[publication_id])
        return ""

    return _each(session, actor, f"{earlier.verb}_undone", list(marks), one)


def _move_back(session: Session, actor: Actor, publication_id: int, mark: str) -> None:
    local, fold, version = mark.split("/")
    if rows.publication(session, actor.scope, publication_id).version != int(version):
        raise Conflict("changed_meanwhile")
    data = MoveInput(local_due=datetime.fromisoformat(local), fold=1 if fold == "1" else 0)
    publications.move(session, actor, publication_id, data)


def hold_all(session: Session, actor: Actor, data: StopInput) -> Stopped:
    """Hold everything of a unit and below, or of all units where the actor may plan, in this transaction.

    Also what is held already: else it could go on by itself. Raises NotFound, Forbidden.
    """
    units = questions.reach(session, actor.scope, data.unit_id)
    now, note = clock.now(), normalise(data.note)[:NOTE_MOST]
    found = _all_locked(session, questions.to_hold(session, actor.scope, units))
    for row in found:
        session.add(_hold_row(actor, row.id, note, now))
        if row.status is Status.HELD:
            row.version += 1
            old = Status.HELD
        else:
            old = row.move(Status.HELD, now)
        history.record(
            session, actor, "publication", row.id, "stopped_with_all",
            unit_id=row.unit_id, old=old, new=row.status, now=now, note=note,
        )  # fmt: skip
    lendings.revoke(session, [row.id for row in found], now)
    session.flush()
    return Stopped([row.id for row in found], questions.on_their_way(session, actor.scope, units))


def release_all(session: Session, actor: Actor, unit_id: int | None = None) -> LetGo:
    """End the holds of such a stop, and no others, for a part of them; call it until no `more` stand.

    Nothing late goes out by itself: it is missed and asks. Raises NotFound, Forbidden.
    """
    units = questions.reach(session, actor.scope, unit_id)
    standing = questions.stopped_holds(session, actor.scope, units, A_PART)
    released: list[int] = []
    missed: list[int] = []
    still_held: list[int] = []
    places = {Status.HELD: still_held, Status.MISSED: missed}
    for publication_id, hold_ids in standing.items():
        row = publications.end_holds(session, actor, publication_id, hold_ids)
        places.get(row.status, released).append(row.id)
    return LetGo(released, missed, still_held, len(standing) == A_PART)


def _hold_row(actor: Actor, publication_id: int, note: str, now: datetime) -> Hold:
    return Hold(
        publication_id=publication_id,
        reason=HoldReason.EVERYTHING,
        note=note,
        person_id=actor.person_id,
        since_at=now,
    )


def _all_locked(session: Session, ids: Sequence[tuple[int, int]]) -> Sequence[Publication]:
    """Posts first, then their publications, as everywhere; those that may still be held."""
    post_ids = sorted({post_id for _, post_id in ids})
    session.execute(select(Post.id).where(Post.id.in_(post_ids)).order_by(Post.id).with_for_update())
    return session.scalars(
        select(Publication)
        .where(Publication.id.in_([id_ for id_, _ in ids]), Publication.status.in_(MAY_HOLD))
        .order_by(Publication.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _plainly(
    session: Session, actor: Actor, act: Callable[[Session, Actor, int], Publication]
) -> Callable[[int], str]:
    """An action that nothing takes back."""

    def one(publication_id: int) -> str:
        act(session, actor, publication_id)
        return ""

    return one


def _each(
    session: Session, actor: Actor, verb: str, ids: Collection[int], act: Callable[[int], str]
) -> Outcome:
    """Do it to each by itself: what is refused is taken back alone."""
    done: list[Done] = []
    left: list[Left] = []
    for publication_id in questions.in_order(session, actor.scope, ids):
        try:
            with session.begin_nested():
                mark = act(publication_id)
            done.append(Done(publication_id, mark))
        except Refusal as refusal:
            left.append(Left(publication_id, refusal.faults[0]))
    return Outcome(verb, done, left)
