"""The life of a post's content. Whether it is public is told by its publications, never here."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from app.domain.contents import Contents
from app.domain.errors import Conflict, Fault


class PostStatus(StrEnum):
    """Where the editorial work on a post is."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class Tone(StrEnum):
    """Informative: what, where, when. Human: how, why, what do we feel."""

    INFORMATIVE = "informative"
    HUMAN = "human"


class ReviewKind(StrEnum):
    """One step of the talk about a revision."""

    SUBMITTED = "submitted"
    CORRECTED = "corrected_in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


ASKING = frozenset({ReviewKind.SUBMITTED, ReviewKind.CORRECTED})  # steps after which a yes is waited for

_S = PostStatus
MOVES: Mapping[PostStatus, frozenset[PostStatus]] = {
    _S.DRAFT: frozenset({_S.IN_REVIEW, _S.WITHDRAWN}),
    _S.IN_REVIEW: frozenset({_S.DRAFT, _S.APPROVED, _S.CHANGES_REQUESTED, _S.WITHDRAWN}),
    _S.CHANGES_REQUESTED: frozenset({_S.DRAFT, _S.IN_REVIEW, _S.WITHDRAWN}),
    _S.APPROVED: frozenset({_S.APPROVED, _S.DRAFT, _S.CHANGES_REQUESTED, _S.WITHDRAWN}),
    _S.WITHDRAWN: frozenset({_S.DRAFT}),
}


def check_move(old: PostStatus, new: PostStatus) -> None:
    """Nothing, when the step is legal. Raises Conflict."""
    if new not in MOVES[old]:
        raise Conflict("post_move", old=old, new=new)


def written_before(writers: Sequence[int]) -> int | None:
    """Who wrote before the latest writer. `writers`: of all revisions (ids of people), the newest first."""
    return next((writer for writer in writers if writer != writers[0]), None)


def missing_for_review(tone: Tone | None, contents: Contents) -> list[Fault]:
    """What a draft lacks before it can be sent to review; an empty list when nothing."""
    missing = []
    if tone is None:
        missing.append(Fault("tone_missing", "tone"))
    if contents.empty:
        missing.append(Fault("text_missing", "text"))
    return missing + contents.picture_faults()
