"""Refusals in Meta's envelope (Meta, Graph API, error handling)."""

import secrets
from typing import Any

OAUTH = "OAuthException"
METHOD = "GraphMethodException"


class GraphError(Exception):
    """A refused call: what stands in the envelope and which HTTP status carries it."""

    def __init__(
        self,
        code: int,
        message: str,
        subcode: int | None = None,
        *,
        kind: str = OAUTH,
        status: int = 400,
        transient: bool = False,
        advice: str = "",
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.subcode = code, message, subcode
        self.kind, self.status, self.transient, self.advice = kind, status, transient, advice

    def body(self) -> dict[str, Any]:
        """The envelope, with a fresh fbtrace_id."""
        error: dict[str, Any] = {"message": self.message, "type": self.kind, "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        error["is_transient"] = self.transient
        if self.advice:
            error["error_user_title"] = "Practice network"
            error["error_user_msg"] = self.advice
        error["fbtrace_id"] = "A" + secrets.token_urlsafe(16)
        return {"error": error}


def bad(message: str) -> GraphError:
    """A bad parameter, code 100."""
    return GraphError(100, f"(#100) {message}")


def missing(node: str, method: str = "get") -> GraphError:
    """An object that does not exist or may not be seen: 100 with subcode 33, or 803 for a name."""
    if not node.replace("_", "").isdigit():
        return GraphError(803, f"(#803) Some of the aliases you requested do not exist: {node}", status=404)
    return GraphError(
        100,
        f"Unsupported {method} request. Object with ID '{node}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation.",
        33,
        kind=METHOD,
    )


class UploadTrouble(GraphError):
    """A refusal of the servers that take files (Meta, Instagram platform, resumable uploads)."""

    def __init__(self, kind: str, message: str, retriable: bool = False) -> None:
        super().__init__(-1, message, kind=kind)
        self.retriable = retriable

    def body(self) -> dict[str, Any]:
        """Their own envelope."""
        return {"debug_info": {"retriable": self.retriable, "type": self.kind, "message": self.message}}


TOKEN_WORDS = {
    458: "The user has not authorized the application.",
    459: "The session has been invalidated because the user needs to pass a security checkpoint.",
    460: "The session has been invalidated because the user changed their password.",
    463: "Session has expired.",
    464: "Sessions for the user are not allowed because the user is not a confirmed user.",
    467: "The access token is invalid.",
    492: "The user must be an administrator, editor, or moderator of the page.",
}


def token_error(subcode: int) -> GraphError:
    """Code 190 with one of its subcodes; HTTP 401."""
    words = TOKEN_WORDS.get(subcode, "The access token is invalid.")
    return GraphError(190, f"Error validating access token: {words}", subcode, status=401)


LIMIT_WORDS = {
    4: "(#4) Application request limit reached",
    17: "(#17) User request limit reached",
    32: "(#32) Page request limit reached",
    341: "(#341) Application limit reached",
    613: "(#613) Calls to this api have exceeded the rate limit.",
    80001: "(#80001) There have been too many calls to this Page account. Wait a bit and try again.",
    80002: "(#80002) There have been too many calls to this Instagram account. Wait a bit and try again.",
}


def limit_error(code: int) -> GraphError:
    """A rate limit: HTTP 400 like the rest, not 429 (Meta, Graph API, rate limits)."""
    return GraphError(code, LIMIT_WORDS.get(code, f"(#{code}) Request limit reached"), transient=True)


def blocked(on_instagram: bool = False) -> GraphError:
    """Blocked for policy: code 368, on Instagram 4 with its subcode."""
    if on_instagram:
        return GraphError(
            4,
            "Application request limit reached",
            2207051,
            status=403,
            advice="We restrict certain activity to protect our community.",
        )
    return GraphError(
        368,
        "The action attempted has been deemed abusive or is otherwise disallowed",
        advice="This Page is blocked from posting for a while.",
    )


def bad_image() -> GraphError:
    """A file that is no picture, or too large a one (Meta, Page photos)."""
    return GraphError(324, "(#324) Missing or invalid image file", advice="Your photos couldn't be uploaded.")


def not_fetched() -> GraphError:
    """An address behind which there is no picture (this and the following: Meta, Instagram error codes)."""
    return GraphError(
        9004,
        "Only photo or video can be accepted as media type.",
        2207052,
        advice="The media could not be fetched from this URI. The practice network only fetches from Kuliss.",
    )


def not_ready() -> GraphError:
    """A container that cannot be published now."""
    return GraphError(
        9007,
        "Media ID is not available",
        2207027,
        advice="The media is not ready for publishing, please wait for a moment",
    )


def container_gone() -> GraphError:
    """A container that never was or has expired."""
    return GraphError(
        24, "The requested resource does not exist", 2207008, advice="The media container does not exist."
    )


def fatal() -> GraphError:
    """An inner error of which nobody knows what it did."""
    return GraphError(-1, "Fatal", 2207085)


def quota_reached() -> GraphError:
    """The profile has published as much as it may in 24 hours."""
    return GraphError(
        9,
        "Application request limit reached",
        2207042,
        status=403,
        advice="You reached the maximum number of posts that programs may publish.",
    )


def bad_video(subcode: int, words: str, code: int = 352) -> GraphError:
    """A file that is no video, or not one for this place (Meta, Page videos)."""
    return GraphError(code, f"(#{code}) {words}", subcode, advice=words)


def upload_failed(subcode: int = 1363030) -> GraphError:
    """An upload that came to nothing; a new one may work."""
    return GraphError(
        6000,
        "(#6000) There was a problem uploading your video file. Please try again.",
        subcode,
        advice="Your video upload timed out before it could be completed.",
    )


def used_before(what: str) -> GraphError:
    """A photo or video that a published post or story has shown already (Meta, Page stories API)."""
    return GraphError(100, "Invalid parameter", 1366051, advice=f"This {what} was already posted.")
