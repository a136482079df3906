"""What errands stand on, for the requests that talk to a network."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from app.errands.ground import Ground


async def ground_of(request: Request) -> Ground:  # async: a look-up isn't worth a thread
    """The app's ground."""
    ground: Ground = request.app.state.ground
    return ground


Grounded = Annotated[Ground, Depends(ground_of)]
