"""Brings suppliers over from another system, a row each, each of them once."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from purveyor import proposals
from purveyor.auth import Principal, requires
from purveyor.countries import Country
from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError
from purveyor.http import bulk
from purveyor.http.bulk import BulkOutcome
from purveyor.http.proposals import ProposalId, imports_on
from purveyor.imported import ImportKey
from purveyor.proposals import Proposed
from purveyor.texts import Code, Reference
from purveyor_contract.roles import Role
from sourcing.suppliers import commands, store
from sourcing.suppliers.rules.identifiers import Scheme, canonical_identifiers
from sourcing.suppliers.views.stated import IdentifierStated, LegalName, SupplierDetails

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
    legal_name: LegalName
    country: Country | None = None
    vat: Code | None = None
    lei: Code | None = None
    gln: Code | None = None
    duns: Code | None = None
    categories: Codes = Field(default=[], description="What it offers, beside what it is approved for")
    approved_categories: Codes = Field(default=[], description="None: it is registered only")
    approval_expires_on: Day | None = Field(default=None, description="The last day; absent: without end")
    registered_on: Day | None = Field(
        default=None, description="Needed beside `approved_categories`; absent: the day of the import"
    )

    @property
    def key(self) -> ImportKey:
        """Its key, and what it says."""
        return ImportKey(self.external_reference, self)

    def identifiers(self) -> list[IdentifierStated]:
        """Return the numbers that the row states."""
        columns = {Scheme.VAT: self.vat, Scheme.LEI: self.lei, Scheme.GLN: self.gln, Scheme.DUNS: self.duns}
        return [
            IdentifierStated(scheme=scheme, value=value)
            for scheme, value in columns.items()
            if value is not None
        ]


@router.post("/suppliers:import", dependencies=[Depends(imports_on)], **bulk.route(SupplierRow))
async def import_suppliers(
    by: Annotated[Principal, requires("sourcing:import", Role.ADMIN)],
    rows: bulk.Bulk,
    proposal: ProposalId = None,
) -> Response:
    """Import suppliers from another system, as NDJSON or CSV; the same rows again change nothing.

    With a proposal they are only looked at and added to it; once somebody else has let it in they are sent
    again without. A row with `approved_categories` becomes an approved supplier: that decision was taken
    elsewhere.
    """

    async def propose(tx: Transaction, row: SupplierRow) -> BulkOutcome:
        return await propose_supplier(tx, proposal, row) if proposal else await import_supplier(tx, row)

    return await rows.answer(SupplierRow, propose)


async def propose_supplier(tx: Transaction, proposal_id: UUID, row: SupplierRow) -> BulkOutcome:
    """Add a supplier to a proposal, unless it is here."""
    known = await _there(tx, row)
    if known is not None:
        return known
    await _checked(tx, row)
    kind = "approved supplier" if row.approved_categories else "supplier"
    proposed = Proposed(row.key.digest, kind, row.external_reference, day=row.registered_on)
    await proposals.add(tx, proposal_id, [proposed])
    return BulkOutcome("proposed")


async def import_supplier(tx: Transaction, row: SupplierRow) -> BulkOutcome:
    """Register a supplier as it was registered elsewhere, and approved where it was approved there.

    The same row again changes nothing, whatever became of the supplier since; another row with the same
    reference is refused with ConflictError.
    """
    known = await _there(tx, row)
    if known is not None:
        return known
    details = await _checked(tx, row)
    digest = row.key.digest
    let_in = await proposals.let_in(tx, [digest])
    if digest not in let_in:
        raise proposals.not_let_in(row.external_reference)
    supplier = await commands.register(
        tx,
        details,
        external_reference=row.external_reference,
        registered_on=row.registered_on,
        import_digest=digest,
        proposed_by=let_in[digest],
    )
    if row.approved_categories:
        commands.take_over_approval(tx, supplier, row.approved_categories, row.approval_expires_on)
    return BulkOutcome("created", supplier.id)


async def _there(tx: Transaction, row: SupplierRow) -> BulkOutcome | None:
    """Return that a supplier is here already; raises ConflictError when it says something else now."""
    known = await store.by_external_reference(tx, row.external_reference, to_import=True)
    if known is None:
        return None
    row.key.expect_same(known.import_digest)
    return BulkOutcome("unchanged", known.id)


async def _checked(tx: Transaction, row: SupplierRow) -> SupplierDetails:
    """Return what a new supplier is; raises ProblemError for what it cannot be, naming the row's columns."""
    _expect_past(tx, row)
    stated = row.identifiers()
    details = SupplierDetails(
        legal_name=row.legal_name,
        country=row.country,
        identifiers=stated,
        categories=[*row.categories, *row.approved_categories],
    )
    try:
        identifiers = canonical_identifiers(details.identifiers_as_written(), details.country)
    except InvalidError as error:
        columns = {f"/identifiers/{nth}/value": f"/{one.scheme.lower()}" for nth, one in enumerate(stated)}
        errors = [FieldError(columns.get(e.pointer, e.pointer), e.detail) for e in error.errors]
        raise InvalidError(error.code, error.detail, errors=errors) from error
    await commands.expect_free(tx, identifiers)
    return details


def _expect_past(tx: Transaction, row: SupplierRow) -> None:
    """Raise InvalidError for a supplier that is not of the past: one that is approved says since when.

    One that is registered only may be of today, for others approve it here.
    """
    today, registered_on = tx.now.date(), row.registered_on
    if registered_on is None and row.approved_categories:
        detail = "Say on which day it was registered: an approved supplier is imported from the past only."
        raise InvalidError("not_of_the_past", detail, errors=[FieldError("/registered_on", detail)])
    if registered_on is not None and registered_on > today:
        detail = f"{registered_on} is in the future."
        raise InvalidError("registered_in_future", detail, errors=[FieldError("/registered_on", detail)])
    proposals.check_past(tx, "/registered_on", registered_on, today)
