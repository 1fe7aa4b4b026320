"""Brings suppliers over from another system, a row each, each of them once."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from purveyor.auth import Principal, requires
from purveyor.countries import Country
from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.errors import ConflictError, FieldError, InvalidError
from purveyor.http import bulk
from purveyor.http.bulk import BulkOutcome
from purveyor.imported import digest_of
from purveyor.texts import Code, Name, Reference
from purveyor_contract.roles import Role
from sourcing.suppliers import commands, store
from sourcing.suppliers.rules.identifiers import Scheme
from sourcing.suppliers.views.stated import IdentifierStated, SupplierDetails

router = APIRouter(prefix="/v1", tags=["imports"])


def _split(value: Any) -> Any:
    return [part for part in value.split(";") if part.strip()] if isinstance(value, str) else value


Codes = Annotated[
    list[Code],
    Field(max_length=100, description="A list; in CSV separated by semicolons", examples=[["fasteners"]]),
    BeforeValidator(_split),
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

    external_reference: Reference = Field(description="Its key in that system")
    legal_name: Name
    country: Country | None = None
    vat: Code | None = None
    lei: Code | None = None
    gln: Code | None = None
    duns: Code | None = None
    categories: Codes = Field(default=[], description="What it offers, beside what it is approved for")
    approved_categories: Codes = Field(default=[], description="None: it is registered only")
    approval_expires_on: Day | None = Field(default=None, description="The last day; absent: without end")
    registered_on: Day | None = Field(default=None, description="Absent: the day of the import")

    def identifiers(self) -> list[IdentifierStated]:
        """Return the numbers that the row states."""
        columns = {Scheme.VAT: self.vat, Scheme.LEI: self.lei, Scheme.GLN: self.gln, Scheme.DUNS: self.duns}
        return [
            IdentifierStated(scheme=scheme, value=value)
            for scheme, value in columns.items()
            if value is not None
        ]


@router.post("/suppliers:import", **bulk.route(SupplierRow))
async def import_suppliers(
    by: Annotated[Principal, requires("sourcing:import", Role.ADMIN)], rows: bulk.Bulk
) -> Response:
    """Import suppliers from another system, as NDJSON or CSV; the same rows again change nothing.

    A row with `approved_categories` becomes an approved supplier: that decision was taken elsewhere.
    """
    return await rows.answer(SupplierRow, import_supplier)


async def import_supplier(tx: Transaction, row: SupplierRow) -> BulkOutcome:
    """Register a supplier as it was registered elsewhere, and approved where it was approved there.

    The same row again changes nothing, whatever became of the supplier since; another row with the same
    reference is refused with ConflictError.
    """
    known = await store.by_external_reference(tx, row.external_reference, to_import=True)
    if known is not None:
        if known.import_digest == digest_of(row):
            return BulkOutcome("unchanged", known.id)
        raise ConflictError(
            "differs_from_import",
            f"Supplier {known.display_number} has the external reference {row.external_reference} and was "
            f"{'imported with other content' if known.imported else 'not imported'}; change it there.",
        )
    _expect_past(row.registered_on, tx.now.date())
    identifiers = row.identifiers()
    details = SupplierDetails(
        legal_name=row.legal_name,
        country=row.country,
        identifiers=identifiers,
        categories=[*row.categories, *row.approved_categories],
    )
    columns = {
        f"/identifiers/{position}/value": f"/{identifier.scheme.lower()}"
        for position, identifier in enumerate(identifiers)
    }
    try:
        supplier = await commands.register(
            tx,
            details,
            external_reference=row.external_reference,
            registered_on=row.registered_on,
            import_digest=digest_of(row),
        )
    except InvalidError as error:
        errors = [FieldError(columns.get(e.pointer, e.pointer), e.detail) for e in error.errors]
        raise InvalidError(error.code, error.detail, errors=errors) from error
    if row.approved_categories:
        commands.take_over_approval(tx, supplier, row.approved_categories, row.approval_expires_on)
    return BulkOutcome("created", supplier.id)


def _expect_past(registered_on: date | None, today: date) -> None:
    if registered_on is not None and registered_on > today:
        detail = f"{registered_on} is in the future."
        raise InvalidError("registered_in_future", detail, errors=[FieldError("/registered_on", detail)])
