"""A row of a supplier import."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from purveyor.http.imports import digest_of
from sourcing.suppliers.details import Code, Country, IdentifierStated, Name, Reference
from sourcing.suppliers.identifiers import Scheme


def _split(value: Any) -> Any:
    return [part for part in value.split(";") if part.strip()] if isinstance(value, str) else value


Codes = Annotated[
    list[Code],
    Field(max_length=100, description="A list; in CSV separated by semicolons", examples=[["fasteners"]]),
    BeforeValidator(_split),
    AfterValidator(lambda codes: sorted(set(codes))),
]
Number = Annotated[str, Field(min_length=1, max_length=64)]


class SupplierRow(BaseModel):
    """A supplier as another system knew it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "external_reference": "V-10042",
                    "legal_name": "Muster Schrauben GmbH",
                    "country": "DE",
                    "vat": "DE136695976",
                    "approved_categories": ["fasteners"],
                    "approval_expires_on": "2027-12-31",
                    "registered_on": "2019-04-01",
                }
            ]
        },
    )

    external_reference: Reference = Field(description="Its key in that system")
    legal_name: Name
    country: Country | None = None
    vat: Number | None = None
    lei: Number | None = None
    gln: Number | None = None
    duns: Number | None = None
    categories: Codes = Field(default=[], description="What it offers, beside what it is approved for")
    approved_categories: Codes = Field(default=[], description="None: it is registered only")
    approval_expires_on: date | None = Field(default=None, description="The last day; absent: without end")
    registered_on: date | None = Field(default=None, description="Absent: the day of the import")

    def identifiers(self) -> list[IdentifierStated]:
        """Return the numbers that the row states."""
        columns = {Scheme.VAT: self.vat, Scheme.LEI: self.lei, Scheme.GLN: self.gln, Scheme.DUNS: self.duns}
        return [
            IdentifierStated(scheme=scheme, value=value)
            for scheme, value in columns.items()
            if value is not None
        ]

    def digest(self) -> bytes:
        """Return what tells this row from another; a column added later does not change it while absent."""
        return digest_of(self)
