"""Sealed bids, each version of which is kept, and bids as they were opened."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from purveyor_messaging.outbox import Aggregate
from sourcing.bids.rules.content import BidContent
from sourcing.database import Base


class SealedBid(Base):
    """A version of a bid as it was received, or that it was withdrawn; nobody reads it before the opening."""

    __tablename__ = "sealed_bid"
    __table_args__ = (
        CheckConstraint("num_nonnulls(content, wrapped, digest) IN (0, 3)", name="sealed_wholly"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("prices IS NULL OR content IS NOT NULL", name="prices_with_content"),
    )

    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"), primary_key=True)
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    prices: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The envelope of prices, where it is sealed apart."""
    edition: Mapped[int]
    received_at: Mapped[datetime]
    received_from: Mapped[str] = mapped_column(Text)


class OpenedBid(Aggregate, Base):
    """A bid as its tender's openers opened it."""

    __tablename__ = "opened_bid"
    __table_args__ = (
        UniqueConstraint("tender_id", "supplier_id"),
        CheckConstraint("counts = (why_not IS NULL)", name="counts"),
        CheckConstraint("content IS NOT NULL OR NOT counts", name="content"),
    )

    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"))
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    number: Mapped[int]
    received_at: Mapped[datetime]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    counts: Mapped[bool]
    why_not: Mapped[str | None] = mapped_column(Text)
    opened_at: Mapped[datetime]
    round: Mapped[int] = mapped_column(server_default=text("1"))
    """The last one that it was opened in."""
    initial: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """What it said in the first round, once it was opened in another."""

    @property
    def first(self) -> BidContent | None:
        """What it said in the first round."""
        return self.says if self.initial is None else BidContent.model_validate(self.initial)

    @property
    def says(self) -> BidContent | None:
        """What it says; None for one that could not be read."""
        return None if self.content is None else BidContent.model_validate(self.content)
