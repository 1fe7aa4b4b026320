"""The organisation as HTTP takes and shows it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from procurement.postal import ADDRESS, PostalAddress, Registered
from purveyor.countries import Country
from purveyor.days import Day
from purveyor.texts import Code, Line, Name, Reference

LETTERHEAD: dict[str, Any] = {
    "legal_name": "Nordwind Antriebe GmbH",
    "address": ["Hafenstraße 12", "20457 Hamburg"],
    "country": "DE",
    "tax_number": "DE136695976",
}
ELECTRONIC: dict[str, Any] = {
    "endpoint": {"scheme": "9930", "value": "de136695976"},
    "registration": {"scheme": "0204", "value": "991-01484-64"},
    "address": ADDRESS,
    "contact": {"name": "Purchasing", "telephone": "+49 40 1234567", "email": "purchasing@example.com"},
}
VALID: dict[str, Any] = {"valid_from": "2020-01-01", "valid_to": None}
UNIT: dict[str, Any] = {"name": "Drives", "letterhead": LETTERHEAD, "electronic": ELECTRONIC} | VALID
CHARGED: dict[str, Any] = {"name": "Assembly", "business_unit": "drives"} | VALID
CENTRE: dict[str, Any] = CHARGED | {"manager": "mara"}
PROJECT: dict[str, Any] = {"name": "Hall 2", "business_unit": "drives"} | VALID | {"valid_to": "2027-12-31"}


class Letterhead(BaseModel):
    """Who a business unit is on documents to suppliers."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [LETTERHEAD]})

    legal_name: Name
    address: list[Line] = Field(min_length=1, max_length=6, description="Its lines, without the country")
    country: Country
    tax_number: Reference | None = Field(default=None, description="As it is printed, with its country")


class PartContact(BaseModel):
    """Whom suppliers ask: a desk rather than a person, as it stands on every document."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    telephone: Line | None = None
    email: Line | None = None


class Electronic(BaseModel):
    """Who a business unit is where documents are exchanged by machines."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [ELECTRONIC]})

    endpoint: Registered = Field(description="Where it is sent documents: its Peppol participant, say")
    registration: Registered | None = Field(default=None, description="Its number in a register of companies")
    address: PostalAddress | None = None
    contact: PartContact | None = None


class _PartIn(BaseModel):
    name: Name
    valid_from: Day | None = Field(default=None, description="The first day on which it may be named")
    valid_to: Day | None = Field(default=None, description="The last day on which it may be named")


class BusinessUnitIn(_PartIn):
    """A business unit as the organisation states it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [UNIT]})

    letterhead: Letterhead | None = None
    electronic: Electronic | None = None


class ChargedIn(_PartIn):
    """A cost centre or a project as the organisation states it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [CHARGED]})

    business_unit: Annotated[Code | None, Field(description="Whom it is for; null: every unit")] = None


class CostCentreIn(ChargedIn):
    """A cost centre as the organisation states it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [CENTRE]})

    manager: Annotated[Code | None, Field(description="The person who answers for it; null: nobody")] = None


class BusinessUnit(BusinessUnitIn):
    """A part of the company that orders in its own name."""

    model_config = ConfigDict(
        extra="ignore", from_attributes=True, json_schema_extra={"examples": [{"code": "drives"} | UNIT]}
    )

    code: str


class CostCentre(CostCentreIn):
    """Where costs are collected."""

    model_config = ConfigDict(
        extra="ignore", from_attributes=True, json_schema_extra={"examples": [{"code": "4711"} | CENTRE]}
    )

    code: str


class Project(ChargedIn):
    """An undertaking with an end."""

    model_config = ConfigDict(
        extra="ignore", from_attributes=True, json_schema_extra={"examples": [{"code": "P-17"} | PROJECT]}
    )

    code: str
