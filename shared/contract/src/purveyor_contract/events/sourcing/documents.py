"""Documents of suppliers, on the stream `sourcing.suppliers`: certificates, and when they end."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from purveyor_contract.events.sourcing.suppliers import FOR_SUPPLIER, REASON, SupplierEvent
from purveyor_messaging.audience import Told, tells

OF_DOCUMENT = (
    "supplier_id",
    "document_id",
    "type",
    "name",
    "number",
    "issuer",
    "scope",
    "site",
    "valid_from",
    "valid_to",
)
"""What a supplier is told of its own document."""


class DocumentEvent(SupplierEvent):
    """Something that happened to a document of a supplier."""

    document_id: UUID
    type: str = Field(description="The code of its type", examples=["iso-9001"])
    name: str = Field(description="What that type is called", examples=["ISO 9001"])
    number: str | None = Field(description="The number that its issuer gave it", examples=["12 100 48315"])
    issuer: str | None = Field(examples=["TÜV Süd"])
    scope: str | None = Field(description="What it is of", examples=["Manufacture of fasteners"])
    site: str | None = Field(description="The site that it is of; null: all", examples=["Plant Augsburg"])
    valid_from: date
    valid_to: date | None = Field(description="Its last day; null when it has none")


class DocumentSubmitted(DocumentEvent):
    """A document was submitted; it counts once somebody else accepts it."""

    to_supplier: ClassVar[Told] = tells(*OF_DOCUMENT)

    submitted_by: str = Field(examples=["sue"])
    by_supplier: bool = Field(description="Whether the supplier itself submitted it")


class DocumentAccepted(DocumentEvent):
    """A document was accepted; from its first day on it counts."""

    to_supplier: ClassVar[Told] = tells(*OF_DOCUMENT, "replaces")

    replaces: tuple[UUID, ...] = Field(description="Documents that do not count any more, as this one does")
    accepted_by: str = Field(examples=["quinn"])


class DocumentRefused(DocumentEvent):
    """A document was not accepted; the supplier may submit another."""

    to_supplier: ClassVar[Told] = tells(*OF_DOCUMENT, "reason_for_supplier")

    reason: str = Field(description=REASON, examples=["The signature is not the issuer's"])
    reason_for_supplier: str | None = FOR_SUPPLIER
    refused_by: str = Field(examples=["quinn"])


class DocumentWithdrawn(DocumentEvent):
    """A document does not count any more, whatever its dates."""

    to_supplier: ClassVar[Told] = tells(*OF_DOCUMENT, "reason_for_supplier")

    reason: str = Field(description=REASON, examples=["TÜV Süd has withdrawn it"])
    reason_for_supplier: str | None = FOR_SUPPLIER
    withdrawn_by: str = Field(examples=["quinn"])


class DocumentExpiring(DocumentEvent):
    """An accepted document ends soon, and none goes on after it: told 60, 30 and 7 days before, each once."""

    to_supplier: ClassVar[Told] = tells(*OF_DOCUMENT, "days_left", "stage")

    days_left: int = Field(description="Days from the day that this is of to its last one", examples=[60])
    stage: int = Field(description="Which reminder this is: 60, 30 or 7", examples=[60])
    categories: tuple[str, ...] = Field(
        description="What the supplier is approved for and requires it", examples=[["fasteners"]]
    )


class DocumentExpired(DocumentEvent):
    """An accepted document has ended, and none goes on after it.

    What may not be ordered therefore is told by `SupplierBlocked`.
    """

    to_supplier: ClassVar[Told] = tells(*OF_DOCUMENT)

    categories: tuple[str, ...] = Field(
        description="What the supplier is approved for and requires it", examples=[["fasteners"]]
    )
