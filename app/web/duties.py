"""What somebody has in hand: handed over before they leave or after; and what came to oneself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import duties, people
from app.actions.inputs import Id
from app.dependencies.database import Configured, Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.duties import Kind, SignIns, Taker, Thing, by_kind
from app.domain.errors import NotFound, Refusal
from app.domain.roles import Right
from app.foundation import clock
from app.foundation.i18n import N_, translations
from app.foundation.mail import postman_of
from app.foundation.settings import Settings
from app.models.people import Person
from app.queries import feeds, hand_overs, stand_ins, tokens
from app.queries.channel_tokens import TokenOf, tokens_of
from app.queries.scopes import scope_of
from app.web.forms import Form, Posted, go, once, said
from app.web.rendering import render
from app.words import duties as words

router = APIRouter()
SHOWN = 20  # of each kind; all are handed over
AS_ABOVE, NOBODY = "", "nobody"
PAGES = dict.fromkeys((Kind.DRAFTS, Kind.REVIEWS, Kind.APPROVED), "/posts/") | {
    Kind.PLANNED: "/publications/", Kind.QUESTIONS: "/publications/", Kind.TASKS: "/publications/",
    Kind.PLACES: "/channels/", Kind.CHANNELS: "/channels/", Kind.IDEAS: "/ideas/",
}  # fmt: skip
_SAME = N_("Whoever takes over everything")
_NOBODY = N_("Nobody: it stays as it is")
_ALL_STAYS = N_("Nobody")


@dataclass(frozen=True)
class Group:
    """The things of one kind with the choice who takes them. `stays`: what comes of them if nobody does."""

    kind: Kind
    name: str
    stays: str
    things: list[Thing]
    options: list[tuple[str, str]]

    @property
    def field(self) -> str:
        """The name of its field."""
        return f"kinds.{self.kind}"


@router.get("/people/{person_id}/leaving")
def ask(request: Request, viewer: SignedIn, session: Reads, person_id: Id, reach: str = "") -> Response:
    """What the person has in hand, and who takes it over. `reach`: only what they can't reach any more."""
    return _page(request, viewer, session, person_id, bool(reach), Form.of(sign_ins=SignIns.SPARE))


def _page(
    request: Request,
    viewer: Viewer,
    session: Session,
    person_id: int,
    reach: bool,
    form: Form,
    refusal: Refusal | None = None,
) -> Response:
    things = duties.in_hand(session, viewer.actor, person_id, reach)
    person = session.get_one(Person, person_id)
    keys = _sign_ins(session, viewer, person_id, reach)
    governed = _governed(session, viewer, person_id)
    takers = list(duties.takers_of(session, viewer.actor, person_id, things).values())
    nobody = translations(viewer.locale).gettext(_ALL_STAYS)
    return render(
        request,
        "people/leaving.html",
        refusal.status if refusal else 200,
        person=person,
        reach=reach,
        form=form,
        errors=said(request, refusal),
        groups=_groups(takers, things, viewer.locale),
        to_options=[("", nobody), *_named(takers, things, viewer.locale)],
        pages=PAGES,
        most=SHOWN,
        sign_ins=keys,
        needed=[one for one in keys if not one.others and one.state == "ok"],
        ends=_ends(session, viewer, person_id) if governed and not reach else None,
        may_close=governed and person.active and not reach,
        myself=person_id == viewer.person_id,
    )


def _governed(session: Session, viewer: Viewer, person_id: int) -> bool:
    try:
        people.governed(session, viewer.actor, person_id)
    except Refusal:
        return False
    return True


def _sign_ins(session: Session, viewer: Viewer, person_id: int, reach: bool) -> list[TokenOf]:
    """Their sign-ins for channels that the viewer looks after."""
    theirs = scope_of(session, person_id).units if reach else frozenset[int]()
    found = tokens_of(session, viewer.actor.scope, person_id)
    return [
        one for one in found
        if viewer.actor.scope.may(Right.CHANNELS, one.unit_id) and one.unit_id not in theirs
    ]  # fmt: skip


def _ends(session: Session, viewer: Viewer, person_id: int) -> dict[str, Any]:
    """What is over once the account is closed: programs' keys, the feed, standing in for others."""
    scope, now = viewer.actor.scope, clock.now()
    return {
        "tokens": tokens.tokens(session, scope, person_id),
        "feed": feeds.own(session, scope, person_id),
        "covers": stand_ins.covered_by(session, scope, person_id, now),
    }


def _groups(takers: Sequence[Taker], things: list[Thing], locale: str) -> list[Group]:
    say = translations(locale).gettext
    groups = []
    for kind, some in by_kind(things).items():
        options = [(AS_ABOVE, say(_SAME)), (NOBODY, say(_NOBODY)), *_named(takers, some, locale)]
        groups.append(Group(kind, words.kind(kind, locale), words.stays(kind, locale), some, options))
    return groups


def _named(takers: Sequence[Taker], things: list[Thing], locale: str) -> list[tuple[str, str]]:
    """Those who may take any of the things, to choose from."""
    able = [(one, sum(map(one.may_take, things))) for one in takers]
    return [(str(one.id), _labelled(one.name, can, len(things), locale)) for one, can in able if can]


def _labelled(name: str, can: int, of: int, locale: str) -> str:
    """A name; with how many of the things they may take, where it is not all."""
    if can == of:
        return name
    say = translations(locale).gettext
    return say(N_("%(name)s (may take %(can)s of %(all)s)")) % {"name": name, "can": can, "all": of}


@router.post("/people/{person_id}/leaving")
def hand_over(
    request: Request, viewer: SignedIn, form: Posted, db: Db, settings: Configured, person_id: Id
) -> Response:
    """Hand over as chosen; with `do` "close" the account is closed with it."""
    reach = bool(form.text("reach"))
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                done = _do(turn.session, viewer, form, settings, person_id)
                turn.address = _led(viewer, person_id, done)
    except NotFound:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _page(request, viewer, session, person_id, reach, form, refusal)
    return go(turn.address)


def _do(session: Session, viewer: Viewer, form: Form, settings: Settings, person_id: int) -> str:
    """What the form asks; returns the code of what is said then."""
    address = settings.address if postman_of(settings) is not None else ""
    chosen = {name: form.text(f"kinds.{name}") for name in Kind if form.text(f"kinds.{name}")}
    kinds = {name: None if to == NOBODY else to for name, to in chosen.items()}
    skip = [*(f"kinds.{name}" for name in Kind), "reach", "do"]
    if form.text("do") == "close":
        data = form.read(duties.Leaving, without=skip, kinds=kinds)
        duties.leave(session, viewer.actor, person_id, data, address)
        return "person_closed"
    only = form.read(duties.HandingOver, without=[*skip, "sign_ins"], kinds=kinds)
    reach = bool(form.text("reach"))
    done = duties.hand_over(session, viewer.actor, person_id, only, address, out_of_reach=reach)
    return "handed_over" if done.given else "nothing_handed_over"


def _led(viewer: Viewer, person_id: int, done: str) -> str:
    if person_id == viewer.person_id and done == "person_closed":
        return f"/sign-in?done={done}"
    return f"/people?done={done}" if done != "person_closed" else f"/people/{person_id}?done={done}"


@router.get("/handed-over/{hand_over_id}")
def came(request: Request, viewer: SignedIn, session: Reads, hand_over_id: Id) -> Response:
    """What came to oneself from somebody."""
    row, things = hand_overs.one(session, viewer.actor.scope, viewer.person_id, hand_over_id)
    named = {kind: words.kind(kind, viewer.locale) for kind in Kind}
    return render(
        request, "people/handed_over.html", row=row, groups=by_kind(things), named=named, pages=PAGES
    )


@router.post("/handed-over/{hand_over_id}/seen")
def seen(viewer: SignedIn, _form: Posted, db: Db, hand_over_id: Id) -> Response:
    """Noted: it leaves the first page."""
    with db.writes() as session:
        duties.note_seen(session, viewer.actor, hand_over_id)
    return go("/", "noted")


def left_behind(session: Session, viewer: Viewer, person_id: int, out_of_reach: bool = False) -> list[Thing]:
    """What still stands in somebody's name where the viewer looks after people; [] for whoever does not."""
    if not viewer.actor.scope.units_with(Right.PEOPLE):
        return []
    try:
        return duties.in_hand(session, viewer.actor, person_id, out_of_reach)
    except Refusal:
        return []
