"""Events of sourcing about suppliers' own people and what they propose. Stream `sourcing.suppliers`."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from purveyor_contract.events.sourcing.suppliers import FOR_SUPPLIER, REASON, SupplierEvent
from purveyor_messaging.audience import Told, tells

FIELDS = "`legal_name`, `country`, `identifiers`, `contacts`, `categories`, `sites`"


class SupplierAccessGranted(SupplierEvent):
    """Somebody acts for the supplier from now on: who runs the token issuer can put that into its tokens."""

    access_id: UUID
    subject: str = Field(description="Whom the issuer names so", examples=["erika.muster"])
    invitation_id: UUID


class SupplierAccessWithdrawn(SupplierEvent):
    """Somebody does not act for the supplier any more."""

    access_id: UUID
    subject: str = Field(examples=["erika.muster"])
    reason: str = Field(description=REASON, examples=["left the company"])
    withdrawn_by: str = Field(examples=["bo.buyer"])


class SupplierChangeProposed(SupplierEvent):
    """The supplier would have something of its record otherwise; nothing of it is so yet."""

    to_supplier: ClassVar[Told] = tells("supplier_id", "change_id", "fields")

    change_id: UUID
    fields: tuple[str, ...] = Field(description=FIELDS, examples=[["legal_name", "contacts"]])
    proposed_by: str = Field(examples=["erika.muster"])


class SupplierChangeTaken(SupplierEvent):
    """What the supplier proposed is its record now; `SupplierDetailsChanged` before it says what that is."""

    to_supplier: ClassVar[Told] = tells("supplier_id", "change_id", "fields")

    change_id: UUID
    fields: tuple[str, ...] = Field(description=FIELDS, examples=[["contacts"]])
    taken_by: str = Field(examples=["bo.buyer"])


class SupplierChangeReturned(SupplierEvent):
    """What the supplier proposed of one field was not taken."""

    to_supplier: ClassVar[Told] = tells("supplier_id", "change_id", "field", "reason_for_supplier")

    change_id: UUID
    field: str = Field(description=f"One of {FIELDS}", examples=["legal_name"])
    reason: str | None = Field(default=None, description=REASON, examples=["the register knows no such name"])
    reason_for_supplier: str | None = FOR_SUPPLIER
    returned_by: str = Field(examples=["bo.buyer"])
