"""Mail: what comes to me, switched off from within a mail, a unit's working hours, and how mail fares."""

from datetime import time

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import mail_links, mails
from app.actions.inputs import Id
from app.dependencies.database import Configured, Db, Reads
from app.dependencies.viewers import MaybeSignedIn, SignedIn, Viewer
from app.domain.errors import Forbidden, NotFound, Refusal
from app.domain.mails import CHOICES
from app.domain.public_holidays import is_known
from app.domain.roles import Right
from app.domain.working_hours import EARLIEST, LATEST
from app.foundation import clock
from app.foundation.mail import postman_of
from app.models.mails import is_off
from app.queries import mails as questions
from app.queries import units
from app.web.forms import Form, Posted, PostedByAnybody, go, said
from app.web.frame import frame_of
from app.web.ground import Grounded
from app.web.rendering import render
from app.words import mail_kinds
from app.words.sentences import sentence

router = APIRouter()


@router.get("/account/mails")
def mine(request: Request, viewer: SignedIn, session: Reads, settings: Configured) -> Response:
    """Which mails come to me."""
    choice = questions.choices(session, viewer.actor.scope, [viewer.person_id]).get(viewer.person_id)
    wanted = [kind.value for kind in CHOICES if not is_off(choice, kind)]
    return render(
        request,
        "mails/mine.html",
        kinds=mail_kinds.options(viewer.locale),
        wanted=wanted,
        any_hour=choice is not None and choice.any_hour,
        email=viewer.email,
        mute=postman_of(settings) is None,
    )


@router.post("/account/mails")
def choose(viewer: SignedIn, form: Posted, db: Db) -> Response:
    """Keep what I want."""
    with db.writes() as session:
        mails.choose(session, viewer.actor, form.read(mails.MailsEdit))
    return go("/account/mails", "saved")


@router.get("/mails/off/{token}")
def ask_off(request: Request, _viewer: MaybeSignedIn, ground: Grounded, token: str) -> Response:
    """A question with a button: programs that look at every address in a mail switch nothing off."""
    return _off_page(request, ground, token, done=False)


@router.post("/mails/off/{token}")
def switch_off(
    request: Request, _viewer: MaybeSignedIn, _form: PostedByAnybody, ground: Grounded, db: Db, token: str
) -> Response:
    """No mails of that kind any more; the address is the proof, mail programs send nothing else."""
    found = mail_links.read(ground.keyring, token)
    if found is not None:
        with db.writes() as session:
            mails.switch_off(session, *found)
    return _off_page(request, ground, token, done=True)


def _off_page(request: Request, ground: Grounded, token: str, done: bool) -> Response:
    found = mail_links.read(ground.keyring, token)
    kind = mail_kinds.kind(found[1], frame_of(request).locale) if found else ""
    return render(request, "mails/off.html", 200 if found else 404, kind=kind, token=token, done=done)


@router.get("/units/{unit_id}/hours")
def hours(request: Request, viewer: SignedIn, session: Reads, unit_id: Id) -> Response:
    """When a unit is at work."""
    own = questions.own_hours(session, viewer.actor.scope, unit_id)
    given = {"begins": _clock(own.begins), "ends": _clock(own.ends)} if own else {}
    return _hours_page(request, viewer, session, unit_id, Form.of(**given))


def _hours_page(
    request: Request,
    viewer: Viewer,
    session: Session,
    unit_id: int,
    form: Form,
    refusal: Refusal | None = None,
) -> Response:
    scope = viewer.actor.scope
    unit = units.unit(session, scope, unit_id)
    now_hold = questions.hours(session, scope, [unit_id])[unit_id]
    return render(
        request,
        "mails/hours.html",
        refusal.status if refusal else 200,
        unit=unit,
        begins=_clock(now_hold.begins),
        ends=_clock(now_hold.ends),
        own=questions.own_hours(session, scope, unit_id) is not None,
        quiet=(_clock(LATEST), _clock(EARLIEST)),
        knows_holidays=is_known(unit.country),
        may=scope.may(Right.UNITS, unit_id),
        form=form,
        errors=said(request, refusal),
    )


def _clock(wall: time) -> str:
    return f"{wall.hour}.{wall.minute:02}"


@router.post("/units/{unit_id}/hours")
def set_hours(request: Request, viewer: SignedIn, form: Posted, db: Db, unit_id: Id) -> Response:
    """Give a unit hours of its own, or with `what` = "above" take them away."""
    try:
        above = form.text("what") == "above"
        data = None if above else form.read(mails.HoursEdit, without=("what",))
        with db.writes() as session:
            mails.set_hours(session, viewer.actor, unit_id, data)
    except (NotFound, Forbidden):
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _hours_page(request, viewer, session, unit_id, form, refusal)
    return go(f"/units/{unit_id}/hours", "saved")


@router.get("/mails")
def health(request: Request, viewer: SignedIn, session: Reads, settings: Configured) -> Response:
    """How mail fares, for administrators."""
    _check(viewer)
    postman = postman_of(settings)
    told = questions.health(session, viewer.actor.scope, clock.now())
    rows = [
        (row, mail_kinds.kind(row.kind, viewer.locale), sentence(row.reason, viewer.locale))
        for row in told.rows
    ]
    return render(
        request, "mails/health.html", told=told, rows=rows, host=postman.host if postman else "",
        sender=postman.sender if postman else "", email=viewer.email,
    )  # fmt: skip


@router.post("/mails/try")
def try_it(viewer: SignedIn, _form: Posted, db: Db, settings: Configured) -> Response:
    """A mail to myself; nothing where no mail is sent."""
    _check(viewer)
    if postman_of(settings) is None:
        return go("/mails")
    with db.writes() as session:
        mails.try_it(session, viewer.actor, settings.address)
    return go("/mails", "mail_tried")


def _check(viewer: Viewer) -> None:
    if not mails.may_look_after(viewer.actor):
        raise Forbidden("not_allowed")
