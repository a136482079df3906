"""What the control page and the control API can do to the world. ValueError says why not."""

from datetime import timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.practice import fetching, oauth, tokens
from app.practice.people import ALL_TASKS, PERMISSIONS, Page, Person, Portfolio, Profile
from app.practice.world import Outage, Usage, World

Task = Literal["ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE"]
Subcode = Literal[458, 459, 460, 463, 464, 467, 492]


class Input(BaseModel):
    """Unknown names are refused."""

    model_config = ConfigDict(extra="forbid")


class SetSwitches(Input):
    """page: a Page or a profile; None: for all. A switch set to None goes back to its default (of one place:
    to that for all)."""

    page: str | None = None
    switches: dict[str, Any]


class Forward(Input):
    """How far the practice clock moves."""

    seconds: float = Field(0, ge=0, le=3660 * 86_400)
    minutes: float = Field(0, ge=0, le=3660 * 1_440)
    hours: float = Field(0, ge=0, le=3660 * 24)
    days: float = Field(0, ge=0, le=3660)


class NewPages(Input):
    """One Page or several. person None: the first; tasks None: all; with_profiles: each has one; portfolio:
    the name of a new business portfolio that owns them."""

    name: str = Field(min_length=1, max_length=80)
    count: int = Field(1, ge=1, le=500)
    followers: int = Field(1_500, ge=0)
    zone: str = "Europe/Helsinki"
    person: str | None = None
    tasks: list[Task] | None = None
    with_profiles: bool = False
    portfolio: str = Field("", max_length=80)


class NewProfile(Input):
    """A profile for a Page that has none."""

    page: str
    username: str = Field("", max_length=30, pattern=r"^[a-z0-9._]*$")
    followers: int = Field(900, ge=0)


class SetFollowers(Input):
    """How many follow a Page or a profile from now on."""

    place: str
    followers: int = Field(ge=0)


class NewPerson(Input):
    """Somebody new. page: one on which the person has all tasks; app_role: in the program, "" for none."""

    name: str = Field(min_length=1, max_length=80)
    page: str = ""
    app_role: Literal["administrators", "developers", "testers", ""] = "administrators"


class NewPortfolio(Input):
    """A business portfolio with Pages that are there. people None: the first alone. They get every task on
    its Pages unless they have some, and have these only through it."""

    name: str = Field(min_length=1, max_length=80)
    people: list[str] | None = None
    owned: list[str] = Field(default_factory=list)
    clients: list[str] = Field(default_factory=list)


class SetRole(Input):
    """tasks None: the person has no role on the Page any more."""

    page: str
    person: str | None = None
    tasks: list[Task] | None


class SetPermissions(Input):
    """Permission names to granted or declined."""

    person: str | None = None
    permissions: dict[str, Literal["granted", "declined"]]


class EndTokens(Input):
    """Whose tokens die, with which subcode of 190; none given: everybody's."""

    subcode: Subcode = 460
    person: str | None = None
    page: str | None = None


class MakeToken(Input):
    """A long-lived token without the dialog, for tests."""

    page: str
    person: str | None = None


class SetOrigins(Input):
    """Where pictures may be fetched from beside the app's own address: only from this very machine."""

    origins: list[str]


class SetOutage(Input):
    """The whole network is away: closed = every line is cut without an answer, http_503 = it says so.
    seconds: for so long on the practice clock; None: until it is ended."""

    way: Literal["closed", "http_503"] = "closed"
    seconds: float | None = Field(None, gt=0)


class SetLimit(Input):
    """Calls on a Page or a profile are refused for so many minutes. page None: calls on neither; code None:
    the place's own, 80001 or 80002."""

    page: str | None = None
    minutes: float = Field(15, gt=0)
    code: Literal[4, 17, 32, 613, 80001, 80002] | None = None


class Reset(Input):
    """behaviour: switches and script; world: everything but the clock."""

    what: Literal["behaviour", "world"] = "behaviour"


def person_of(world: World, person: str | None) -> Person:
    """The person with an id; None: the first. Raises ValueError."""
    found = world.people.get(person) if person else next(iter(world.people.values()))
    if found is None:
        raise ValueError(f"there is no person {person}")
    return found


def page_of(world: World, page: str) -> Page:
    """The Page with an id. Raises ValueError."""
    if page not in world.pages:
        raise ValueError(f"there is no Page {page}")
    return world.pages[page]


def set_switches(world: World, given: SetSwitches) -> dict[str, Any]:
    """Returns the switches in force."""
    if given.page is not None and given.page not in world.profiles:
        page_of(world, given.page)
    world.faults.set(given.switches, given.page)
    world.save_faults()
    return world.faults.of(given.page).model_dump()


def forward(world: World, given: Forward) -> dict[str, Any]:
    """Move the clock. Returns its time."""
    span = timedelta(days=given.days, hours=given.hours, minutes=given.minutes, seconds=given.seconds)
    world.forward(span.total_seconds())
    return {"now": world.now().isoformat(), "ahead_seconds": world.offset.total_seconds()}


def add_pages(world: World, given: NewPages) -> dict[str, Any]:
    """Returns their ids, and those of their profiles."""
    person, profiles = person_of(world, given.person), []
    ids = []
    for n in range(given.count):
        name = given.name if given.count == 1 else f"{given.name} {n + 1}"
        new = Page(id=_new_id(world), name=name, followers=given.followers, zone=given.zone)
        world.add_page(new)
        person.roles[new.id] = list(ALL_TASKS if given.tasks is None else given.tasks)
        ids.append(new.id)
        if given.with_profiles:
            profiles.append(add_profile(world, NewProfile(page=new.id))["profile"])
    world.save(person)
    if given.portfolio:
        add_portfolio(world, NewPortfolio(name=given.portfolio, people=[person.id], owned=ids))
    return {"pages": ids, "profiles": profiles}


def add_profile(world: World, given: NewProfile) -> dict[str, Any]:
    """Returns its id. Raises ValueError."""
    page = page_of(world, given.page)
    if world.profile_of(page.id):
        raise ValueError("the Page has a profile already")
    seq = world.next_seq()
    profile = Profile(
        id=str(17_841_400_000_000_600 + seq),
        page_id=page.id,
        username=given.username or f"{page.name.split()[0].lower()}.{seq}",
        name=page.name,
        biography=page.about,
        followers=given.followers,
    )
    world.save(profile)
    return {"profile": profile.id}


def set_followers(world: World, given: SetFollowers) -> dict[str, Any]:
    """Returns the count. Raises ValueError."""
    place = world.profiles.get(given.place) or page_of(world, given.place)
    place.followers = given.followers
    world.save(place)
    return {"followers": place.followers}


def _new_id(world: World) -> str:
    return str(100_200_300_400_600 + world.next_seq())


def add_person(world: World, given: NewPerson) -> dict[str, Any]:
    """Returns the id. Raises ValueError."""
    roles = {page_of(world, given.page).id: list(ALL_TASKS)} if given.page else {}
    person = Person(
        id=str(122_093_000_000_100 + world.next_seq()), name=given.name, roles=roles, app_role=given.app_role
    )
    world.save(person)
    return {"person": person.id}


def add_portfolio(world: World, given: NewPortfolio) -> dict[str, Any]:
    """Returns its id. Raises ValueError."""
    people = [person_of(world, one) for one in given.people] if given.people else [person_of(world, None)]
    held = [page_of(world, page).id for page in (*given.owned, *given.clients)]
    for person in people:
        for page in held:
            person.roles.setdefault(page, list(ALL_TASKS))
        person.through = sorted({*person.through, *held})
        world.save(person)
    portfolio = Portfolio(
        id=str(202_400_000_000_100 + world.next_seq()),
        name=given.name,
        people=[person.id for person in people],
        owned=given.owned,
        clients=given.clients,
    )
    world.save(portfolio)
    return {"portfolio": portfolio.id}


def set_role(world: World, given: SetRole) -> dict[str, Any]:
    """Returns the person's roles."""
    person, page = person_of(world, given.person), page_of(world, given.page)
    person.roles.pop(page.id, None)
    if given.tasks is not None:
        person.roles[page.id] = list(given.tasks)
    world.save(person)
    return {"roles": person.roles}


def set_permissions(world: World, given: SetPermissions) -> dict[str, Any]:
    """Returns the person's permissions."""
    unknown = set(given.permissions) - set(PERMISSIONS)
    if unknown:
        raise ValueError(f"there is no permission {min(unknown)}")
    person = person_of(world, given.person)
    person.permissions.update(given.permissions)
    world.save(person)
    return {"permissions": person.permissions}


def end_tokens(world: World, given: EndTokens) -> dict[str, Any]:
    """Tokens made later live: signing in again heals. Returns how many ended."""
    return {"ended": tokens.end(world, given.subcode, given.person or "", given.page or "")}


def make_token(world: World, given: MakeToken) -> dict[str, Any]:
    """Returns the Page's token and the person's, with every permission granted."""
    person, page = person_of(world, given.person), page_of(world, given.page)
    if page.id not in person.roles:
        raise ValueError("the person has no role on that Page")
    oauth.grant(world, person, list(PERMISSIONS), [])
    user = tokens.user_token(world, person, long_lived=True)
    token = tokens.page_token(world, user, page.id)
    return {"access_token": token.value, "user_access_token": user.value, "person": person.id}


def set_origins(world: World, given: SetOrigins) -> dict[str, Any]:
    """Allow them until the network is started again. Returns all that are allowed. Raises ValueError."""
    found = {fetching.origin(one) for one in given.origins}
    if not all(fetching.is_loopback(one) for one in found):
        raise ValueError("pictures are fetched from this machine only")
    world.origins |= found
    return {"origins": sorted(world.origins)}


def set_outage(world: World, given: SetOutage) -> dict[str, Any]:
    """The network goes away. The control API stays."""
    until = None if given.seconds is None else world.now() + timedelta(seconds=given.seconds)
    world.outage = Outage(given.way, until)
    return {"way": given.way, "until": until.isoformat() if until else None}


def end_outage(world: World) -> dict[str, Any]:
    """The network is back."""
    world.outage = None
    return {"success": True}


def set_limit(world: World, given: SetLimit) -> dict[str, Any]:
    """Refuse calls from now on, as if the limit had been reached. Returns until when. Raises ValueError."""
    if given.page is not None and given.page not in world.profiles:
        page_of(world, given.page)
    usage = world.usage.setdefault(given.page or "", Usage())
    usage.refused_until = world.now() + timedelta(minutes=given.minutes)
    usage.code = given.code
    return {"until": usage.refused_until.isoformat()}


def reset(world: World, given: Reset) -> dict[str, Any]:
    """Back to calm, or to the very beginning."""
    if given.what == "world":
        world.start_over()
    else:
        world.calm()
    return {"success": True}
