"""Brings suppliers over from another system, each of them once."""

from __future__ import annotations

from datetime import date

from purveyor.db import Transaction
from purveyor.errors import ConflictError, FieldError, InvalidError
from purveyor.http.bulk import BulkOutcome
from sourcing.imports.rows import SupplierRow
from sourcing.suppliers import commands as suppliers
from sourcing.suppliers import queries
from sourcing.suppliers.details import SupplierDetails


async def import_supplier(tx: Transaction, row: SupplierRow) -> BulkOutcome:
    """Register a supplier as it was registered elsewhere, and approved where it was approved there.

    The same row again changes nothing, whatever became of the supplier since; another row with the same
    reference is refused with ConflictError.
    """
    known = await queries.by_external_reference(tx, row.external_reference)
    if known is not None:
        if known.import_digest == row.digest():
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
        supplier = await suppliers.register(
            tx,
            details,
            external_reference=row.external_reference,
            registered_on=row.registered_on,
            import_digest=row.digest(),
        )
    except InvalidError as error:
        errors = [FieldError(columns.get(e.pointer, e.pointer), e.detail) for e in error.errors]
        raise InvalidError(error.code, error.detail, errors=errors) from error
    if row.approved_categories:
        suppliers.take_over_approval(tx, supplier, row.approved_categories, row.approval_expires_on)
    return BulkOutcome("created", supplier.id)


def _expect_past(registered_on: date | None, today: date) -> None:
    if registered_on is not None and registered_on > today:
        detail = f"{registered_on} is in the future."
        raise InvalidError("registered_in_future", detail, errors=[FieldError("/registered_on", detail)])
