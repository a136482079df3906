"""Ideas without an account: the page behind a door, and the page where its sender sees what became of one.

Nobody signs in here, no cookie is set, and nothing stands for anybody: the address of a door only creates,
the one of an idea is known to its sender alone.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from app.actions import idea_doors, open_ideas
from app.actions.open_ideas import Held, OpenIdeaInput
from app.dependencies.database import Configured, Db
from app.dependencies.turns import in_turn
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from app.domain.idea_doors import LONGEST, PICTURES_MOST, QUICKEST
from app.domain.ideas import OPEN
from app.domain.roles import Scope
from app.errands import open_ideas as errand
from app.errands.ground import Ground
from app.foundation import clock
from app.foundation.crypto import new_token
from app.foundation.i18n import pick
from app.foundation.mail import postman_of
from app.models.idea_doors import IdeaDoor
from app.models.ideas import Idea
from app.models.units import Unit
from app.queries import idea_doors as questions
from app.queries import ideas
from app.web import csrf
from app.web.doors import place_of
from app.web.forms import Form, PostedByAnybody, go
from app.web.frame import Frame
from app.web.ground import Grounded
from app.web.rendering import render
from app.words.sentences import Said, faults, sentence

router = APIRouter(prefix="/i")
MOST_BYTES = 3 * errand.MOST_BYTES // 2 + 1_000_000  # of a whole form: three pictures of a phone
TOO_MANY = 429
FOLLOW_SIGNS = 32  # of a keyed hash: 128 bits
FIELDS = ("title", "why", "name", "email")
TRAP = "website"  # a field that no person sees; what fills it in is a program
BEGAN = "began"
_NOINDEX = {"X-Robots-Tag": "noindex"}


@dataclass(frozen=True)
class Entrance:
    """An open door, its unit's name and language, and the language of whoever stands before it."""

    door: IdeaDoor
    token: str
    unit: str
    locale: str


def entrance(request: Request, db: Db, token: str) -> Entrance:
    """The door of an address; before anything that was sent is read. Raises NotFound ("door_gone")."""
    with db.reads() as session:
        door = idea_doors.opened(session, token)
        unit = session.get_one(Unit, door.unit_id)
        return Entrance(door, token, unit.name, _locale(request, unit.locale))


Entered = Annotated[Entrance, Depends(entrance)]


def _locale(request: Request, otherwise: str) -> str:
    """As asked for in the address, else as the browser offers, else the one that is usual there."""
    offered = f"{request.headers.get('accept-language', '')},{otherwise};q=0.001"
    return pick(offered, request.query_params.get("language"))


@router.get("/{token}")
def ask(request: Request, entered: Entered, ground: Grounded) -> Response:
    """The form."""
    return _page(request, ground, entered, Form())


def _page(
    request: Request,
    ground: Ground,
    entered: Entrance,
    form: Form,
    said: Sequence[Said] = (),
    status: int = 200,
) -> Response:
    request.state.frame = Frame(locale=entered.locale, unit_name=entered.unit)
    return render(
        request,
        "ideas/open.html",
        status,
        _NOINDEX,
        token=entered.token,
        form=form,
        errors=said,
        began=_began(ground, entered.door, form),
        most=PICTURES_MOST,
        mails=postman_of(ground.settings) is not None,
        trap=TRAP,
    )


@router.post("/{token}")
async def send(  # async: who waits for a turn at the reading of pictures takes no thread of the pages
    request: Request, entered: Entered, form: PostedByAnybody, ground: Grounded
) -> Response:
    """Take an idea in, and show its sender where to see what becomes of it."""
    return await in_turn(partial(_send, request, entered, form, ground))


def _send(request: Request, entered: Entrance, form: Form, ground: Ground) -> Response:
    try:
        with ground.database.writes() as session:
            idea_doors.try_once(session, entered.door.id, place_of(request), clock.now())
        data = _read(ground, entered, form)
        secret = _secret(ground, entered, form)
        _take_in(ground, entered, data, form, secret)
    except NotFound:
        raise
    except Refusal as refusal:
        if refusal.code == "already_sent":
            return _on(secret, entered.locale)
        often = refusal.code in ("door_too_often", "door_full")
        said = faults(refusal, entered.locale)
        if form.files and not often:
            said = _chosen_again(said, entered.locale)
        return _page(request, ground, entered, form, said, TOO_MANY if often else refusal.status)
    return _on(secret, entered.locale)


def _chosen_again(said: list[Said], locale: str) -> list[Said]:
    """That no photo was kept, said with what is wrong with them or on its own: one mistake is told once."""
    again = Said("files", sentence("choose_pictures_again", locale), "choose_pictures_again")
    if all(each.field != again.field for each in said):
        return [*said, again]
    words = f" {again.sentence}"
    return [replace(one, sentence=one.sentence + words * (one.field == again.field)) for one in said]


def _on(secret: str, locale: str) -> Response:
    return go(f"/i/follow/{secret}?language={locale}&done=open_idea_sent")


def _read(ground: Ground, entered: Entrance, form: Form) -> OpenIdeaInput:
    """What was typed, by a person as far as that can be seen. Raises Invalid."""
    if form.text(TRAP) or not _is_fresh(ground, entered.door, form.text(BEGAN)):
        raise Invalid("send_again")
    data = form.only(FIELDS).read(OpenIdeaInput)
    if len(form.files) > PICTURES_MOST:
        raise Invalid("too_many_guest_pictures", "files", most=PICTURES_MOST)
    return data


def _take_in(ground: Ground, entered: Entrance, data: OpenIdeaInput, form: Form, secret: str) -> None:
    with ground.database.reads() as session:
        open_ideas.check_new(session, secret)
    held: list[Held] = []
    try:
        for file in form.files:
            try:
                held.append(errand.take_in(ground, file.file))
            except Invalid as refusal:
                fault = refusal.faults[0]
                raise Invalid(fault.code, "files", **fault.params) from None
        with ground.database.writes() as session:
            door = idea_doors.opened(session, entered.token)
            open_ideas.send(session, door, data, held, secret, entered.locale)
    except Exception:
        errand.drop(ground, [one.key for one in held])
        raise


def _secret(ground: Ground, entered: Entrance, form: Form) -> str:
    """The secret of an idea's own page: the same for the same form sent twice, and told to nobody else."""
    key = f"{form.once} {form.key}" if form.once else new_token()
    return ground.keyring.sign(f"idea follow {entered.door.id} {key}")[:FOLLOW_SIGNS]


def _began(ground: Ground, door: IdeaDoor, form: Form) -> str:
    """When somebody began with the form, signed; kept where it came back with a fault."""
    if _is_fresh(ground, door, form.text(BEGAN)):
        return form.text(BEGAN)
    second = str(int(clock.now().timestamp()))
    return f"{second}.{_signed(ground, door, second)}"


def _signed(ground: Ground, door: IdeaDoor, second: str) -> str:
    return ground.keyring.sign(f"idea form {door.id} {second}")[:32]


def _is_fresh(ground: Ground, door: IdeaDoor, began: str) -> bool:
    """Whether a page of ours was opened so long ago that a person can have filled it in, and not longer."""
    second, _, signature = began.partition(".")
    if not (second.isascii() and second.isdigit() and len(second) <= 12):
        return False
    age = clock.now().timestamp() - int(second)
    fits = QUICKEST.total_seconds() <= age <= LONGEST.total_seconds()
    return fits and hmac.compare_digest(signature.encode(), _signed(ground, door, second).encode())


@router.get("/follow/{secret}")
def follow(request: Request, db: Db, settings: Configured, secret: str) -> Response:
    """What became of an idea, for whoever sent it."""
    return _followed(request, db, secret, settings.address)


def _followed(
    request: Request, db: Db, secret: str, address: str, refusal: Refusal | None = None
) -> Response:
    with db.reads() as session:
        guest = open_ideas.followed(session, secret)
        idea = session.get_one(Idea, guest.idea_id)
        scope = Scope({idea.unit_id: frozenset()})
        own = ideas.headline(session, scope, idea.id)
        goes_on = questions.outcome(session, scope, idea.id)
        posts = ideas.posts_of(session, scope, [goes_on.id])[goes_on.id]
    locale = pick(None, request.query_params.get("language") or guest.locale)
    request.state.frame = Frame(locale=locale, unit_name=own.unit)
    done = request.query_params.get("done") == "open_idea_sent"
    return render(
        request,
        "ideas/follow.html",
        refusal.status if refusal else 200,
        _NOINDEX,
        idea=own,
        state=goes_on.state,
        out=next((post for post in posts if post.published_at), None),
        open=own.state in OPEN,
        told=bool(guest.email),
        secret=secret,
        address=f"{address}/i/follow/{secret}",
        sent=done,
        errors=faults(refusal, locale) if refusal else [],
    )


@router.post("/follow/{secret}/delete")
def delete(request: Request, db: Db, ground: Grounded, settings: Configured, secret: str) -> Response:
    """Delete an idea for whoever sent it, as long as nobody answered it."""
    if not csrf.from_our_pages(request.headers, settings.address):
        raise Forbidden("foreign_form")
    try:
        with db.reads() as session:
            locale = open_ideas.followed(session, secret).locale
        errand.take_back(ground, secret)
    except Conflict as refusal:
        return _followed(request, db, secret, settings.address, refusal)
    request.state.frame = Frame(locale=pick(None, request.query_params.get("language") or locale))
    return render(request, "ideas/follow_deleted.html", headers=_NOINDEX)
