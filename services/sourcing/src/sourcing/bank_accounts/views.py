"""Bank accounts and their changes as answers show them: masked, but for who verifies one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.http.personal import personal
from sourcing.bank_accounts.model import BankAccount, BankAccountChange
from sourcing.bank_accounts.rules.changes import (
    MOVES,
    AccountStatus,
    ChangeKind,
    ChangeStatus,
    Move,
    Warned,
)
from sourcing.bank_accounts.rules.numbers import AccountNumber
from sourcing.suppliers.rules.phones import KnownPhone

SUPPLIER_ID, ACCOUNT_ID = "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10", "0199c3a1-5d20-7c11-8e42-6a1b0c9d7e01"
ACCOUNT: dict[str, Any] = {
    "id": ACCOUNT_ID,
    "supplier_id": SUPPLIER_ID,
    "status": "proposed",
    "currency": "EUR",
    "country": "DE",
    "masked": "DE****3000",
    "is_iban": True,
    "bank_code": None,
    "bic": "COBADEFFXXX",
    "holder": "Muster Schrauben GmbH",
    "active_from": None,
    "ended_on": None,
}
CHANGE_FOR_SUPPLIER: dict[str, Any] = {
    "id": "0199c3a1-5d20-7c11-8e42-6a1b0c9d7e02",
    "supplier_id": SUPPLIER_ID,
    "kind": "replace",
    "status": "requested",
    "account": ACCOUNT,
    "replaces_id": "0197b000-5d20-7c11-8e42-6a1b0c9d7e00",
    "by_supplier": True,
    "requested_at": "2026-11-20T09:30:00Z",
    "verified_at": None,
    "pays_from": None,
    "rejected_at": None,
    "reason_for_supplier": None,
}
CHANGE: dict[str, Any] = CHANGE_FOR_SUPPLIER | {
    "reason": "We have another bank since November",
    "warnings": ["country_differs"],
    "same_account_at": [],
    "requested_by": "sue.supplier",
    "verified_by": None,
    "call": None,
    "note": None,
    "policy_version": None,
    "rejected_by": None,
    "rejection_reason": None,
    "allowed_actions": ["verify", "reject"],
}
IN_FULL: dict[str, Any] = {
    "account_id": ACCOUNT_ID,
    "iban": "DE89370400440532013000",
    "number": None,
    "bank_code": None,
    "may_call": [{"number": "+49 89 1234567", "name": "Erika Muster", "known_since": "2024-02-01T08:00:00Z"}],
}


class BankAccountOut(BaseModel):
    """Where a supplier is paid; of its number the last signs."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [ACCOUNT]})

    id: UUID
    supplier_id: UUID
    status: AccountStatus
    currency: str = Field(description="ISO 4217; a supplier has one active account of each")
    country: str = Field(description="Where the account is: ISO 3166-1 alpha-2")
    masked: str = Field(description="Its country and the last signs of its number")
    is_iban: bool
    bank_code: str | None
    bic: str | None
    holder: str
    active_from: date | None = Field(description="The day from which on it is paid")
    ended_on: date | None = Field(description="The day from which on it is not paid any more")


class BankAccountChangeForSupplier(BaseModel):
    """A change of where a supplier is paid, as it is told of it."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [CHANGE_FOR_SUPPLIER]})

    id: UUID
    supplier_id: UUID
    kind: ChangeKind
    status: ChangeStatus
    account: BankAccountOut = Field(description="What would be paid; of an end, what would not be any more")
    replaces_id: UUID | None = Field(description="The account that would not be paid any more")
    by_supplier: bool = Field(description="Whether the supplier asked for it, with its own token")
    requested_at: datetime
    verified_at: datetime | None
    pays_from: date | None = Field(description="The day from which on it holds")
    rejected_at: datetime | None
    reason_for_supplier: str | None = Field(description="Why it was rejected")


class CallShown(BaseModel):
    """The call to the supplier by which a change was verified."""

    model_config = personal("call-backs")

    number: str
    name: str = Field(description="The contact that has the number")
    spoke_to: str
    at: datetime
    known_since: datetime = Field(description="Since when the number was known")


class BankAccountChangeOut(BankAccountChangeForSupplier):
    """A change of where a supplier is paid; payments are held until it is settled."""

    model_config = ConfigDict(json_schema_extra={"examples": [CHANGE]})

    reason: str
    warnings: list[Warned] = Field(description="What a verifier has to answer in a note")
    same_account_at: list[UUID] = Field(description="Other suppliers that have the same account, ten at most")
    requested_by: str
    verified_by: str | None
    call: CallShown | None
    note: str | None = Field(description="Why it was verified all the same")
    policy_version: int | None = Field(description="Of `bank-account-changes`, by which it was verified")
    rejected_by: str | None
    rejection_reason: str | None
    allowed_actions: list[Move]


class CallablePhone(BaseModel):
    """A number that the caller may verify by."""

    number: str
    name: str
    known_since: datetime


class BankAccountInFull(BaseModel):
    """What a verifier compares with what the supplier says, and at which numbers it is called."""

    model_config = ConfigDict(
        json_schema_extra=personal("bank accounts in full")["json_schema_extra"] | {"examples": [IN_FULL]}  # type: ignore[operator]
    )

    account_id: UUID
    iban: str | None
    number: str | None
    bank_code: str | None
    may_call: list[CallablePhone] = Field(
        description="Numbers known before the request, that neither who asked nor the caller entered"
    )


def shown(change: BankAccountChange, account: BankAccount, same_at: Sequence[UUID]) -> BankAccountChangeOut:
    """Return a change as our own people read it."""
    told = shown_to_supplier(change, account)
    own = ("reason", "warnings", "requested_by", "verified_by", "call", "note", "policy_version")
    return BankAccountChangeOut(
        **{name: getattr(told, name) for name in BankAccountChangeForSupplier.model_fields},
        **{name: getattr(change, name) for name in (*own, "rejected_by", "rejection_reason")},
        same_account_at=list(same_at),
        allowed_actions=list(MOVES[ChangeStatus(change.status)]),
    )


def shown_to_supplier(change: BankAccountChange, account: BankAccount) -> BankAccountChangeForSupplier:
    """Return a change as its supplier reads it."""
    names = BankAccountChangeForSupplier.model_fields.keys() - {"account", "reason_for_supplier"}
    return BankAccountChangeForSupplier(
        **{name: getattr(change, name) for name in names},
        account=BankAccountOut.model_validate(account),
        reason_for_supplier=change.rejection_reason_for_supplier,
    )


def in_full(account: BankAccount, number: AccountNumber, phones: Sequence[KnownPhone]) -> BankAccountInFull:
    """Return an account with its number, for who verifies it."""
    return BankAccountInFull(
        account_id=account.id,
        iban=number.number if number.is_iban else None,
        number=None if number.is_iban else number.number,
        bank_code=number.bank_code,
        may_call=[
            CallablePhone(number=phone.number, name=phone.name, known_since=phone.since) for phone in phones
        ],
    )
