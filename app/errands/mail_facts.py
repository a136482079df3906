"""What tellings tell: to whom each goes now, and in which words; nothing of what is true no more.

Everything is read at once, in one question for each kind of thing.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from app.domain.ideas import IdeaState
from app.domain.mails import Verb
from app.domain.posts import PostStatus, ReviewKind
from app.domain.publications import OPEN
from app.domain.roles import Right, Scope
from app.errands.seats import Seats, Somebody
from app.foundation.database import AnyRow
from app.models.channels import Channel
from app.models.ideas import Idea, IdeaComment, IdeaPost
from app.models.mails import Telling
from app.models.people import Person
from app.models.posts import Post, Review, Revision
from app.models.publications import Publication
from app.models.units import Unit
from app.queries import stand_ins
from app.words import mail_points
from app.words.mails import Point

Words = Callable[[str], Point]  # in a reader's language
_OF_POSTS = frozenset({Verb.SUBMITTED, Verb.REMINDER, Verb.APPROVED, Verb.CHANGES_REQUESTED})
_OF_IDEAS: Mapping[Verb, IdeaState] = {
    Verb.ACCEPTED: IdeaState.ACCEPTED,
    Verb.PARKED: IdeaState.PARKED,
    Verb.DECLINED: IdeaState.DECLINED,
    Verb.MERGED: IdeaState.MERGED,
}
_ANSWERED = {Verb.APPROVED: PostStatus.APPROVED, Verb.CHANGES_REQUESTED: PostStatus.CHANGES_REQUESTED}


@dataclass(frozen=True)
class News:
    """One telling made ready: to whom it goes, and its words. Without anybody it is void."""

    telling: Telling
    people: Sequence[Somebody]
    words: Words


def news(session: Session, tellings: Sequence[Telling], now: datetime) -> list[News]:
    """Those of the tellings that are still true, each with the people whom it concerns now."""
    found = [*_of_posts(session, tellings, now), *_of_ideas(session, tellings), *_of_talk(session, tellings)]
    return [one for one in found if one.people]


def _ids(tellings: Iterable[Telling], verbs: Collection[Verb]) -> list[int]:
    return [one.about_id for one in tellings if one.verb in verbs and one.about_id is not None]


def _of_posts(session: Session, tellings: Sequence[Telling], now: datetime) -> list[News]:
    ids = _ids(tellings, _OF_POSTS)
    if not ids:
        return []
    posts = {row.id: row for row in session.execute(_posts(ids))}
    steps = _last_steps(session, ids)
    places = _channel_paths(session, ids)
    paths = [row.path for row in posts.values()] + [path for line in places.values() for path in line]
    seats, away = Seats.of(session, paths), stand_ins.covers(session, Scope(), now)
    found = []
    for telling in tellings:
        post = posts.get(telling.about_id or 0)
        if post is None or telling.verb not in _OF_POSTS:
            continue
        step = steps.get((post.id, _step_of(telling.verb)))
        if step is None or step.at > telling.at:  # it was handed in or answered anew since: that is told
            continue
        if telling.verb in _ANSWERED:
            found.append(_answer(telling, post, step, seats))
        else:
            found.append(_request(telling, post, step, places[post.id], seats, away))
    return found


def _step_of(verb: Verb) -> ReviewKind:
    if verb is Verb.APPROVED:
        return ReviewKind.APPROVED
    return ReviewKind.CHANGES_REQUESTED if verb is Verb.CHANGES_REQUESTED else ReviewKind.SUBMITTED


def _answer(telling: Telling, post: AnyRow, step: AnyRow, seats: Seats) -> News:
    """The answer goes to whoever wrote the post, and who wrote last; as far as they still work there."""
    true = post.status is _ANSWERED[telling.verb]
    wanted = {post.author_id, post.writer_id} - {telling.by_id} if true else set()
    words = partial(
        mail_points.outcome, post.title, step.person, step.comment, post.id,
        approved=telling.verb is Verb.APPROVED,
    )  # fmt: skip
    return News(telling, _there(seats, post.path, wanted), words)


def _request(
    telling: Telling,
    post: AnyRow,
    step: AnyRow,
    places: Sequence[str],
    seats: Seats,
    away: Mapping[int, Sequence[int]],
) -> News:
    """Those asked are who approves for the channels that it is planned on, of those who see the post; else
    who approves where it is."""
    again = telling.verb is Verb.REMINDER
    words = partial(mail_points.review, post.title, step.person, post.id, again=again)
    if post.status is not PostStatus.IN_REVIEW:
        return News(telling, [], words)
    seeing = {one.id for one in seats.above(post.path)}
    asked = [one for path in places for one in seats.holding(Right.APPROVE, path) if one.id in seeing]
    asked = asked or seats.holding(Right.APPROVE, post.path)
    others = [one for one in _once(asked) if one.id not in (telling.by_id, post.writer_id)]
    return News(telling, seats.present(others, post.path, away), words)


def _posts(ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Post.id, Post.title, Post.status, Post.author_id, Unit.path, Revision.author_id.label("writer_id")
        )
        .join(Unit, Unit.id == Post.unit_id)
        .outerjoin(Revision, Revision.id == Post.revision_id)
        .where(Post.id.in_(ids))
    )


def _last_steps(session: Session, ids: Collection[int]) -> dict[tuple[int, ReviewKind], AnyRow]:
    """The last step of each kind in the talk about each post."""
    last = select(func.max(Review.id)).where(Review.post_id.in_(ids)).group_by(Review.post_id, Review.kind)
    rows = session.execute(
        select(Review.post_id, Review.kind, Review.at, Review.comment, Person.name.label("person"))
        .join(Person, Person.id == Review.person_id)
        .where(Review.id.in_(last))
    )
    return {(row.post_id, row.kind): row for row in rows}


def _channel_paths(session: Session, ids: Collection[int]) -> dict[int, list[str]]:
    """Where the channels are that each post is planned on."""
    rows = session.execute(
        select(Publication.post_id, Unit.path)
        .join(Channel, Channel.id == Publication.channel_id)
        .join(Unit, Unit.id == Channel.unit_id)
        .where(Publication.post_id.in_(ids), Publication.status.in_(OPEN))
        .distinct()
    )
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        found[row.post_id].append(row.path)
    return found


def _of_ideas(session: Session, tellings: Sequence[Telling]) -> list[News]:
    ideas = {row.id: row for row in session.execute(_ideas(_ids(tellings, _OF_IDEAS)))}
    out = _by_post(session, _ids(tellings, {Verb.PUBLISHED}))
    joined = _merged(session, [row.id for rows in out.values() for row in rows])
    rows = [*ideas.values(), *(row for group in out.values() for row in (*group, *_all(joined, group)))]
    seats = Seats.of(session, [row.path for row in rows])
    found = []
    for telling in tellings:
        if telling.verb in _OF_IDEAS:
            row = ideas.get(telling.about_id or 0)
            if row is not None and row.state is _OF_IDEAS[telling.verb]:
                found.append(_became(telling, row, seats))
        elif telling.verb is Verb.PUBLISHED:
            group = out.get(telling.about_id or 0, [])
            found += [_became(telling, row, seats) for row in (*group, *_all(joined, group))]
    return found


def _all(joined: Mapping[int, Sequence[AnyRow]], ideas: Sequence[AnyRow]) -> list[AnyRow]:
    return [row for idea in ideas for row in joined.get(idea.id, ())]


def _became(telling: Telling, row: AnyRow, seats: Seats) -> News:
    published = telling.verb is Verb.PUBLISHED
    path, answer = f"/ideas/{row.id}", "" if published else row.answer
    words = partial(_idea_words, telling.verb, row.title, answer, path, row.parked_until)
    wanted = {row.sender_id} if published else {row.sender_id} - {telling.by_id}
    return News(telling, _there(seats, row.path, wanted), words)


def _idea_words(verb: Verb, title: str, answer: str, path: str, until: date | None, locale: str) -> Point:
    return mail_points.idea(verb, title, answer, path, locale, until)


_IDEA = (
    Idea.id, Idea.title, Idea.state, Idea.answer, Idea.parked_until, Idea.sender_id, Idea.merged_into_id,
    Unit.path,
)  # fmt: skip


def _ideas(ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    return select(*_IDEA).join(Unit, Unit.id == Idea.unit_id).where(Idea.id.in_(ids))


def _by_post(session: Session, post_ids: Collection[int]) -> dict[int, list[AnyRow]]:
    """The ideas that posts were made of."""
    found: dict[int, list[AnyRow]] = defaultdict(list)
    if post_ids:
        question = select(*_IDEA, IdeaPost.post_id).join(Unit, Unit.id == Idea.unit_id)
        question = question.join(IdeaPost, IdeaPost.idea_id == Idea.id)
        for row in session.execute(question.where(IdeaPost.post_id.in_(post_ids))):
            found[row.post_id].append(row)
    return found


def _merged(session: Session, idea_ids: Collection[int]) -> dict[int, list[AnyRow]]:
    """The ideas that went on as a part of others, by these."""
    found: dict[int, list[AnyRow]] = defaultdict(list)
    if idea_ids:
        parts = select(*_IDEA).join(Unit, Unit.id == Idea.unit_id).where(Idea.merged_into_id.in_(idea_ids))
        for row in session.execute(parts):
            found[row.merged_into_id].append(row)
    return found


def _of_talk(session: Session, tellings: Sequence[Telling]) -> list[News]:
    """What somebody said about an idea, to its sender and to whoever looks after it."""
    who = aliased(Person)
    rows = session.execute(
        select(
            IdeaComment.id, IdeaComment.text, IdeaComment.person_id, Idea.id.label("idea_id"), Idea.title,
            Idea.sender_id, Idea.assigned_id, Unit.path, who.name.label("person"),
        )
        .join(Idea, Idea.id == IdeaComment.idea_id)
        .join(Unit, Unit.id == Idea.unit_id)
        .join(who, who.id == IdeaComment.person_id)
        .where(IdeaComment.id.in_(_ids(tellings, {Verb.COMMENTED})))
    )  # fmt: skip
    said = {row.id: row for row in rows}
    seats = Seats.of(session, [row.path for row in said.values()])
    found = []
    for telling in tellings:
        row = said.get(telling.about_id or 0) if telling.verb is Verb.COMMENTED else None
        if row is not None:
            wanted = {row.sender_id, row.assigned_id} - {row.person_id, None}
            words = partial(mail_points.comment, row.title, row.person, row.text, f"/ideas/{row.idea_id}")
            found.append(News(telling, _there(seats, row.path, wanted), words))
    return found


def _there(seats: Seats, path: str, wanted: Collection[int | None]) -> list[Somebody]:
    """Of some people those whose roles reach a place, each once."""
    return _once(one for one in seats.above(path) if one.id in wanted)


def _once(people: Iterable[Somebody]) -> list[Somebody]:
    return list({one.id: one for one in people}.values())
