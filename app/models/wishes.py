"""Wishes: what people ask of a post that is out: another text, or that it is taken down."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.publications import Wish
from app.foundation.database import Base, Instant, Word


class PublicationWish(Base):
    """One wish; at most one of a publication is open. `by_hand`: the network does not do it, a person must.

    `revision_id`: the approved revision whose text shall stand there. `reason`: why the latest try failed.
    Of a comment: `remote_id`: its id at the network; `tried_at`: when it was sent without a clear answer;
    `absent_at`: when it was first seen not to be there since.
    """

    __tablename__ = "publication_wishes"

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publications.id"), index=True)
    kind: Mapped[Wish] = mapped_column(Word(Wish))
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime] = mapped_column(Instant)
    tries: Mapped[int] = mapped_column(default=0)
    by_hand: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(40), default="")
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    done: Mapped[bool] = mapped_column(default=False)
    remote_id: Mapped[str] = mapped_column(String(100), default="")
    tried_at: Mapped[datetime | None] = mapped_column(Instant)
    absent_at: Mapped[datetime | None] = mapped_column(Instant)
