"""The opening of a tender: the key that seals, and each opener's share of the one that opens."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sourcing.database import Base


class OpeningShare(Base):
    """An opener's share: sealed for them alone; given back in the clear once the time has come."""

    __tablename__ = "tender_opening_share"
    __table_args__ = (CheckConstraint("given IS NULL OR given_at IS NOT NULL", name="given"),)

    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender_opening.tender_id"), primary_key=True)
    person: Mapped[str] = mapped_column(Text, primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    given: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Until as many are there as are needed, and no longer."""
    given_at: Mapped[datetime | None]


class Opening(Base):
    """How a tender's bids are sealed, and how many open them."""

    __tablename__ = "tender_opening"
    __table_args__ = (CheckConstraint("needed > 0", name="needed"),)

    tender_id: Mapped[UUID] = mapped_column(primary_key=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    needed: Mapped[int]
    shares: Mapped[list[OpeningShare]] = relationship(lazy="selectin", order_by=OpeningShare.person)

    def share_of(self, person: str) -> OpeningShare | None:
        """Return somebody's share; None for who is no opener."""
        return next((share for share in self.shares if share.person == person), None)
