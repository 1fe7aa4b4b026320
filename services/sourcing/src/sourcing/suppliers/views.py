"""Suppliers as callers state and see them: their fields, checked one by one, and what answers show."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import phonenumbers
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    EmailStr,
    Field,
    StringConstraints,
)

from purveyor.countries import Country
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.identifiers import Scheme, canonical_gln
from sourcing.suppliers.rules.qualification import Move, Status, in_force

ONE_LINE = r"^[^\x00-\x1f\x7f]+$"

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=ONE_LINE)
]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=ONE_LINE)]
Reference = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=ONE_LINE)
]
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000, pattern=r"^[^\x00]+$"),
    Field(description="Kept with the supplier and in the audit record"),
]


def _can_be_dialled(number: str) -> str:
    """Refuse an international number that has no country's form; how a national one is read, nobody says."""
    if number.startswith("+"):
        try:
            possible = phonenumbers.is_possible_number(phonenumbers.parse(number))
        except phonenumbers.NumberParseException:
            possible = False
        if not possible:
            raise ValueError("not an international phone number (ITU-T E.164), such as +49 89 1234567")
    return number


def _each_once(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


Phone = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9][0-9 ()./-]{2,30}$"),
    AfterValidator(_can_be_dialled),
]
Categories = Annotated[
    list[Code], Field(max_length=200, examples=[["fasteners"]]), AfterValidator(_each_once)
]
Gln = Annotated[
    str,
    Field(description="GS1 global location number", examples=["4006381000017"]),
    AfterValidator(canonical_gln),
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class IdentifierStated(_Part):
    """A number by which others know the supplier, in any usual spelling."""

    scheme: Annotated[
        Scheme, BeforeValidator(lambda value: value.upper() if isinstance(value, str) else value)
    ]
    value: str = Field(min_length=1, max_length=64, examples=["DE136695976"])


class Contact(_Part):
    """A person or desk to write to."""

    name: Name = Field(examples=["Erika Muster"])
    email: EmailStr | None = Field(default=None, examples=["erika.muster@example.com"])
    phone: Phone | None = Field(default=None, examples=["+49 89 1234567"])
    role: Name | None = Field(default=None, examples=["sales"])


class SupplierSite(_Part):
    """A place that the supplier makes or sends goods from."""

    name: Name = Field(examples=["Plant Augsburg"])
    address: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)] = Field(
        pattern=r"^[^\x00]+$", examples=["Industriestraße 1, 86165 Augsburg"]
    )
    country: Country
    gln: Gln | None = None


class SupplierDetails(_Part):
    """What a supplier is: all of it is given at once, at registration and at every change."""

    legal_name: Name = Field(examples=["Muster Schrauben GmbH"])
    country: Country | None
    identifiers: list[IdentifierStated] = Field(default=[], max_length=50)
    contacts: list[Contact] = Field(default=[], max_length=100)
    categories: Categories = []
    sites: list[SupplierSite] = Field(default=[], max_length=500)

    def identifiers_as_written(self) -> list[tuple[Scheme, str]]:
        """Return the numbers that it states, in the order and spelling in which it does."""
        return [(identifier.scheme, identifier.value) for identifier in self.identifiers]


ID = "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10"
DETAILS: dict[str, Any] = {
    "legal_name": "Muster Schrauben GmbH",
    "country": "DE",
    "identifiers": [{"scheme": "VAT", "value": "DE136695976"}],
    "contacts": [{"name": "Erika Muster", "email": "erika.muster@example.com", "role": "sales"}],
    "categories": ["fasteners"],
    "sites": [{"name": "Plant Augsburg", "address": "Industriestraße 1, 86165 Augsburg", "country": "DE"}],
}


class IdentifierOut(BaseModel):
    """A number by which others know the supplier, in its one form."""

    scheme: str
    value: str


class ApprovalOut(BaseModel):
    """A category that the supplier was approved for."""

    category: str
    expires_on: date | None = Field(description="The last day; null: without end, as imported")
    in_force: bool = Field(description="Whether it has not expired; a suspension is shown by the status")
    approved_by: str
    approved_at: datetime


class ScoreOut(BaseModel):
    """What supplier performance says of it."""

    score: Decimal | None = Field(description="0 to 100; null: too little was due to tell")
    grade: str | None
    as_of: date


class OpenReview(BaseModel):
    """The review that waits for a decision."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    opened_at: datetime
    score: Decimal
    grade: str


class SupplierOut(BaseModel):
    """A supplier."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                DETAILS
                | {
                    "id": ID,
                    "number": "S-000042",
                    "status": "approved",
                    "status_reason": None,
                    "approvals": [
                        {
                            "category": "fasteners",
                            "expires_on": "2027-12-31",
                            "in_force": True,
                            "approved_by": "carla",
                            "approved_at": "2026-03-02T09:30:00Z",
                        }
                    ],
                    "score": {"score": "87.5", "grade": "B", "as_of": "2026-11-20"},
                    "open_review": None,
                    "external_reference": "V-10042",
                    "imported": False,
                    "registered_by": "bob",
                    "registered_at": "2026-03-01T08:00:00Z",
                    "registered_on": "2026-03-01",
                    "allowed_actions": ["approve", "suspend", "terminate"],
                }
            ]
        }
    )

    id: UUID
    number: str
    legal_name: str
    country: str | None = Field(description="Null only where an import did not know it")
    identifiers: list[IdentifierOut]
    contacts: list[Contact]
    categories: list[str] = Field(description="What it offers")
    sites: list[SupplierSite]
    status: Status
    status_reason: str | None = Field(description="Why it was rejected, suspended, reinstated or terminated")
    approvals: list[ApprovalOut]
    score: ScoreOut | None
    open_review: OpenReview | None
    external_reference: str | None
    imported: bool
    registered_by: str
    registered_at: datetime
    registered_on: date
    allowed_actions: list[Move] = Field(description="What may be done to it now: `POST …:<action>`")


class SupplierListed(BaseModel):
    """A supplier in a list."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": ID,
                    "number": "S-000042",
                    "legal_name": "Muster Schrauben GmbH",
                    "country": "DE",
                    "categories": ["fasteners"],
                    "approved_for": ["fasteners"],
                    "status": "approved",
                    "score": "87.5",
                    "grade": "B",
                    "external_reference": "V-10042",
                }
            ]
        }
    )

    id: UUID
    number: str
    legal_name: str
    country: str | None
    categories: list[str]
    approved_for: list[str] = Field(description="Categories whose approval has not expired")
    status: Status
    score: Decimal | None
    grade: str | None
    external_reference: str | None


def shown(supplier: Supplier, open_review: OpenReview | None, today: date) -> SupplierOut:
    """Return a supplier as it is read, with its open review.

    What was taken once is shown, whatever is asked of contacts and sites today.
    """
    return SupplierOut(
        id=supplier.id,
        number=supplier.display_number,
        legal_name=supplier.legal_name,
        country=supplier.country,
        identifiers=[IdentifierOut(scheme=i.scheme, value=i.value) for i in supplier.identifiers],
        contacts=[Contact.model_construct(**contact) for contact in supplier.contacts],
        categories=supplier.categories,
        sites=[SupplierSite.model_construct(**site) for site in supplier.sites],
        status=supplier.status,
        status_reason=supplier.status_reason,
        approvals=[
            ApprovalOut(
                category=approval.category,
                expires_on=approval.expires_on,
                in_force=in_force(approval.expires_on, today),
                approved_by=approval.approved_by,
                approved_at=approval.approved_at,
            )
            for approval in sorted(supplier.approvals, key=lambda approval: approval.category)
        ],
        score=None
        if supplier.scored_on is None
        else ScoreOut(score=supplier.score, grade=supplier.grade, as_of=supplier.scored_on),
        open_review=open_review,
        external_reference=supplier.external_reference,
        imported=supplier.imported,
        registered_by=supplier.registered_by,
        registered_at=supplier.registered_at,
        registered_on=supplier.registered_on,
        allowed_actions=list(supplier.allowed_actions),
    )


def listed(supplier: Supplier, today: date) -> SupplierListed:
    """Return a supplier as a list shows it."""
    return SupplierListed(
        id=supplier.id,
        number=supplier.display_number,
        legal_name=supplier.legal_name,
        country=supplier.country,
        categories=supplier.categories,
        approved_for=[approval.category for approval in supplier.approvals_in_force(today)],
        status=supplier.status,
        score=supplier.score,
        grade=supplier.grade,
        external_reference=supplier.external_reference,
    )
