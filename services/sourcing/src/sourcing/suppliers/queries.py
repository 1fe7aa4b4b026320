"""Finds suppliers: one by its id, one to change, many by text and filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, or_, select

from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.http.pages import KeyValue, PageRequest, Sort
from sourcing.suppliers.model import (
    ABOVE_ALL_SCORES,
    BELOW_ALL_SCORES,
    FALLING_SCORE,
    RISING_SCORE,
    CategoryApproval,
    Identifier,
    Supplier,
)
from sourcing.suppliers.rules import Status, search_patterns

SORTS = {
    sort.name: sort
    for sort in (
        Sort("number", Supplier.number),
        Sort("-number", Supplier.number, descending=True),
        Sort("legal_name", Supplier.name_key, Supplier.id),
        Sort("-legal_name", Supplier.name_key, Supplier.id, descending=True),
        Sort("score", RISING_SCORE, Supplier.id),
        Sort("-score", FALLING_SCORE, Supplier.id, descending=True),
    )
}

KEYS: dict[str, Callable[[Supplier], tuple[KeyValue, ...]]] = {
    "number": lambda supplier: (supplier.number,),
    "-number": lambda supplier: (supplier.number,),
    "legal_name": lambda supplier: (supplier.name_key, supplier.id),
    "-legal_name": lambda supplier: (supplier.name_key, supplier.id),
    "score": lambda supplier: (_score_or(ABOVE_ALL_SCORES, supplier), supplier.id),
    "-score": lambda supplier: (_score_or(BELOW_ALL_SCORES, supplier), supplier.id),
}


def _score_or(missing: Decimal, supplier: Supplier) -> Decimal:
    return missing if supplier.score is None else supplier.score


@dataclass(frozen=True, slots=True)
class Search:
    """What suppliers to find; everything given must hold."""

    text: str | None = None
    status: Status | None = None
    category: str | None = None
    approved_for: str | None = None
    country: str | None = None
    grade: str | None = None
    external_reference: str | None = None
    supplier_id: UUID | None = None


async def read(tx: Transaction, supplier_id: UUID) -> Supplier:
    """Return a supplier; raises NotFoundError."""
    supplier = await tx.session.get(Supplier, supplier_id)
    if supplier is None:
        raise NotFoundError("supplier", supplier_id)
    return supplier


async def lock(tx: Transaction, supplier_id: UUID) -> Supplier:
    """Return a supplier that nobody else changes before this transaction ends; raises NotFoundError."""
    await tx.session.flush()  # what this transaction did to it already must not be read over
    supplier = await tx.session.get(Supplier, supplier_id, with_for_update=True, populate_existing=True)
    if supplier is None:
        raise NotFoundError("supplier", supplier_id)
    return supplier


async def by_external_reference(tx: Transaction, reference: str) -> Supplier | None:
    """Return the supplier that another system knows by this key."""
    found: Supplier | None = await tx.session.scalar(
        select(Supplier).where(Supplier.external_reference == reference)
    )
    return found


async def holder_of(tx: Transaction, scheme: str, value: str) -> Supplier | None:
    """Return the supplier that has this identifier."""
    found: Supplier | None = await tx.session.scalar(
        select(Supplier)
        .join(Identifier, Identifier.supplier_id == Supplier.id)
        .where(Identifier.scheme == scheme, Identifier.value == value)
    )
    return found


async def find(
    tx: Transaction, search: Search, sort: Sort, page: PageRequest, today: date
) -> Sequence[Supplier]:
    """Return a page of suppliers and the row after it."""
    # A plan made for any filter value would sort millions of suppliers where the value at hand is common.
    await tx.connection.execute("SET LOCAL plan_cache_mode = force_custom_plan")
    statement: Select[Supplier] = select(Supplier).where(*_conditions(search, today))
    return (await tx.session.scalars(sort.select(statement, page))).all()


def _conditions(search: Search, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Supplier.search_text.like(pattern) for pattern in search_patterns(search.text or "")
    ]
    equal = {
        Supplier.id: search.supplier_id,
        Supplier.status: search.status,
        Supplier.country: search.country,
        Supplier.grade: search.grade,
        Supplier.external_reference: search.external_reference,
    }
    conditions += [column == value for column, value in equal.items() if value is not None]
    if search.category is not None:
        conditions.append(Supplier.categories.contains([search.category]))
    if search.approved_for is not None:
        in_force = or_(CategoryApproval.expires_on.is_(None), CategoryApproval.expires_on >= today)
        conditions.append(Supplier.status == Status.APPROVED)
        # Implied, as an approved category stays among those offered; but it is what an index can answer.
        conditions.append(Supplier.categories.contains([search.approved_for]))
        conditions.append(
            exists().where(
                CategoryApproval.supplier_id == Supplier.id,
                CategoryApproval.category == search.approved_for,
                in_force,
            )
        )
    return conditions
