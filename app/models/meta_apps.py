"""Meta apps: the app that a library registered at Meta, inherited by the units below."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.database import Base, Instant


class MetaApp(Base):
    """An app id and its sealed secret (place "meta_apps:<unit id>:secret")."""

    __tablename__ = "meta_apps"

    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    app_id: Mapped[str] = mapped_column(String(40))
    secret_sealed: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(Instant)

    @staticmethod
    def place(unit_id: int) -> str:
        """What the secret is sealed to."""
        return f"meta_apps:{unit_id}:secret"
