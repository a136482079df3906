"""Looking around in the example library as one of its people. They are made up: nobody proves to be them.

What keeps this harmless:
- One comes in over the first link (whoever holds it may make the library itself), over a one-time link that
  the command line printed, or as an administrator of the real library; from then on the sign-in says so
  (`SignIn.how` is `EXAMPLE`), and only such a sign-in may go on as somebody else.
- Only people who exist in the example alone can be looked as, all of whose roles are in it. They can be given
  none elsewhere (`actions.people`), and the example is never connected to a real network
  (`actions.channels`).
- Where any channel of the installation is real, nobody comes in any more and nobody looks as somebody else.
- Siblings never see each other: a sign-in in the example reaches nothing outside of it.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.actions import sign_ins
from app.domain.errors import Conflict, NotFound
from app.domain.examples import State
from app.domain.roles import Right, Scope
from app.queries import examples

EXAMPLE = "example"  # how somebody signed in who looks around


def look_as(session: Session, person_id: int, agent: str, now: datetime) -> str:
    """A sign-in as one of the example's people; returns its token. `agent`: the browser's own name.

    Raises NotFound for anybody else and without a finished example, Conflict ("example_real").
    """
    check_open(session)
    if not examples.may_be(session, Scope(), person_id):
        raise NotFound
    return sign_ins.begin(session, person_id, agent, now, EXAMPLE)


def check_open(session: Session) -> None:
    """Nothing, while one may look around. Raises NotFound, Conflict ("example_real")."""
    standing = examples.standing(session, Scope())
    if standing is None or standing.state is not State.READY:
        raise NotFound
    if examples.has_real(session, Scope()):
        raise Conflict("example_real")


def may_keep(scope: Scope) -> bool:
    """Whether somebody may make and remove the example: who builds the tree of units, here or in it."""
    return bool(scope.units_with(Right.UNITS))
