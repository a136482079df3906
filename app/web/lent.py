"""Lent pictures: what a network fetches for a post, under an address that nobody guesses and that ends soon.

Nobody signs in here and no cookie is read; nothing else of the media folder can be reached.
"""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from app.errands import lend
from app.errands.ground import Ground

router = APIRouter(prefix=lend.PATH)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Robots-Tag": "noindex",
}


@router.api_route("/{token}.jpg", methods=["GET", "HEAD"])
def lent(request: Request, token: str) -> Response:
    """The picture, or 404 for every address that is wrong, past its time, or taken back."""
    ground: Ground = request.app.state.ground
    file = lend.lent(ground, token) if token.isascii() and len(token) < 100 else None
    if file is None:
        raise HTTPException(404)
    return FileResponse(file, media_type="image/jpeg", headers=_HEADERS)
