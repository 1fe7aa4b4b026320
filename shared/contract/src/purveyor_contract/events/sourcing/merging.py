"""Suppliers that turned out to be one, or nobody, on the stream `sourcing.suppliers` of the one that ends."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from purveyor_contract.events.sourcing.suppliers import (
    FOR_SUPPLIER,
    REASON,
    SupplierEvent,
    SupplierIdentifier,
)
from purveyor_messaging.audience import Told, tells


class SuppliersMerged(SupplierEvent):
    """The supplier is the same company as another, and goes on as that one; this is the end of its stream.

    Whatever names it means the other from now on. What it delivered counts with what the other delivers;
    what is ordered of it is received. Nothing new is ordered of it. What the other gained by it, and what
    keeps from ordering from it, the other's own stream says: `SupplierDetailsChanged`, `SupplierBlocked`.
    """

    to_supplier: ClassVar[Told] = tells("supplier_id", "reason_for_supplier")

    number: str = Field(description="Of the supplier that ended", examples=["S-000043"])
    into_supplier_id: UUID = Field(
        description="Which supplier it is: one that may have ended so itself since"
    )
    into_number: str = Field(examples=["S-000042"])
    into_legal_name: str = Field(examples=["Nordwind Verbindungstechnik GmbH"])
    status_before: str = Field(
        description="Where it stood: one that was not ordered from does not become so by this",
        examples=["approved"],
    )
    reason: str = Field(description=REASON, examples=["entered twice: same register number"])
    reason_for_supplier: str | None = FOR_SUPPLIER
    merged_by: str = Field(examples=["carl.category"])


class SupplierWithdrawn(SupplierEvent):
    """The supplier was entered by mistake and never ordered from; its numbers may be another's now."""

    to_supplier: ClassVar[Told] = tells("supplier_id", "reason_for_supplier")

    number: str = Field(examples=["S-000043"])
    identifiers: tuple[SupplierIdentifier, ...] = Field(
        default=(), description="The numbers that it had: whoever has them now is another"
    )
    external_reference: str | None = Field(
        default=None, description="The key elsewhere that it had", examples=["V-20117"]
    )
    reason: str = Field(description=REASON, examples=["a customer, entered as a supplier"])
    reason_for_supplier: str | None = FOR_SUPPLIER
    withdrawn_by: str = Field(examples=["carl.category"])
