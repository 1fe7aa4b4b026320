"""A supplier as another system knew it: a row of an import."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from purveyor.countries import Country
from purveyor.days import Day
from purveyor.imported import MAIN, ImportKey, SourceKey, SourceSystem
from purveyor.texts import Code, GivenNumber, Reference
from sourcing.suppliers.rules.identifiers import Scheme
from sourcing.suppliers.views.stated import IdentifierStated, LegalName, SupplierDetails

Codes = Annotated[
    list[Code],
    Field(max_length=100, description="A list; in CSV separated by semicolons", examples=[["fasteners"]]),
    AfterValidator(lambda codes: sorted(set(codes))),
]


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

    source_system: SourceSystem = MAIN
    external_reference: Reference = Field(description="Its key in that system")
    legal_name: LegalName
    country: Country | None = None
    vat: GivenNumber | None = None
    lei: GivenNumber | None = None
    gln: GivenNumber | None = None
    duns: GivenNumber | None = None
    categories: Codes = Field(default=[], description="What it offers, beside what it is approved for")
    approved_categories: Codes = Field(default=[], description="None: it is registered only")
    approval_expires_on: Day | None = Field(default=None, description="The last day; absent: without end")
    registered_on: Day | None = Field(
        default=None, description="Needed beside `approved_categories`; absent: the day of the import"
    )

    @cached_property
    def key(self) -> ImportKey:
        """Its key, and what it says."""
        return ImportKey(SourceKey(self.source_system, self.external_reference), self)

    def details(self) -> SupplierDetails:
        """Return what the supplier is."""
        return SupplierDetails(
            legal_name=self.legal_name,
            country=self.country,
            identifiers=self.identifiers(),
            categories=[*self.categories, *self.approved_categories],
        )

    def identifiers(self) -> list[IdentifierStated]:
        """Return the numbers that the row states."""
        columns = {Scheme.VAT: self.vat, Scheme.LEI: self.lei, Scheme.GLN: self.gln, Scheme.DUNS: self.duns}
        return [
            IdentifierStated(scheme=scheme, value=value)
            for scheme, value in columns.items()
            if value is not None
        ]
