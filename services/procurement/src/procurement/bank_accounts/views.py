"""Bank accounts as HTTP shows them: masked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from procurement.bank_accounts.rules import AccountStatus

ACCOUNT: dict[str, Any] = {
    "id": "0199c3a1-5d20-7c11-8e42-6a1b0c9d7e01",
    "supplier_id": "0199c0de-0000-7000-8000-000000000001",
    "status": "active",
    "currency": "EUR",
    "country": "DE",
    "masked": "DE****3000",
    "active_from": "2026-11-22",
    "ended_on": "2027-04-01",
    "changed_at": "2026-11-22T06:00:00Z",
}


class SupplierBankAccount(BaseModel):
    """Where a supplier is paid, as sourcing described it last."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [ACCOUNT]})

    id: UUID
    supplier_id: UUID
    status: AccountStatus
    currency: str = Field(description="ISO 4217")
    country: str = Field(description="Where the account is: ISO 3166-1 alpha-2")
    masked: str = Field(description="Its country and the last signs of its number")
    active_from: date | None = Field(description="The day from which on it is paid")
    ended_on: date | None = Field(description="The day from which on it is not paid any more")
    changed_at: datetime = Field(description="When procurement heard of the last change")


class PayableAccount(BaseModel):
    """Where a supplier may be paid in a currency on a day."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"account": ACCOUNT, "held_by": []}]})

    account: SupplierBankAccount | None = Field(
        description="What may be paid to; null while payments are held, or where nothing is verified"
    )
    held_by: list[UUID] = Field(description="The changes, not settled in sourcing, that hold payments")
