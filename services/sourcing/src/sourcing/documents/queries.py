"""Reads of documents, what is required of suppliers, and the policy of what follows when it lacks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from purveyor.auth import Principal
from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Found, Listing, between, both_ways, equal, find
from purveyor.policies import Policy
from purveyor.texts import Code
from sourcing.categories.queries import ancestors_of_each, descendants_of
from sourcing.documents import store
from sourcing.documents.model import DocumentType, SupplierDocument
from sourcing.documents.rules import DocumentStatus, MissingDocuments, Standing, standing, touched
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.qualification import in_force
from sourcing.suppliers.store.rows import get_supplier

MISSING_DOCUMENTS = Policy(
    "missing-documents",
    MissingDocuments,
    "What follows for a category when a supplier lacks a document that it requires",
    frozenset({"category"}),
)
DOCUMENTS = Listing(
    name="supplier-documents",
    id=SupplierDocument.id,
    filters=(
        equal("supplier_id", UUID, SupplierDocument.supplier_id, "Whose it is"),
        equal("type", Code, SupplierDocument.type, "The code of its type", example="iso-9001"),
        equal("status", DocumentStatus, SupplierDocument.status, "Where it stands", example="submitted"),
        *between("valid_to", Day, store.LAST_DAY, "Its last day is this; one without ends on 2100-12-31"),
    ),
    sorts=(
        *both_ways("id", SupplierDocument.id)[::-1],
        *both_ways("valid_to", store.LAST_DAY, SupplierDocument.id),
    ),
    changed=SupplierDocument.changed_in,
)


@dataclass(frozen=True, slots=True)
class Requirements:
    """All types of documents, and of every category that matters to them what it lies in."""

    types: Sequence[DocumentType]
    above: Mapping[str, Sequence[str]]

    def name_of(self, code: str) -> str:
        """Return what a type is called."""
        return next(one.name for one in self.types if one.code == code)

    def touched(self, code: str, approved: Collection[str]) -> tuple[str, ...]:
        """Return for what of its approvals a supplier needs a document of a type."""
        return touched(approved, self._required_in(code), self.above)

    def around(self, code: str) -> set[str]:
        """Return every category by whose approval a document of a type may be needed."""
        required = set(self._required_in(code))
        higher = {one for category in required for one in self.above.get(category, ())}
        return required | higher | {one for one, above in self.above.items() if required & set(above)}

    def _required_in(self, code: str) -> Sequence[str]:
        return next(one.required_in for one in self.types if one.code == code)


async def requirements(tx: Transaction) -> Requirements:
    """Return what is required of suppliers now."""
    types = await store.types(tx)
    required = {category for one in types for category in one.required_in}
    below = [lower for category in sorted(required) for lower in await descendants_of(tx, category)]
    return Requirements(types, await ancestors_of_each(tx, required.union(below)))


def approved_on(supplier: Supplier, day: date) -> set[str]:
    """Return what a supplier is approved for on a day."""
    return {one.category for one in supplier.approvals if in_force(one.expires_on, day)}


async def required_of(tx: Transaction, supplier_id: UUID, by: Principal) -> list[Standing]:
    """Return how every document stands that a supplier needs for what it is approved for."""
    if not by.may_see_supplier(supplier_id):
        raise NotFoundError("supplier", supplier_id)
    return (await standings_of(tx, [await get_supplier(tx, supplier_id)]))[supplier_id]


async def standings_of(tx: Transaction, suppliers: Sequence[Supplier]) -> dict[UUID, list[Standing]]:
    """Return of some suppliers how every document stands that each needs for what it is approved for."""
    known = await requirements(tx)
    return {one.id: await _standings(tx, one, known) for one in suppliers}


async def _standings(tx: Transaction, supplier: Supplier, known: Requirements) -> list[Standing]:
    held = [one.held() for one in await store.accepted(tx, supplier.id)]
    given = await store.given_before(tx, supplier.id)
    approved = approved_on(supplier, tx.day)
    needed = {one.code: known.touched(one.code, approved) for one in known.types}
    return [
        standing(code, categories, held, given, tx.day) for code, categories in needed.items() if categories
    ]


async def type_called(tx: Transaction, code: str) -> DocumentType:
    """Return a type of document; raises NotFoundError."""
    found = await store.type_called(tx, code)
    if found is None:
        raise NotFoundError("document type", code)
    return found


async def find_documents(tx: Transaction, asked: Asked, by: Principal) -> Found[SupplierDocument]:
    """Return a page of documents; to a supplier, its own."""
    statement = select(SupplierDocument)
    if by.is_supplier:
        statement = statement.where(SupplierDocument.supplier_id == by.supplier_id)
    return await find(tx, statement, asked)


async def document_for(tx: Transaction, document_id: UUID, by: Principal) -> SupplierDocument:
    """Return a document; raises NotFoundError, also to a supplier whose it is not."""
    document = await store.get_document(tx, document_id)
    if not by.may_see_supplier(document.supplier_id):
        raise NotFoundError("supplier document", document_id)
    return document


async def document_resting_on(tx: Transaction, file_id: UUID) -> str | None:
    """Return which document that is to be decided on, or that was accepted, is a file; None when none is."""
    document = await store.resting_on(tx, file_id)
    if document is None:
        return None
    return f"Document {document.id} ({document.type}, {document.status})"
