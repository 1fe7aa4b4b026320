"""Where suppliers are paid: the account, the change that brings or ends it, and the stream of both."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, column, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from purveyor.changes import Changing
from purveyor.db import new_id
from purveyor_contract.events.sourcing.bank_accounts import (
    BankAccountActivated,
    BankAccountChangeRequested,
    BankAccountEnded,
    BankAccountEvent,
    BankAccountRejected,
    BankAccountVerified,
)
from sourcing.bank_accounts.rules.changes import (
    AccountStatus,
    ChangeKind,
    ChangeStatus,
    Move,
    expect_possible,
)
from sourcing.database import Base


class BankAccountFile(Base):
    """All of a supplier's accounts: what is locked to change any, and the counter of their stream."""

    __tablename__ = "bank_account_file"

    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(default=0)


class BankAccount(Changing, Base):
    """An account of a supplier; its number is encrypted, and shown by its last signs."""

    __tablename__ = "bank_account"
    __table_args__ = (
        CheckConstraint(column("status", Text).in_(AccountStatus), name="status"),
        CheckConstraint("status IN ('proposed', 'refused') OR active_from IS NOT NULL", name="active"),
        CheckConstraint("(status = 'ended') = (ended_on IS NOT NULL)", name="ended"),
        Index(
            "uq_bank_account_active",
            "supplier_id",
            "currency",
            unique=True,
            postgresql_where=text("status = 'active'"),
        ),
        Index("ix_bank_account_digest", "digest"),
        Index("ix_bank_account_supplier_id_id", "supplier_id", "id"),
        Index("ix_bank_account_status_id", "status", "id"),
        Index("ix_bank_account_keys", "key_id", "digest_key_id", "id"),
        Index("ix_bank_account_changed_in", "changed_in", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    status: Mapped[AccountStatus] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(String(3))
    country: Mapped[str] = mapped_column(String(2))
    is_iban: Mapped[bool]
    bank_code: Mapped[str | None] = mapped_column(Text)
    bic: Mapped[str | None] = mapped_column(Text)
    holder: Mapped[str] = mapped_column(Text)
    masked: Mapped[str] = mapped_column(Text)
    number: Mapped[bytes] = mapped_column(LargeBinary)
    key_id: Mapped[str] = mapped_column(Text(collation="C"))
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    digest_key_id: Mapped[str] = mapped_column(Text(collation="C"))
    active_from: Mapped[date | None]
    ended_on: Mapped[date | None]

    def end(self, on: date) -> None:
        """Pay to it no more."""
        self.status, self.ended_on = AccountStatus.ENDED, on


class BankAccountChange(Changing, Base):
    """A change that one person asks for, or the supplier, and another verifies by a call."""

    __tablename__ = "bank_account_change"
    __table_args__ = (
        CheckConstraint(column("kind", Text).in_(ChangeKind), name="kind"),
        CheckConstraint(column("status", Text).in_(ChangeStatus), name="status"),
        CheckConstraint("(kind = 'replace') = (replaces_id IS NOT NULL)", name="replaces"),
        CheckConstraint(
            "num_nulls(verified_by, verified_at, pays_from, call, number_entered_by) IN (0, 5)",
            name="verified_wholly",
        ),
        CheckConstraint("status NOT IN ('verified', 'done') OR verified_by IS NOT NULL", name="verified"),
        CheckConstraint("verified_by IS NULL OR verified_by <> requested_by", name="verified_by_another"),
        CheckConstraint(
            "number_entered_by IS NULL OR number_entered_by NOT IN (requested_by, verified_by)",
            name="number_entered_by_another",
        ),
        CheckConstraint("(status = 'rejected') = (rejected_by IS NOT NULL)", name="rejected"),
        Index(
            "uq_bank_account_change_open",
            "supplier_id",
            "currency",
            unique=True,
            postgresql_where=text("status IN ('requested', 'verified')"),
        ),
        Index("ix_bank_account_change_pays_from", "pays_from", postgresql_where=text("status = 'verified'")),
        Index("ix_bank_account_change_supplier_id_id", "supplier_id", "id"),
        Index("ix_bank_account_change_status_id", "status", "id"),
        Index("ix_bank_account_change_changed_in", "changed_in", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    kind: Mapped[ChangeKind] = mapped_column(Text)
    status: Mapped[ChangeStatus] = mapped_column(Text)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("bank_account.id"))
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("bank_account.id"))
    currency: Mapped[str] = mapped_column(String(3))
    reason: Mapped[str] = mapped_column(Text)
    warnings: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    first: Mapped[bool]
    requested_by: Mapped[str] = mapped_column(Text)
    by_supplier: Mapped[bool]
    requested_at: Mapped[datetime]
    verified_by: Mapped[str | None] = mapped_column(Text)
    verified_at: Mapped[datetime | None]
    pays_from: Mapped[date | None]
    policy_version: Mapped[int | None]
    call: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    number_entered_by: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    rejected_by: Mapped[str | None] = mapped_column(Text)
    rejected_at: Mapped[datetime | None]
    rejection_reason: Mapped[str | None] = mapped_column(Text)
    rejection_reason_for_supplier: Mapped[str | None] = mapped_column(Text)

    account: Mapped[BankAccount] = relationship(
        lazy="raise", innerjoin=True, foreign_keys=[account_id], viewonly=True
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # typed by SQLAlchemy

    def requested(self, account: BankAccount) -> BankAccountChangeRequested:
        """Return the event that holds payments."""
        return BankAccountChangeRequested(
            supplier_id=self.supplier_id,
            change_id=self.id,
            kind=self.kind.value,
            account_id=account.id,
            replaces_id=self.replaces_id,
            currency=self.currency,
            country=account.country,
            masked=account.masked,
            digest=account.digest.hex(),
            warnings=tuple(self.warnings),
            requested_by=self.requested_by,
            by_supplier=self.by_supplier,
        )

    def verify(
        self, by: str, at: datetime, pays_from: date, called_at: datetime, sealed: str | None
    ) -> BankAccountVerified:
        """Note that another has called; what it rests on is noted beside."""
        expect_possible(ChangeStatus(self.status), Move.VERIFY)
        self.status = ChangeStatus.VERIFIED
        self.verified_by, self.verified_at, self.pays_from = by, at, pays_from
        return BankAccountVerified(
            supplier_id=self.supplier_id,
            change_id=self.id,
            account_id=self.account_id,
            pays_from=pays_from,
            sealed=sealed,
            verified_by=by,
            called_at=called_at,
        )

    def reject(
        self, account: BankAccount, reason: str, told: str | None, by: str, at: datetime
    ) -> BankAccountRejected:
        """Let it come to nothing, with the account that it brought."""
        expect_possible(ChangeStatus(self.status), Move.REJECT)
        self.status, self.rejected_by, self.rejected_at = ChangeStatus.REJECTED, by, at
        self.rejection_reason, self.rejection_reason_for_supplier = reason, told
        if account.status == AccountStatus.PROPOSED:
            account.status = AccountStatus.REFUSED
        return BankAccountRejected(
            supplier_id=self.supplier_id,
            change_id=self.id,
            account_id=self.account_id,
            reason=reason,
            reason_for_supplier=told,
            rejected_by=by,
        )

    def carry_out(self, account: BankAccount, day: date) -> BankAccountEvent:
        """Pay to the account from a day on, what it replaces having ended; or to none any more."""
        self.status = ChangeStatus.DONE
        if self.kind == ChangeKind.END:
            account.end(day)
            return BankAccountEnded(
                supplier_id=self.supplier_id,
                change_id=self.id,
                account_id=account.id,
                currency=self.currency,
                ended_on=day,
            )
        account.status, account.active_from = AccountStatus.ACTIVE, day
        return BankAccountActivated(
            supplier_id=self.supplier_id,
            change_id=self.id,
            account_id=account.id,
            replaces_id=self.replaces_id,
            currency=self.currency,
            active_from=day,
        )
