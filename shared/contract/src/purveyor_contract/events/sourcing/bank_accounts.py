"""Events of sourcing. Stream `sourcing.bank-accounts`, keyed by supplier.

By supplier and not by account: one account takes another's place, and a change holds the payments of both.
Told apart, what ends could arrive after what begins, and for a while two would be paid, or none.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from purveyor_messaging.audience import RESTATED, Told, tells
from purveyor_messaging.envelope import Event, Restated

REASON = "For our own people: no supplier is shown it"


class BankAccountEvent(Event):
    """Something that happened to where a supplier is paid; no event says an account's number."""

    service: ClassVar[str] = "sourcing"
    topic: ClassVar[str] = "sourcing.bank-accounts"
    key_field: ClassVar[str] = "supplier_id"

    supplier_id: UUID


class BankAccountChangeRequested(BankAccountEvent):
    """Somebody asks to pay a supplier elsewhere: hold its payments in this currency until that is settled."""

    to_supplier: ClassVar[Told] = tells(
        "supplier_id", "change_id", "kind", "account_id", "replaces_id", "currency", "masked", "by_supplier"
    )

    change_id: UUID
    kind: Literal["new", "replace", "end"] = Field(examples=["replace"])
    account_id: UUID = Field(description="What would be paid to; of an end, what would not be any more")
    replaces_id: UUID | None = Field(description="The account that would not be paid to any more")
    currency: str = Field(description="ISO 4217", examples=["EUR"])
    country: str = Field(description="Where the account is: ISO 3166-1 alpha-2", examples=["DE"])
    masked: str = Field(description="What is shown of its number", examples=["DE****3000"])
    digest: str = Field(
        description="Of the number, keyed: the same for the same account, until sourcing's key changes",
        examples=["6f1ed002ab5595859014ebf0951522d96f1ed002ab5595859014ebf0951522d9"],
    )
    warnings: tuple[str, ...] = Field(
        default=(), description="What speaks against it", examples=[["holder_differs"]]
    )
    requested_by: str = Field(examples=["bob.buyer"])
    by_supplier: bool = Field(description="Whether the supplier asked, with its own token")


class BankAccountVerified(BankAccountEvent):
    """Somebody who had not asked for it called the supplier, which said that it is right."""

    to_supplier: ClassVar[Told] = tells("supplier_id", "change_id", "account_id", "pays_from")

    change_id: UUID
    account_id: UUID
    pays_from: date = Field(description="The day from which on it holds; until then it can still be rejected")
    sealed: str | None = Field(
        description="All of the account, for procurement's key alone: JWE (RFC 7516), ECDH-ES and A256GCM;"
        " null when an account ends",
        examples=["eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTI1NkdDTSIsImtpZCI6IjIwMjYtMTEifQ..…"],
    )
    verified_by: str = Field(examples=["anna.payable"])
    called_at: datetime = Field(examples=["2026-11-20T10:15:00Z"])


class BankAccountRejected(BankAccountEvent):
    """A change comes to nothing; what was paid to before is paid to again."""

    to_supplier: ClassVar[Told] = tells("supplier_id", "change_id", "account_id", "reason_for_supplier")

    change_id: UUID
    account_id: UUID
    reason: str = Field(description=REASON, examples=["the supplier knows nothing of it"])
    reason_for_supplier: str | None = Field(
        default=None,
        description="What the supplier is told of why; null: nothing",
        examples=["you told us on the phone that you have not asked for it"],
    )
    rejected_by: str = Field(examples=["anna.payable"])


class BankAccountActivated(BankAccountEvent):
    """From now on a supplier is paid to this account in its currency, and to no other."""

    to_supplier: ClassVar[Told] = tells("supplier_id", "change_id", "account_id", "replaces_id", "currency")

    change_id: UUID
    account_id: UUID
    replaces_id: UUID | None = Field(description="The account that is not paid to any more")
    currency: str = Field(examples=["EUR"])
    active_from: date


class BankAccountEnded(BankAccountEvent):
    """A supplier is not paid to this account any more, and to no other in its currency."""

    to_supplier: ClassVar[Told] = tells("supplier_id", "change_id", "account_id", "currency", "ended_on")

    change_id: UUID
    account_id: UUID
    currency: str = Field(examples=["EUR"])
    ended_on: date


class BankAccountsRestated(Restated, BankAccountEvent):
    """A supplier's bank accounts were told again after sourcing lost events; only the events in here hold."""

    to_supplier: ClassVar[Told] = tells("supplier_id", *RESTATED)
