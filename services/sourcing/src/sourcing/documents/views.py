"""Documents as they are shown and stated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.days import Day
from purveyor.texts import Code, Line, Name, Reference
from sourcing.documents.model import SupplierDocument
from sourcing.documents.rules import POSSIBLE, DocumentAction, DocumentStatus, Lack

TYPE: dict[str, Any] = {"name": "ISO 9001", "ends": True, "required_in": ["fasteners"]}
STATED: dict[str, Any] = {
    "type": "iso-9001",
    "file_id": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10",
    "number": "12 100 48315",
    "issuer": "TÜV Süd",
    "scope": "Manufacture of fasteners",
    "site": "Plant Augsburg",
    "valid_from": "2026-03-01",
    "valid_to": "2029-02-28",
}
SHOWN: dict[str, Any] = STATED | {
    "id": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a12",
    "supplier_id": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a11",
    "status": "accepted",
    "by_supplier": True,
    "submitted_at": "2026-03-02T09:30:00Z",
    "decided_at": "2026-03-03T10:00:00Z",
    "reason_for_supplier": None,
}


class DocumentTypeIn(BaseModel):
    """What is stated of a type of document."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [TYPE]})

    name: Name
    ends: bool = Field(default=True, description="Whether every document of it has a last day")
    required_in: list[Code] = Field(
        default=[],
        max_length=500,
        description="Categories that require one, with all that lies in them; what follows is a policy",
    )

    def content(self) -> dict[str, Any]:
        """Return what is kept of it."""
        return self.model_dump() | {"required_in": sorted(set(self.required_in))}


class DocumentType(BaseModel):
    """A type of document."""

    model_config = ConfigDict(
        from_attributes=True, json_schema_extra={"examples": [TYPE | {"code": "iso-9001"}]}
    )

    code: str
    name: str
    ends: bool
    required_in: list[str]


class DocumentIn(BaseModel):
    """A document that is submitted."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [STATED | {"supplier_id": SHOWN["supplier_id"]}]}
    )

    supplier_id: UUID
    type: Code = Field(description="The code of its type: GET /v1/document-types")
    file_id: UUID = Field(description="Its file, which was uploaded before: POST /v1/files")
    number: Reference | None = Field(default=None, description="The number that its issuer gave it")
    issuer: Name | None = None
    scope: Line | None = Field(default=None, description="What it is of")
    site: Name | None = Field(default=None, description="The site that it is of; left out: all")
    valid_from: Day
    valid_to: Day | None = Field(default=None, description="Its last day, which counts")

    def content(self) -> Mapping[str, Any]:
        """Return what is kept of it as it was stated."""
        return self.model_dump(exclude={"supplier_id", "type", "file_id"})


class SupplierDocumentForSupplier(BaseModel):
    """A document, as its supplier sees it."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [SHOWN]})

    id: UUID
    supplier_id: UUID
    type: str
    number: str | None
    issuer: str | None
    scope: str | None
    site: str | None
    valid_from: date
    valid_to: date | None
    file_id: UUID
    status: DocumentStatus
    by_supplier: bool = Field(description="Whether the supplier itself submitted it")
    submitted_at: datetime
    decided_at: datetime | None = Field(description="When it was accepted or refused")
    reason_for_supplier: str | None

    @classmethod
    def of(cls, document: SupplierDocument) -> Self:
        """Return what is shown of a document."""
        return cls.model_validate(document)


class SupplierDocumentOut(SupplierDocumentForSupplier):
    """A document of a supplier, and what may be done to it."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                SHOWN
                | {
                    "submitted_by": "sue",
                    "decided_by": "quinn",
                    "reason": None,
                    "allowed_actions": ["withdraw"],
                }
            ]
        },
    )

    submitted_by: str
    decided_by: str | None
    reason: str | None
    allowed_actions: list[DocumentAction]

    @classmethod
    def of(cls, document: SupplierDocument) -> Self:
        """Return what is shown of a document."""
        names = [name for name in cls.model_fields if name != "allowed_actions"]
        allowed = POSSIBLE[DocumentStatus(document.status)]
        return cls.model_validate(
            {name: getattr(document, name) for name in names} | {"allowed_actions": allowed}
        )


class RequiredDocument(BaseModel):
    """How a document stands that a supplier needs for what it is approved for."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "type": "iso-9001",
                    "categories": ["fasteners"],
                    "lack": "ended",
                    "document_id": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a12",
                    "valid_to": "2029-02-28",
                }
            ]
        },
    )

    type: str
    categories: list[str] = Field(description="Where it is approved and the document is required")
    lack: Lack = Field(description="`holds` today, has `ended`, or was `never_given`")
    document_id: UUID | None = Field(description="The one that holds, or the last one that did")
    valid_to: date | None


class RequiredDocuments(BaseModel):
    """How every document stands that a supplier needs."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "required": [
                        {
                            "type": "iso-9001",
                            "categories": ["fasteners"],
                            "lack": "never_given",
                            "document_id": None,
                            "valid_to": None,
                        }
                    ]
                }
            ]
        }
    )

    required: list[RequiredDocument]


class DocumentTypes(BaseModel):
    """Every type of document."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"types": [TYPE | {"code": "iso-9001"}]}]})

    types: list[DocumentType]
