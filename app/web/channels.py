"""Channels: the list, one channel and its sign-ins, connecting one through the network's own sign-in."""

from urllib.parse import urlsplit

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.actions import channel_tokens, channels
from app.actions.channels import BeginInput, ChannelEdit
from app.connectors import registry
from app.dependencies.database import Configured, Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Forbidden, NotFound, Refusal
from app.domain.networks import NetworkKind, Realm
from app.domain.roles import Right
from app.errands import connect, reach
from app.foundation import clock
from app.foundation.database import AnyRow
from app.foundation.settings import Settings
from app.models.channels import Channel
from app.queries import channel_register, keepers, tasks, units
from app.queries import channels as questions
from app.web import channel_plans, headers
from app.web.cards import page_address
from app.web.forms import Form, Posted, go, once, said
from app.web.ground import Grounded, once_in_steps
from app.web.rendering import render
from app.words.channels import health, sign_in
from app.words.sentences import sentence

router = APIRouter()
META_HOSTS = ("https://www.facebook.com", "https://*.facebook.com")


@router.get("/channels")
def listed(request: Request, viewer: SignedIn, session: Reads, settings: Configured) -> Response:
    """Every channel in sight."""
    scope, now = viewer.actor.scope, clock.now()
    rows = questions.listed(session, scope)
    let_through(request, settings)
    return render(
        request,
        "channels/list.html",
        channels=[(row, health(row, viewer.locale, now, viewer.zone)) for row in rows],
        mine=scope.units,
        looks_after=scope.units_with(Right.CHANNELS),
    )


def let_through(request: Request, settings: Settings) -> None:
    """Allow the page's forms to lead on to a network's sign-in."""
    practice = urlsplit(registry.endpoint(settings, Realm.PRACTICE).dialog)
    headers.allow(request, "form-action", f"{practice.scheme}://{practice.netloc}", *META_HOSTS)


@router.get("/channels/connect")
def ask(request: Request, viewer: SignedIn, session: Reads, settings: Configured, unit: str = "") -> Response:
    """Which unit, which world."""
    return _connect_page(
        request, viewer, session, settings, Form.of(unit_id=unit or None, realm=Realm.PRACTICE)
    )


def _connect_page(
    request: Request,
    viewer: Viewer,
    session: Session,
    settings: Settings,
    form: Form,
    refusal: Refusal | None = None,
) -> Response:
    scope = viewer.actor.scope
    choices = units.names(session, scope, Right.CHANNELS, viewer.locale)
    if not choices:
        raise Forbidden("not_allowed")
    let_through(request, settings)
    return render(
        request,
        "channels/connect.html",
        refusal.status if refusal else 200,
        form=form,
        errors=said(request, refusal),
        units=choices,
        needs_app=refusal is not None and refusal.code == "no_meta_app",
        settings_app=bool(settings.meta_app_id),
    )


@router.post("/channels/connect")
def begin(
    request: Request, viewer: SignedIn, form: Posted, db: Db, settings: Configured, ground: Grounded
) -> Response:
    """On to the network's own sign-in."""
    try:
        data = form.read(BeginInput, without=("again",))
        again = form.text("again") == "yes"
        address = connect.begin(ground, viewer.actor, data, viewer.sign_in_id, again)
    except Forbidden:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _connect_page(request, viewer, session, settings, form, refusal)
    return RedirectResponse(address, 303)


@router.get("/channels/{channel_id}")
def show(
    request: Request, viewer: SignedIn, session: Reads, settings: Configured, channel_id: int
) -> Response:
    """One channel."""
    return _page(request, viewer, session, settings, channel_id)


def _page(
    request: Request,
    viewer: Viewer,
    session: Session,
    settings: Settings,
    channel_id: int,
    form: Form | None = None,
    refusal: Refusal | None = None,
) -> Response:
    scope = viewer.actor.scope
    channel = questions.channel(session, scope, channel_id)
    by_hand = channel.network is NetworkKind.MANUAL
    let_through(request, settings)
    return render(
        request,
        "channels/channel.html",
        refusal.status if refusal else 200,
        channel=channel,
        unit=units.unit(session, scope, channel.unit_id),
        tokens=[] if by_hand else _tokens(session, viewer, channel),
        me=viewer.person_id,
        keepers=keepers.of_channel(session, scope, channel.id, clock.now()),
        named=[] if by_hand else questions.units_below(session, scope, channel.unit_id),
        health=health(channel, viewer.locale, clock.now(), viewer.zone),
        over=channel.data_access_until is not None and channel.data_access_until <= clock.now(),
        profile=registry.network(channel.network).profile,
        there=page_address(settings, channel.network, channel.realm, channel.remote_id, channel.name),
        address=settings.address,
        bucket=settings.media_bucket,
        reach_words=_reach_words(channel, viewer.locale),
        place=tasks.place(session, scope, channel.id) if channel.network is NetworkKind.MANUAL else None,
        usual=_usual(session, viewer, channel),
        may_change=scope.may(Right.CHANNELS, channel.unit_id),
        **channel_plans.card(channel_register.entry(session, scope, channel.id), viewer),
        form=form or (Form() if by_hand else _form(session, viewer, channel)),
        errors=channel_plans.led(said(request, refusal), channel.id),
    )


def _form(session: Session, viewer: Viewer, channel: Channel) -> Form:
    named = questions.named_units(session, viewer.actor.scope, channel.id)
    return Form.of(name=channel.name, used_by=channel.used_by, state=channel.state, units=named)


def _tokens(session: Session, viewer: Viewer, channel: Channel) -> list[tuple[AnyRow, str]]:
    """The sign-ins of a channel, each with how it is in words."""
    now = clock.now()
    return [
        (row, sign_in(row, viewer.locale, now, viewer.zone))
        for row in questions.of_channel(session, viewer.actor.scope, channel.id)
    ]


def _reach_words(channel: Channel, locale: str) -> str:
    """Why the network could not fetch from us, if it could not."""
    return sentence(channel.reach_reason, locale) if channel.reach_reason else ""


def _usual(session: Session, viewer: Viewer, channel: Channel) -> str:
    """Who usually posts there by hand, if somebody does."""
    place = (
        tasks.place(session, viewer.actor.scope, channel.id)
        if channel.network is NetworkKind.MANUAL
        else None
    )
    people = tasks.doers(session, viewer.actor.scope, channel.unit_id) if place and place.person_id else {}
    return people.get(place.person_id or 0, "") if place else ""


@router.post("/channels/{channel_id}")
def edit(
    request: Request, viewer: SignedIn, form: Posted, db: Db, settings: Configured, channel_id: int
) -> Response:
    """Another name, other users, rest or close it."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                data = form.read(ChannelEdit)
                channels.edit(turn.session, viewer.actor, channel_id, data)
                turn.address = f"/channels/{channel_id}?done=saved"
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _page(request, viewer, session, settings, channel_id, form, refusal)
    return go(turn.address)


@router.get("/channels/{channel_id}/sign-ins/{token_id}/remove")
def ask_remove(
    request: Request, viewer: SignedIn, session: Reads, channel_id: int, token_id: int
) -> Response:
    """What taking a sign-in away means."""
    scope = viewer.actor.scope
    channel = questions.channel(session, scope, channel_id)
    rows = questions.of_channel(session, scope, channel_id)
    token = next((row for row in rows if row.id == token_id), None)
    if token is None:
        raise NotFound
    if token.person_id != viewer.person_id and not scope.may(Right.CHANNELS, channel.unit_id):
        raise Forbidden("not_allowed")
    others = [row for row in rows if row.id != token_id and row.state == channel_tokens.OK]
    return render(request, "channels/remove_sign_in.html", channel=channel, token=token, others=others)


@router.post("/channels/{channel_id}/sign-ins/{token_id}/remove")
def remove_sign_in(viewer: SignedIn, form: Posted, db: Db, channel_id: int, token_id: int) -> Response:
    """Take a sign-in away."""
    with once(db, viewer, form) as turn:
        if turn.first:
            channel_tokens.remove(turn.session, viewer.actor, channel_id, token_id)
            turn.address = f"/channels/{channel_id}?done=sign_in_removed"
    return go(turn.address)


@router.post("/channels/{channel_id}/check")
def check(viewer: SignedIn, form: Posted, db: Db, ground: Grounded, channel_id: int) -> Response:
    """Ask the network how the channel is."""

    def work() -> str:
        told = connect.check_as(ground, viewer.actor, channel_id)
        return f"/channels/{channel_id}?done={'checked' if told else 'not_checked'}"

    return go(once_in_steps(db, viewer, form, work))


@router.post("/channels/{channel_id}/reach")
def try_reach(viewer: SignedIn, form: Posted, db: Db, ground: Grounded, channel_id: int) -> Response:
    """Try whether the network can fetch pictures from us."""

    def work() -> str:
        tried = reach.begin_as(ground, viewer.actor, channel_id)
        return f"/channels/{channel_id}?done={'reach_tried' if tried else 'checked'}"

    return go(once_in_steps(db, viewer, form, work))
