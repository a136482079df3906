"""What the composer's page shows, of what is stored or of what was sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions.posts import UNDER_WORK
from app.connectors import registry
from app.connectors.profiles import Profile
from app.dependencies.viewers import Viewer
from app.domain.contents import Contents, Shot
from app.domain.errors import Forbidden, Refusal
from app.domain.networks import NetworkKind
from app.domain.posts import Tone
from app.domain.roles import Right
from app.domain.texts import normalise
from app.foundation.database import AnyRow, read_id
from app.queries import assets, channels, contents, units
from app.queries import posts as questions
from app.web import composer_aims, composer_faults, composer_form, post_parts, previews, unsaved
from app.web.composer_form import Draft, Own, Pick
from app.web.composer_steps import Shelf
from app.web.forms import Form, said
from app.web.rendering import render
from app.words import videos
from app.words.sentences import Said

ON_SHELF = 24
_OVER_THE_NETWORK = (NetworkKind.FACEBOOK, NetworkKind.INSTAGRAM)


@dataclass(frozen=True)
class Sent:
    """A form as it came: its fields, its pictures and variants, the library if it is open, refused files."""

    form: Form
    draft: Draft = field(default_factory=Draft)
    shelf: Shelf | None = None
    refused: Sequence[Said] = ()


class Owner(NamedTuple):
    """The unit that a new post would belong to; it names no pillar and no goal yet."""

    unit_id: int
    unit: str
    pillar_id: int | None = None
    pillar: str | None = None
    goal_id: int | None = None
    goal: str | None = None


@dataclass(frozen=True)
class Place:
    """A channel with what differs there. `rows`: pictures to choose among. `timed`: the post goes there."""

    id: int
    name: str
    profile: Profile
    own: Own
    rows: Sequence[Pick]
    timed: bool


class Content(NamedTuple):
    """The plain fields, read kindly: for the comparison with what somebody else saved."""

    title: str
    tone: Tone | None
    text: str
    link: str


def page(
    request: Request,
    viewer: Viewer,
    session: Session,
    sent: Sent | None,
    post_id: int | None = None,
    refusal: Refusal | None = None,
) -> Response:
    """The composer. `sent` None: with the newest revision in it. Raises NotFound, Forbidden."""
    scope = viewer.actor.scope
    post = questions.headline(session, scope, post_id) if post_id is not None else None
    writable = units.names(session, scope, Right.WRITE, viewer.locale) if post is None else []
    newest = questions.revisions(session, scope, post_id)[0] if post_id is not None else None
    stored = None
    if newest and _needs(sent, newest):
        stored = contents.contents(session, scope, newest.id)
    sent = sent or _stored(newest, stored)
    owner = post or _owner(viewer, sent.form, writable)
    if owner is None or not scope.may(Right.WRITE, owner.unit_id):
        raise Forbidden("not_allowed")
    known = _known(session, viewer, owner.unit_id, sent.draft, stored, newest)
    composer_form.fill(sent.draft, known)
    planned = questions.publications_of(session, scope, [post_id])[post_id] if post_id is not None else []
    errors = [*said(request, refusal), *sent.refused]
    status = refusal.status if refusal else 422 if sent.refused else 200
    shown = _shown(viewer, session, sent, known, planned, owner)
    return render(
        request,
        "posts/composer.html",
        status,
        post=post,
        units=writable,
        owner=owner.unit_id,
        errors=composer_faults.led(errors, sent.draft),
        shelf=_on_shelf(session, viewer, sent.shelf),
        both=post is not None and post.status in UNDER_WORK,
        around=_around(request, viewer, session, sent.form, post_id),
        **_beside(sent.form, newest, stored, shown),
        **shown,
    )


def _around(
    request: Request, viewer: Viewer, session: Session, form: Form, post_id: int | None
) -> unsaved.Around:
    """What one typed here before and did not save, and who else is writing here now."""
    path = f"/posts/{post_id}/edit" if post_id is not None else "/posts/new"
    taken = read_id(form.text("taken")) or 0
    return unsaved.around(session, viewer, request.app.state.keyring, path, taken, form.once)


def _needs(sent: Sent | None, newest: AnyRow) -> bool:
    """Whether the stored content is shown too: for the first look, or because somebody saved meanwhile."""
    return sent is None or sent.form.text("revision") != str(newest.number)


def _stored(newest: Any, stored: Contents | None) -> Sent:
    assert newest is not None
    assert stored is not None
    form = Form.of(
        title=newest.title, tone=newest.tone, text=newest.text, link=newest.link, revision=newest.number
    )
    return Sent(form, composer_form.of(stored))


def _owner(viewer: Viewer, form: Form, writable: list[tuple[int, str]]) -> Owner | None:
    """The unit chosen, else the writer's highest, else the first by name; None for who may not write."""
    chosen = [pair for pair in writable if str(pair[0]) == form.text("unit_id")]
    home = [pair for pair in writable if pair[1] == viewer.unit_name]
    return next((Owner(*pair) for pair in (*chosen, *home, *writable)), None)


def _known(
    session: Session,
    viewer: Viewer,
    unit_id: int,
    draft: Draft,
    stored: Contents | None,
    newest: AnyRow | None,
) -> dict[int, Shot]:
    """The form's pictures as they are by themselves; one that may not be used any more as it was stored."""
    known = {shot.asset_id: shot for _, shot in stored.shots()} if stored else {}
    if draft.asset_ids - known.keys():
        usable = assets.usable(session, viewer.actor.scope, unit_id, draft.asset_ids - known.keys())
        known |= {asset_id: Shot.of(asset) for asset_id, asset in usable.items()}
    if newest and not stored and draft.asset_ids - known.keys():
        before = contents.contents(session, viewer.actor.scope, newest.id)
        known = {shot.asset_id: shot for _, shot in before.shots()} | known
    return known


def _shown(
    viewer: Viewer,
    session: Session,
    sent: Sent,
    known: Mapping[int, Shot],
    planned: Sequence[AnyRow],
    owner: Any,
) -> dict[str, Any]:
    """What is drawn of the form: its pictures, channels, previews and checks."""
    form, draft = sent.form, sent.draft
    content = _content(form)
    now = composer_form.contents(draft, content.text, content.link, known)
    places = post_parts.places(session, viewer, owner)
    stops = previews.stops(planned, places, now.variants, post_parts.usual_name(places, owner))
    return {
        "form": form,
        "draft": draft,
        "known": known,
        "formats": videos.format_options(viewer.locale),
        "captions": videos.caption_options(viewer.locale),
        "places": _places(session, viewer, draft, places, planned),
        "aims": composer_aims.aims(session, viewer, owner, form),
        "networks": _networks(places),
        "previews": previews.draw(now, stops),
        "checks": [
            told._replace(field=composer_faults.field_of(told.field or "", draft))
            for told in post_parts.checks(content.tone, now, stops, viewer.locale)
        ],
        "limits": _roomiest(stops, places, draft),
    }


def _roomiest(stops: Iterable[previews.Stop], places: Iterable[post_parts.Place], draft: Draft) -> Any:
    """The limits of the network that takes the longest text.

    Of those that the post is drawn for, else of those that the unit may use; what is done by hand has hardly
    any limit, and counts only where there is nothing else.
    """
    drawn, usable = ([_formed(one.network, draft) for one in where] for where in (stops, places))
    called = [profile for profile in drawn if not profile.by_hand]
    called = called or [profile for profile in usable if not profile.by_hand] or drawn
    return max((profile.limits for profile in called), key=lambda limits: limits.most)


def _formed(network: NetworkKind, draft: Draft) -> Profile:
    profile = registry.network(network).profile
    return profile.in_format(draft.format) or profile


def _networks(places: Sequence[post_parts.Place]) -> list[Profile]:
    """The networks that a picture can be cut for: those that the unit is on, else those that there are."""
    on = {place.network for place in places} & set(_OVER_THE_NETWORK)
    return [profile for profile in registry.profiles() if profile.kind in (on or _OVER_THE_NETWORK)]


def _places(
    session: Session,
    viewer: Viewer,
    draft: Draft,
    places: Sequence[post_parts.Place],
    planned: Sequence[AnyRow],
) -> list[Place]:
    """The channels, those with a time first; also those out of use that the post says something for."""
    timed = {row.channel_id for row in planned}
    found = {place.id: (place.words, place.network) for place in places}
    lacking = {key for key, own in draft.variants.items() if own.differs and key not in found}
    for row in channels.listed(session, viewer.actor.scope) if lacking else ():
        if row.id in lacking:
            found[row.id] = (row.name, row.network)
    made = [
        Place(
            channel_id,
            words,
            registry.network(network).profile,
            draft.own(channel_id),
            draft.rows_on(channel_id),
            channel_id in timed,
        )
        for channel_id, (words, network) in found.items()
    ]
    return sorted(made, key=lambda place: (not place.timed, not place.own.differs))


def _on_shelf(session: Session, viewer: Viewer, shelf: Shelf | None) -> dict[str, Any] | None:
    """The open library: its newest pictures, or those that hold the words."""
    if shelf is None:
        return None
    wanted = assets.AssetFilter(words=shelf.words)
    rows = assets.listed(session, viewer.actor.scope, wanted, limit=ON_SHELF + 1)
    return {"into": shelf.into, "words": shelf.words, "rows": rows[:ON_SHELF], "more": len(rows) > ON_SHELF}


def _content(form: Form) -> Content:
    tone = form.text("tone")
    return Content(
        normalise(form.text("title")),
        Tone(tone) if tone in list(Tone) else None,
        normalise(form.text("text")),
        normalise(form.text("link")),
    )


def _beside(
    form: Form, newest: AnyRow | None, stored: Contents | None, shown: Mapping[str, Any]
) -> dict[str, Any]:
    """The newest revision beside the form, when it is not the one that the writer had before their eyes."""
    if newest is None or stored is None or form.text("revision") == str(newest.number):
        return {"theirs": None, "stored": None, "changes": [], "revision": form.text("revision")}
    now = composer_form.contents(
        shown["draft"], normalise(form.text("text")), normalise(form.text("link")), shown["known"]
    )
    names = {place.id: place.name for place in shown["places"]}
    changes = post_parts.changes(newest, _content(form), stored, now, names)
    return {"theirs": newest, "stored": stored, "changes": changes, "revision": newest.number}
