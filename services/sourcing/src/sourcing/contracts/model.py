"""A contract: what it says now, what it said, who signed it, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, Uuid, column, text
from sqlalchemy import Sequence as DatabaseSequence
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from purveyor.authored import Authored
from purveyor.changes import Changing
from purveyor.duties import with_author
from purveyor_messaging.outbox import Aggregate
from sourcing.contracts.rules.content import ContractContent, ContractKind
from sourcing.contracts.rules.states import ContractMove, ContractStatus, moved
from sourcing.contracts.rules.term import Standing, reaching
from sourcing.database import Base

NUMBER = DatabaseSequence("contract_number", metadata=Base.metadata)
NOBODY = text("'{}'")


def contract_number(serial_number: int) -> str:
    """Return a contract's number for people, such as C-000042."""
    return f"C-{serial_number:06d}"


class ContractVersion(Base):
    """What a contract said from a day on; it never changes."""

    __tablename__ = "contract_version"
    __table_args__ = (
        CheckConstraint("edition > 0", name="edition"),
        CheckConstraint("NOT (signers && authors)", name="signed_by_others"),
    )

    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    edition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[dict[str, Any]]
    in_force_from: Mapped[date]
    why: Mapped[str | None] = mapped_column(Text)
    authors: Mapped[list[str]] = mapped_column(ARRAY(Text))
    signers: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Nobody signs one by which a contract goes on by itself: those did who signed that it may."""
    kept_at: Mapped[datetime]


class Contract(Aggregate, Authored, Changing, Base):
    """What was agreed with a supplier."""

    __tablename__ = "contract"
    __table_args__ = (
        CheckConstraint(column("status", Text).in_(ContractStatus), name="status"),
        CheckConstraint(column("kind", Text).in_(ContractKind), name="kind"),
        CheckConstraint("starts_on <= ends_on", name="term"),
        CheckConstraint("supplier_id = ANY (parties)", name="parties"),
        CheckConstraint("NOT (signers && authors)", name="signed_by_others"),
        CheckConstraint("NOT (signers && supplier_authors)", name="signed_by_others_than_the_suppliers"),
        CheckConstraint("NOT (amendment_signers && amendment_authors)", name="amended_by_others"),
        CheckConstraint("edition = 0 OR cardinality(signers) >= 2", name="signed_by_two"),
        CheckConstraint("num_nonnulls(amendment, amendment_why) IN (0, 2)", name="amendment"),
        CheckConstraint("(status = 'suspended') = (suspended_reason IS NOT NULL)", name="suspended"),
        CheckConstraint("(status IN ('expired', 'terminated')) = (ended_on IS NOT NULL)", name="ended"),
        Index("ix_contract_status_id", "status", "id"),
        Index("ix_contract_kind_id", "kind", "id"),
        Index("ix_contract_supplier_id_id", "supplier_id", "id"),
        Index("ix_contract_ends_on_id", "ends_on", "id"),
        Index("ix_contract_parties", "parties", postgresql_using="gin"),
        Index("ix_contract_changed_in", "changed_in", "id"),
    )

    serial_number: Mapped[int] = mapped_column(BigInteger, server_default=NUMBER.next_value(), unique=True)
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    parties: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    """The supplier, and the companies of its group that deliver on it too."""
    award_id: Mapped[UUID | None]
    """The award that it came of; null: it was agreed by hand."""
    status: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    content: Mapped[dict[str, Any]]
    edition: Mapped[int] = mapped_column(default=0)
    supplier_authors: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NOBODY)
    """Who made its supplier what it is, as of its signing."""
    signers: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NOBODY)
    amendment: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    amendment_why: Mapped[str | None] = mapped_column(Text)
    amendment_authors: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NOBODY)
    amendment_signers: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NOBODY)
    returned_reason: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    notice_given_on: Mapped[date | None]
    notice_by_supplier: Mapped[bool | None]
    told_days_before: Mapped[int | None]
    suspended_reason: Mapped[str | None] = mapped_column(Text)
    suspended_reason_for_supplier: Mapped[str | None] = mapped_column(Text)
    ended_on: Mapped[date | None]
    ended_reason: Mapped[str | None] = mapped_column(Text)
    ended_reason_for_supplier: Mapped[str | None] = mapped_column(Text)

    @property
    def number(self) -> str:
        """Its number for people, such as C-000042."""
        return contract_number(self.serial_number)

    @property
    def stands(self) -> ContractStatus:
        """Where it stands."""
        return ContractStatus(self.status)

    @property
    def says(self) -> ContractContent:
        """What it says now."""
        return ContractContent.model_validate(self.content)

    @property
    def proposed(self) -> ContractContent | None:
        """What somebody proposes that it says next."""
        return None if self.amendment is None else ContractContent.model_validate(self.amendment)

    @property
    def reach(self) -> ContractContent:
        """What it says, to the last day to which it may go on by itself."""
        return reaching(self.says, notice_given=self.notice_given_on is not None)

    def standing(self) -> Standing:
        """Return as much of it as days ask."""
        return Standing(self.stands, self.says, self.notice_given_on is not None, self.told_days_before)

    def expect_possible(self, move: ContractMove) -> ContractStatus:
        """Return the status that a move leads to; raises ConflictError naming what is possible instead."""
        return moved(self.number, self.stands, move)

    def move(self, move: ContractMove) -> None:
        """Do to it what its status allows."""
        self.status = self.expect_possible(move).value

    def state(self, content: ContractContent) -> None:
        """Let it say this from now on."""
        self.content = content.model_dump(mode="json", exclude_none=True)
        self.title, self.kind, self.currency = content.title, content.kind.value, content.currency
        self.starts_on, self.ends_on = content.starts_on, content.ends_on
        self.parties = list(dict.fromkeys((self.supplier_id, *content.affiliates)))

    def propose(self, content: ContractContent, why: str, by: str) -> None:
        """Keep what it is to say next, until others have signed that."""
        self.amendment, self.amendment_why = content.model_dump(mode="json", exclude_none=True), why
        self.amendment_authors = with_author(self.amendment_authors or (), by)
        self.amendment_signers = []

    def drop_amendment(self) -> None:
        """Forget what it was to say next."""
        self.amendment = self.amendment_why = None
        self.amendment_authors, self.amendment_signers = [], []

    def next_version(
        self, day: date, at: datetime, why: str | None, authors: Sequence[str], signers: Sequence[str]
    ) -> ContractVersion:
        """Return what it says now as the version that is in force from a day on."""
        self.edition += 1
        return ContractVersion(
            contract_id=self.id,
            edition=self.edition,
            content=self.content,
            in_force_from=day,
            why=why,
            authors=list(authors),
            signers=list(signers),
            kept_at=at,
        )

    def end(self, on: date, reason: str | None, told: str | None) -> None:
        """Let nothing be bought by it any more."""
        self.ended_on, self.ended_reason, self.ended_reason_for_supplier = on, reason, told
        self.suspended_reason = self.suspended_reason_for_supplier = None
        self.drop_amendment()
