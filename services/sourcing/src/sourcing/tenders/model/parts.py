"""What a tender has several of: versions, bidders, members of its team, questions of bidders."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from purveyor.authored import decided_by_another
from purveyor.db import new_id
from sourcing.database import Base
from sourcing.tenders.rules.content import TenderContent
from sourcing.tenders.rules.team import Member, TeamRole


class TenderVersion(Base):
    """What a tender said from its publication or an amendment on; it never changes."""

    __tablename__ = "tender_version"
    __table_args__ = (
        CheckConstraint("edition > 0", name="edition"),
        decided_by_another("published_by_another", by="published_by"),
    )

    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"), primary_key=True)
    edition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[dict[str, Any]]
    closes_at: Mapped[datetime]
    why: Mapped[str | None] = mapped_column(Text)
    authors: Mapped[list[str]] = mapped_column(ARRAY(Text))
    published_by: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime]

    @property
    def says(self) -> TenderContent:
        """What it says."""
        return TenderContent.model_validate(self.content)


class TeamMember(Base):
    """Somebody of ours with a part in a tender."""

    __tablename__ = "tender_member"
    __table_args__ = (
        CheckConstraint("conflict IS NULL OR declared_at IS NOT NULL", name="conflict"),
        CheckConstraint("cardinality(roles) > 0", name="roles"),
        Index("ix_tender_member_person", "person", "tender_id"),
    )

    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"), primary_key=True)
    person: Mapped[str] = mapped_column(Text, primary_key=True)
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    named_by: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime | None]
    conflict: Mapped[str | None] = mapped_column(Text)
    opening_key: Mapped[bytes | None] = mapped_column(LargeBinary)

    def member(self) -> Member:
        """Return their part."""
        return Member(
            self.person,
            frozenset(map(TeamRole, self.roles)),
            has_declared=self.declared_at is not None,
            has_conflict=self.conflict is not None,
            key=self.opening_key,
        )


class Bidder(Base):
    """A supplier that may bid: invited by name, by exception, or because it is qualified."""

    __tablename__ = "tender_bidder"
    __table_args__ = (
        CheckConstraint("exception_reason IS NULL OR invited_by IS NOT NULL", name="exception"),
        Index("ix_tender_bidder_supplier_id", "supplier_id", "tender_id"),
    )

    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"), primary_key=True)
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"), primary_key=True)
    invited_by: Mapped[str | None] = mapped_column(Text)
    """Null for one that was not invited by name: the tender is open to all who qualify."""
    admitted_at: Mapped[datetime]
    round: Mapped[int] = mapped_column(server_default=text("1"))
    """The last round that it takes part in."""
    exception_reason: Mapped[str | None] = mapped_column(Text)
    confirmed_edition: Mapped[int | None]
    confirmed_at: Mapped[datetime | None]


class Enquiry(Base):
    """A question of a bidder; its answer goes to all, and nobody is told whose it was."""

    __tablename__ = "tender_enquiry"
    __table_args__ = (
        CheckConstraint("num_nonnulls(answer, answered_by, answered_at) IN (0, 3)", name="answered_wholly"),
        Index("ix_tender_enquiry_tender_id", "tender_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"))
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    question: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    number: Mapped[int | None]
    """Of those that were answered, in that order."""
    told_as: Mapped[str | None] = mapped_column(Text)
    """The question as all are shown it, where its own words would tell who asked."""
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
