"""The control page: the same acts as the API, as forms. Only with the control token.

The app's forwarder adds that token for people who may come here, so a foreign site could use it through their
browser; therefore every form is bound to the token and to our own origin."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args
from urllib.parse import urlsplit

from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.foundation.i18n import N_
from app.practice import acts, control_api, past, screens, trouble_words
from app.practice.faults import CALLS, Rule
from app.practice.switches import Switches
from app.practice.world import World


def form_token(world: World) -> str:
    """What each of our forms carries: derived from the control token, so no other site can know it."""
    return hmac.new(world.keys.control_token.encode(), b"control form", hashlib.sha256).hexdigest()


def from_our_page(world: World, request: Request, form: FormData) -> bool:
    """Whether a form was sent by one of our own pages."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    base = urlsplit(world.public_base)
    ours = origin in (f"{base.scheme}://{base.netloc}", str(request.base_url).rstrip("/"))
    if site != "same-origin" and not (site is None and ours):
        return False
    return hmac.compare_digest(str(form.get("form_token", "")).encode(), form_token(world).encode())


def _denied() -> Response:
    return PlainTextResponse("This page needs the control token; open it through Kuliss.", 401)


async def show(request: Request) -> Response:
    """GET /control. Query: page (whose switches), done (what was just done)."""
    return _page(request) if control_api.allowed(request) else _denied()


@dataclass(frozen=True)
class Sent:
    """A form that was refused: which, and what was typed."""

    name: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    def typed(self, name: str, each: str, usual: object = "") -> object:
        """What a field shows: what was typed, if it is this form that comes back, else what is usual."""
        return self.fields.get(each, usual) if name == self.name else usual


_NOTHING = Sent()


def _page(
    request: Request,
    status: int = 200,
    wrong: str = "",
    facts: dict[str, str] | None = None,
    sent: Sent = _NOTHING,
) -> Response:
    world: World = request.app.state.world
    chosen = str(sent.typed("switches", "page", request.query_params.get("page", "")))
    chosen = chosen if chosen in places(world) else ""
    return screens.page(
        request,
        "control.html",
        status,
        wrong=wrong,
        facts=facts,
        done=DONE.get(request.query_params.get("done", ""), ""),
        chosen=chosen,
        sent=sent,
        places=places(world),
        switches=_switch_rows(world.faults.of(chosen or None)),
        calls=list(trouble_words.CALLS.items()),
        faults=list(trouble_words.FAULTS.items()),
        moments=list(trouble_words.MOMENTS.items()),
        subcodes=list(trouble_words.SUBCODES.items()),
        form_token=form_token(world),
    )


def places(world: World) -> dict[str, str]:
    """What a switch may be set for, by id: each Page, and its profile behind it."""
    found: dict[str, str] = {}
    for page in world.pages.values():
        found[page.id] = page.name
        profile = world.profile_of(page.id)
        if profile:
            found[profile.id] = f"@{profile.username}"
    return found


def _switch_rows(now: Switches) -> list[dict[str, Any]]:
    rows = []
    for name, switch in Switches.model_fields.items():
        value = getattr(now, name)
        kind = "number"
        choices: tuple[Any, ...] = get_args(switch.annotation)
        if isinstance(value, bool):
            kind, choices, value = "choice", ("true", "false"), str(value).lower()
        elif isinstance(value, list):
            kind, choices, value = "text", (), ", ".join(value)
        elif choices:
            kind = "choice"
        words = switch.description or name
        row = {"name": name, "words": words, "kind": kind, "value": value, "choices": choices}
        rows.append({**row, "part": switch.title or ""})
    return rows


def _do_clock(world: World, form: FormData) -> None:
    given = {name: form.get(name) or 0 for name in ("hours", "days")}
    acts.forward(world, acts.Forward.model_validate(given))


def _do_switches(world: World, form: FormData) -> None:
    page, given = str(form.get("page", "")) or None, dict[str, Any]()
    for name in Switches.model_fields:
        text = str(form.get(name, "")).strip()
        is_list = isinstance(getattr(world.faults.base, name), list)
        given[name] = [part.strip() for part in text.split(",") if part.strip()] if is_list else text
    wanted = Switches.model_validate(given).model_dump()
    if page:
        common = world.faults.base.model_dump()
        wanted = {name: None if value == common[name] else value for name, value in wanted.items()}
    acts.set_switches(world, acts.SetSwitches(page=page, switches=wanted))


def _do_script(world: World, form: FormData) -> None:
    given = {name: form.get(name) for name in ("fault", "page", "moment", "times", "seconds")}
    world.faults.add(Rule.model_validate({**given, "calls": [form.get("call")]}))
    world.save_faults()


def _do_unscript(world: World, form: FormData) -> None:
    world.faults.script.clear()
    world.save_faults()


def _do_tokens(world: World, form: FormData) -> None:
    page = str(form.get("page", "")) or None
    code = str(form.get("subcode", ""))
    given = {"subcode": int(code) if code.isdecimal() and len(code) < 9 else code, "page": page}
    acts.end_tokens(world, acts.EndTokens.model_validate(given))


def _do_pages(world: World, form: FormData) -> None:
    given: dict[str, Any] = {"name": str(form.get("name", "")).strip()}
    given |= {"followers": form.get("followers") or 1_500, "with_profiles": "with_profiles" in form}
    given["portfolio"] = str(form.get("portfolio", "")).strip()
    acts.add_pages(world, acts.NewPages.model_validate(given))


def _do_people(world: World, form: FormData) -> None:
    name, page = str(form.get("name", "")).strip(), str(form.get("page", ""))
    acts.add_person(world, acts.NewPerson(name=name, page=page if page in world.pages else ""))


def _do_past(world: World, form: FormData) -> None:
    given = {"place": form.get("place"), "days": form.get("days"), "posts": form.get("posts")}
    past.fill(world, past.Past.model_validate(given))


def _do_reset(world: World, form: FormData) -> None:
    acts.reset(world, acts.Reset.model_validate({"what": form.get("what")}))


FORMS: dict[str, Callable[[World, FormData], None]] = {
    "clock": _do_clock,
    "switches": _do_switches,
    "script": _do_script,
    "unscript": _do_unscript,
    "tokens": _do_tokens,
    "pages": _do_pages,
    "people": _do_people,
    "past": _do_past,
    "reset": _do_reset,
}


async def send(request: Request) -> Response:
    """POST /control/<form>."""
    world: World = request.app.state.world
    if not control_api.allowed(request):
        return _denied()
    name, form = request.path_params["form"], await request.form()
    if name not in FORMS:
        return PlainTextResponse("There is no such form.", 404)
    if not from_our_page(world, request, form):
        return PlainTextResponse("The form was not sent from the control page.", 403)
    try:
        FORMS[name](world, form)
    except ValidationError as error:
        return _page(request, 422, *trouble_words.input_wrong(error), sent=_sent(name, form))
    except ValueError:  # for example of a page that is older than what it speaks of
        return _page(request, 422, trouble_words.NOT_NOW, {}, sent=_sent(name, form))
    return Response(status_code=303, headers={"location": f"../control?done={name}"})


def _sent(name: str, form: FormData) -> Sent:
    return Sent(name, {each: value for each, value in form.items() if isinstance(value, str)})


async def calls(request: Request) -> Response:
    """GET /control/transcript: the last calls."""
    if not control_api.allowed(request):
        return _denied()
    world: World = request.app.state.world
    wanted = request.query_params.get("call", "")
    rows = world.transcript.rows(limit=100, call=wanted)[::-1]
    return screens.page(request, "transcript.html", rows=rows, calls=CALLS, wanted=wanted)


DONE = {
    "clock": N_("The clock has moved."),
    "switches": N_("The switches are set."),
    "script": N_("The next matching calls will go wrong."),
    "unscript": N_("Nothing is planned to go wrong any more."),
    "tokens": N_("The tokens have ended. Connect the Page again to go on."),
    "pages": N_("The Page is there."),
    "people": N_("The person is there and can be chosen when Kuliss asks to be let in."),
    "past": N_("The posts are there, as if colleagues had made them over the last weeks."),
    "reset": N_("Done. Everything is as at the beginning."),
}

ROUTES = [
    Route("/control", show, methods=["GET"]),
    Route("/control/transcript", calls, methods=["GET"]),
    Route("/control/{form}", send, methods=["POST"]),
]
