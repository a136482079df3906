"""What several pages about a post show: previews, checks, numbers, what changed, and the talk so far."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from app.actions import reviews
from app.connectors import registry
from app.dependencies.viewers import Viewer
from app.domain import timing
from app.domain.changes import Difference, PictureStep, Piece, compare, compare_contents
from app.domain.checks import check_content
from app.domain.contents import Contents
from app.domain.networks import NetworkKind, Realm
from app.domain.posts import PostStatus, Tone
from app.domain.publications import Status
from app.domain.readings import engagement
from app.domain.roles import Right
from app.foundation import clock
from app.foundation.database import AnyRow
from app.foundation.i18n import N_, translations
from app.queries import channels, publications
from app.web import formats
from app.web.previews import Stop, goals
from app.words.sentences import Said, sentence, table

PRACTICE = N_("practice")
_HANDS = registry.network(NetworkKind.MANUAL).profile.label
FIGURES = (
    ("reach", N_("People reached")),
    ("views", N_("Views")),
    ("engagement", N_("Engagement")),
    ("clicks", N_("Clicks")),
)


class Place(NamedTuple):
    """A channel that a post may go to. words: as it stands in a list to choose from."""

    id: int
    name: str
    words: str
    network: NetworkKind


class Told(NamedTuple):
    """A check in words. state: ok, look, stop. field: where it can be put right, as faults name it."""

    state: str
    words: str
    more: str
    field: str | None = None


@dataclass(frozen=True)
class Numbers:
    """The newest reading of one publication. age: "3 days"; figures: (words, count or None)."""

    publication: AnyRow
    age: str
    taken_at: datetime
    figures: list[tuple[str, int | None]]


class Step(NamedTuple):
    """One thing in the talk. kind: "revision", or that of a review. own: a yes to one's own words; agrees: to
    what an approver made of them."""

    kind: str
    number: int
    person: str
    at: datetime
    comment: str = ""
    own: bool = False
    agrees: bool = False


class Field(NamedTuple):
    """What changed in one field of a revision. before, after: plain values where words can't be compared.

    channel: the name of the one where it changed; empty: on all.
    """

    name: str
    pieces: list[Piece]
    before: str | None = None
    after: str | None = None
    steps: Sequence[PictureStep] = ()
    channel: str = ""


@dataclass(frozen=True)
class May:
    """What the viewer may do with a post as it is now."""

    write: bool
    submit: bool
    answer: bool
    withdraw: bool


def places(session: Session, viewer: Viewer, post: Any) -> list[Place]:
    """The channels that a post of this unit may go to."""
    say = translations(viewer.locale).gettext
    rows = channels.usable_by(session, viewer.actor.scope, post.unit_id)
    return [Place(row.id, row.name, _place_words(row, say), row.network) for row in rows]


def _place_words(row: AnyRow, say: Callable[[str], str]) -> str:
    words = f"{say(registry.network(row.network).profile.label)} · {row.name}"
    return f"{words} ({say(PRACTICE)})" if row.realm is Realm.PRACTICE else words


def usual_name(places: Sequence[Place], post: Any) -> str:
    """Whose name stands over a preview while the post has no place yet."""
    return places[0].name if places else str(post.unit)


def today(zone: str) -> str:
    """The day in a zone, as a date field writes it."""
    return timing.to_local(clock.now(), zone).date().isoformat()


def checks(tone: Tone | None, contents: Contents, where: Iterable[Stop], locale: str) -> list[Told]:
    """The checks of a post's content on the channels that it is drawn for, in words.

    That a text fits is not said of hands: nearly every text does.
    """
    return [
        Told(
            check.outcome,
            sentence(check.code, locale, **check.params),
            _more(check.code, locale),
            check.field,
        )
        for check in check_content(tone, contents, goals(where))
        if check.code != "check_fits" or check.params["network"] != _HANDS
    ]


def _more(code: str, locale: str) -> str:
    more = f"{code}_more"
    return sentence(more, locale) if more in table() else ""


def numbers(session: Session, viewer: Viewer, planned: Iterable[AnyRow]) -> list[Numbers]:
    """The newest reading of everything that is out and has one."""
    out = {row.id: row for row in planned if row.status in (Status.PUBLISHED, Status.REMOVED)}
    if not out:
        return []
    found = publications.readings(session, viewer.actor.scope, list(out))
    return [_newest(out[key], readings[-1], viewer.locale) for key, readings in found.items() if readings]


def _newest(publication: AnyRow, reading: AnyRow, locale: str) -> Numbers:
    say = translations(locale).gettext
    told = dict(reading._mapping)
    told["engagement"] = engagement(reading.reactions, reading.comments, reading.shares, reading.saves)
    figures = [(say(words), told[name]) for name, words in FIGURES]
    return Numbers(publication, formats.span(reading.age, locale), reading.taken_at, figures)


def talk(revisions: Iterable[AnyRow], said: Iterable[AnyRow]) -> list[Step]:
    """Everything that was written and answered, the newest first."""
    steps = [Step("revision", row.number, row.author, row.at) for row in revisions]
    steps += [
        Step(row.kind, row.number, row.person, row.at, row.comment, row.own, bool(row.approver_id))
        for row in said
    ]
    return sorted(steps, key=lambda step: (step.at, step.number, step.kind != "revision"), reverse=True)


def changes(
    before: Any, after: Any, old: Contents, new: Contents, channels: Mapping[int, str]
) -> list[Field]:
    """What differs between two revisions, in the order of the form. `channels`: names by id."""
    found = []
    if before.tone is not after.tone:
        found.append(Field("tone", [], before.tone, after.tone))
    if before.title != after.title:
        found.append(Field("title", compare(before.title, after.title)))
    told = compare_contents(old, new)
    found += [field for one in told if one.channel_id is None for field in _fields(one, "")]
    if before.link != after.link:
        place = sum(field.name in ("tone", "title", "text") for field in found)
        found.insert(place, Field("link", compare(before.link, after.link)))
    for one in told:
        if one.channel_id is not None:
            found += _fields(one, channels.get(one.channel_id, ""))
    return found


def _fields(one: Difference, channel: str) -> Iterator[Field]:
    if one.text:
        yield Field("text", one.text, channel=channel)
    if one.pictures:
        yield Field("pictures", [], steps=one.pictures, channel=channel)
    if one.format:
        yield Field("format", [], *one.format, channel=channel)
    if one.comment:
        yield Field("first_comment", list(one.comment), channel=channel)


def rights(session: Session, viewer: Viewer, post: AnyRow, revisions: Sequence[AnyRow]) -> May:
    """What the viewer may do with a post as it is now. `revisions`: the newest first."""
    scope = viewer.actor.scope
    write = scope.may(Right.WRITE, post.unit_id)
    asked = post.status in (PostStatus.IN_REVIEW, PostStatus.APPROVED)
    writers = [row.author_id for row in revisions]
    return May(
        write=write,
        submit=write and post.status in (PostStatus.DRAFT, PostStatus.CHANGES_REQUESTED),
        answer=asked and reviews.may_answer(session, viewer.actor, post.id, post.unit_id, writers),
        withdraw=write and post.status is not PostStatus.WITHDRAWN,
    )


def elsewhere(errors: Sequence[Said], fields: Collection[str]) -> list[Said]:
    """Errors for a form that has only these fields: the others are said without leading to one."""
    return [error if error.field in fields else replace(error, field=None) for error in errors]
