"""Make suppliers known, with what was stated of them, and have them found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from purveyor.db import Transaction, new_id
from purveyor.duties import with_author
from purveyor.errors import LISTED_OF_A_KIND, ConflictError, FieldError, InvalidError
from purveyor.imported import MAIN, SourceKey
from purveyor_contract.events.sourcing.suppliers import SupplierIdentifier
from purveyor_messaging.outbox import record
from sourcing.categories import commands as categories
from sourcing.categories.queries import ancestors_of_each
from sourcing.suppliers.commands.trail import audit, audited_details, audited_status, identifiers_of
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.identifiers import canonical_identifiers
from sourcing.suppliers.rules.qualification import (
    Status,
    display_number,
    not_offered,
)
from sourcing.suppliers.rules.search import FORM
from sourcing.suppliers.store import rows as store
from sourcing.suppliers.store.importing import Holder
from sourcing.suppliers.views.stated import SupplierDetails

INDEXED_AT_A_TIME = 200


async def register(
    tx: Transaction,
    details: SupplierDetails,
    *,
    source: SourceKey | None = None,
    proposed_by: Sequence[str] = (),
) -> Supplier:
    """Make a supplier known; raises ConflictError naming who has an identifier or the reference already.

    Who had proposed it is an author of it, too.
    """
    identifiers = canonical_identifiers(details.identifiers_as_written(), details.country)
    what = f"the external reference {source}"
    if source is not None:
        known = await store.by_external_reference(tx, source)
        if known is not None:
            raise _taken("external_reference_taken", what, known)
    await categories.admit(tx, details.categories, "/categories")
    await expect_made(tx, details)
    number = await store.next_number(tx)
    supplier = introduce(tx, number, details, identifiers, source=source, proposed_by=proposed_by)
    if not await store.add_supplier(tx, supplier):
        raise _taken("external_reference_taken", what, None)
    await hold_identifiers(tx, supplier, identifiers)
    return supplier


def introduce(
    tx: Transaction,
    number: int,
    details: SupplierDetails,
    identifiers: Sequence[SupplierIdentifier],
    *,
    source: SourceKey | None = None,
    registered_on: date | None = None,
    import_digest: bytes | None = None,
    proposed_by: Sequence[str] = (),
) -> Supplier:
    """Make a new supplier, which is inserted with what is told of it.

    One with an `import_digest` was registered in another system, which may not have known its country; who
    proposed that import is an author of it.
    """
    supplier = Supplier(
        id=new_id(),
        version=1,
        sequence=0,
        number=number,
        status=Status.REGISTERED,
        registered_by=tx.actor,
        authors=with_author(proposed_by, tx.actor),
        registered_at=tx.now,
        registered_on=registered_on or tx.now.date(),
        external_reference=None if source is None else source.reference,
        source_system=MAIN if source is None else source.system,
        imported=import_digest is not None,
        import_digest=import_digest,
        approvals=[],
        blocks=[],
    )
    take_details(supplier, details, identifiers)
    record(tx, supplier, supplier.registered(identifiers))
    tx.audit("register", "supplier", supplier.id, after=audited_details(supplier, identifiers))
    return supplier


async def expect_made(tx: Transaction, details: SupplierDetails) -> None:
    """Raise InvalidError naming every site that makes what the supplier does not offer."""
    made = sorted({code for site in details.sites for code in site.makes})
    foreign = set(not_offered(made, details.categories, await ancestors_of_each(tx, made)))
    errors = [
        FieldError(
            f"/sites/{place}/makes/{nth}", f"It does not offer {code}: add that to `categories` first."
        )
        for place, site in enumerate(details.sites)
        for nth, code in enumerate(site.makes)
        if code in foreign
    ]
    if errors:
        raise InvalidError("made_not_offered", errors[0].detail, errors=errors[:LISTED_OF_A_KIND])


def take_over_approval(
    tx: Transaction, supplier: Supplier, categories: Sequence[str], expires_on: date | None
) -> None:
    """Approve a supplier that is being imported, because another system had approved it."""
    before = audited_status(supplier)
    record(tx, supplier, supplier.take_over_approval(categories, expires_on, tx.actor, tx.now))
    audit(tx, "import_approval", supplier, before, None)


async def index_anew(tx: Transaction) -> bool:
    """Index some suppliers whose search texts are of an older form; returns whether there are more."""
    suppliers = await store.indexed_otherwise(tx, FORM, INDEXED_AT_A_TIME)
    for supplier in suppliers:
        supplier.index_for_search(identifiers_of(supplier))
    await store.set_index(tx, suppliers)
    return len(suppliers) == INDEXED_AT_A_TIME


async def take_over_categories(tx: Transaction) -> bool:
    """Make categories of the codes that suppliers came to have before there were any."""
    await categories.take_over(tx, await store.categories_in_use(tx))
    return False


def take_details(
    supplier: Supplier, details: SupplierDetails, identifiers: Sequence[SupplierIdentifier]
) -> None:
    """Make a supplier what was stated of it."""
    supplier.legal_name = details.legal_name
    supplier.country = details.country
    supplier.categories = list(details.categories)
    supplier.contacts = [contact.model_dump(mode="json") for contact in details.contacts]
    supplier.sites = [site.model_dump(mode="json") for site in details.sites]
    supplier.index_for_search(identifiers)


async def hold_identifiers(
    tx: Transaction, supplier: Supplier, identifiers: Sequence[SupplierIdentifier]
) -> None:
    """Give a supplier these identifiers and no others; raises ConflictError naming who has one already."""
    taken = await store.hold_identifiers(tx, supplier, [(i.scheme, i.value) for i in identifiers])
    if taken:
        scheme, value = taken[0]
        raise _taken("identifier_taken", f"{scheme} {value}", await store.holder_of(tx, scheme, value))


def identifier_taken(scheme: str, value: str, holder: Holder) -> ConflictError:
    """Return the refusal of an identifier that another supplier has."""
    return _taken("identifier_taken", f"{scheme} {value}", holder)


def _taken(code: str, what: str, holder: Supplier | Holder | None) -> ConflictError:
    if holder is None:
        return ConflictError(code, f"A supplier with {what} was registered at this very moment.")
    number = display_number(holder.number)
    return ConflictError(
        code,
        f"Supplier {number} ({holder.legal_name}) has {what} already.",
        supplier_id=str(holder.id),
        number=number,
    )
