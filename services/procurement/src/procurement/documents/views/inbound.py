"""Documents that came in, as HTTP shows them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from procurement.documents.model import InboundDocument as Document
from procurement.documents.rules.inbound import DocumentStatus, allowed_actions
from procurement.documents.rules.ubl.names import Kind

FOR_SUPPLIER: dict[str, Any] = {
    "id": "0199c0de-0000-7000-8000-0000000000d1",
    "status": "parked",
    "kind": "OrderResponse",
    "number": "AB-2026-117",
    "issued_on": "2026-03-03",
    "order_id": "0199c0de-0000-7000-8000-0000000000a1",
    "reason_code": "wrong_state",
    "reason": "An order that is closed is not acknowledged.",
    "result": None,
    "result_id": None,
    "received_at": "2026-03-03T08:15:00Z",
    "dismissed_at": None,
    "dismissal_reason_for_supplier": None,
    "size": 3004,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}
OURS: dict[str, Any] = FOR_SUPPLIER | {
    "supplier_id": "0199c0de-0000-7000-8000-000000000001",
    "sender_id": None,
    "seller": "Schraubenwerk Nord GmbH",
    "buyer": "Nordwind Antriebe GmbH",
    "received_on": "2026-03-03",
    "received_by": "bea",
    "dismissed_by": None,
    "dismissal_reason": None,
    "allowed_actions": ["retry", "dismiss"],
}


class InboundDocumentForSupplier(BaseModel):
    """A document as the supplier that sent it sees it; what is added here, suppliers learn."""

    model_config = ConfigDict(json_schema_extra={"examples": [FOR_SUPPLIER]})

    id: UUID
    status: DocumentStatus
    kind: Kind | None = Field(description="What it is; null when it could not be read")
    number: str | None = Field(description="What its sender calls it by")
    issued_on: date | None
    order_id: UUID | None = Field(description="The order that it speaks of first")
    reason_code: str | None = Field(description="Why it is parked, for machines")
    reason: str | None = Field(description="Why it is parked, and what would be right")
    result: str | None = Field(description="What came of it")
    result_id: UUID | None = Field(description="Its id; null when it only said that something was received")
    received_at: datetime
    dismissed_at: datetime | None
    dismissal_reason_for_supplier: str | None = Field(description="What the supplier is told of why")
    size: int = Field(description="Bytes", ge=0, le=2_000_000_000)
    sha256: str = Field(description="Of its bytes")

    @classmethod
    def of(cls, document: Document) -> Self:
        """Show a document."""
        own = {"sha256": document.sha256.hex(), "allowed_actions": allowed_actions(document.status)}
        return cls(
            **{name: own[name] if name in own else getattr(document, name) for name in cls.model_fields}
        )


class InboundDocument(InboundDocumentForSupplier):
    """A document that came in."""

    model_config = ConfigDict(json_schema_extra={"examples": [OURS]})

    supplier_id: UUID | None = Field(description="Whose order it speaks of, or whose token sent it")
    sender_id: UUID | None = Field(description="The supplier whose token sent it; null when our people did")
    seller: str | None = Field(description="Who it says that the supplier is")
    buyer: str | None = Field(description="Who it says that we are")
    received_on: date = Field(description="In UTC")
    received_by: str
    dismissed_by: str | None
    dismissal_reason: str | None
    allowed_actions: list[str] = Field(description="What can be done with it as it stands")
