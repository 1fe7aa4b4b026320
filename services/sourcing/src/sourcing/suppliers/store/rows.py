"""Suppliers in SQL: one by its id, one to change, who has an identifier."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import delete, func, or_, select, tuple_, union, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import set_committed_value

from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.imported import SourceKey
from sourcing.suppliers.model import (
    CategoryApproval,
    Identifier,
    Supplier,
    SupplierBlock,
    number_sequence,
)
from sourcing.suppliers.rules.blocks import BlockCause
from sourcing.suppliers.rules.qualification import Status, display_number

MOST_ALIKE = 10
GONE = (Status.MERGED, Status.WITHDRAWN)
"""Of whom nobody asks any more whether they are somebody else."""


@dataclass(frozen=True, slots=True)
class SupplierInBrief:
    """What others show of a supplier beside what is theirs."""

    id: UUID
    number: str
    legal_name: str
    status: Status
    score: Decimal | None
    grade: str | None


async def get_supplier(tx: Transaction, supplier_id: UUID) -> Supplier:
    """Return a supplier; raises NotFoundError."""
    return _found(supplier_id, await tx.session.get(Supplier, supplier_id))


async def lock_supplier(tx: Transaction, supplier_id: UUID) -> Supplier:
    """Return a supplier that nobody else changes before this transaction ends; raises NotFoundError."""
    return _found(supplier_id, await lock_supplier_if_any(tx, supplier_id))


async def lock_supplier_if_any(tx: Transaction, supplier_id: UUID) -> Supplier | None:
    """Return a supplier that nobody else changes before this transaction ends, if there is one."""
    await tx.session.flush()  # what this transaction did to it already must not be read over
    found: Supplier | None = await tx.session.get(
        Supplier, supplier_id, with_for_update=True, populate_existing=True
    )
    return found


def _found(supplier_id: UUID, supplier: Supplier | None) -> Supplier:
    if supplier is None:
        raise NotFoundError("supplier", supplier_id)
    return supplier


async def suppliers_in_brief(
    tx: Transaction, supplier_ids: Collection[UUID]
) -> Mapping[UUID, SupplierInBrief]:
    """Return suppliers as others show them, by their ids."""
    shown = (Supplier.id, Supplier.number, Supplier.legal_name, Supplier.status, Supplier.score)
    found = await tx.session.execute(select(*shown, Supplier.grade).where(Supplier.id.in_(supplier_ids)))
    return {row.id: SupplierInBrief(row.id, display_number(row.number), *row[2:]) for row in found}


async def supplier_in_brief(tx: Transaction, supplier_id: UUID) -> SupplierInBrief:
    """Return a supplier that exists as others show it."""
    return (await suppliers_in_brief(tx, {supplier_id}))[supplier_id]


async def by_external_reference(tx: Transaction, source: SourceKey) -> Supplier | None:
    """Return the supplier that a system knows by this key."""
    found: Supplier | None = await tx.session.scalar(
        select(Supplier).where(
            Supplier.external_reference == source.reference, Supplier.source_system == source.system
        )
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


async def alike(tx: Transaction, supplier: Supplier) -> Sequence[SupplierInBrief]:
    """Return others whose names look like a supplier's, some of them if there are many."""
    # Each in the order of its index, and no other: the planner would walk all suppliers by another.
    some = (
        select(Supplier.id)
        .where(alike, Supplier.id != supplier.id, Supplier.status.not_in(GONE))
        .order_by(Supplier.id)
        .limit(MOST_ALIKE)
        .subquery()
        for alike in (Supplier.likeness == supplier.likeness, Supplier.name_key == supplier.name_key)
    )
    found = set(await tx.session.scalars(union(*(select(ids.c.id) for ids in some))))
    in_brief = await suppliers_in_brief(tx, found) if found else {}
    return [in_brief[supplier_id] for supplier_id in sorted(found)]


async def indexed_otherwise(tx: Transaction, form: int, at_most: int) -> Sequence[Supplier]:
    """Return suppliers that are indexed for search in an older form, locked; nobody waits for them."""
    statement = select(Supplier).where(Supplier.search_form < form).limit(at_most)
    found = await tx.session.scalars(statement.with_for_update(skip_locked=True))
    return found.all()


async def set_index(tx: Transaction, suppliers: Collection[Supplier]) -> None:
    """Keep what search looks into; it is no change of suppliers, whose ETags stay as people saw them."""
    columns = ("id", "search_text", "name_key", "likeness", "search_form")
    rows = [{name: getattr(supplier, name) for name in columns} for supplier in suppliers]
    for supplier in suppliers:
        tx.session.expunge(supplier)
    for row in rows:
        await tx.session.execute(
            update(Supplier)
            .where(Supplier.id == row.pop("id"))
            .values(row)
            .execution_options(synchronize_session=False)
        )


async def categories_in_use(tx: Transaction) -> set[str]:
    """Return every category that a supplier offers or is approved for."""
    offered = select(func.unnest(Supplier.categories))
    return set(await tx.session.scalars(union(offered, select(CategoryApproval.category))))


async def approvals_in_force(
    tx: Transaction, categories: Collection[str], day: date
) -> Mapping[UUID, set[str]]:
    """Return which suppliers are approved for some of these categories on a day, and for which of them."""
    query = select(CategoryApproval.supplier_id, CategoryApproval.category).where(
        CategoryApproval.category.in_(categories),
        or_(CategoryApproval.expires_on.is_(None), CategoryApproval.expires_on >= day),
    )
    found: dict[UUID, set[str]] = {}
    for supplier_id, category in await tx.session.execute(query):
        found.setdefault(supplier_id, set()).add(category)
    return found


async def blocked_by(tx: Transaction, cause: BlockCause) -> set[UUID]:
    """Return which suppliers a cause blocks, for whatever of it."""
    query = select(SupplierBlock.supplier_id).where(SupplierBlock.cause == cause)
    return set(await tx.session.scalars(query.distinct()))


async def add_supplier(tx: Transaction, supplier: Supplier) -> bool:
    """Keep a new supplier, without identifiers yet; returns False when its external reference was taken."""
    tx.session.add(supplier)
    try:
        await tx.session.flush()
    except IntegrityError as error:
        if "uq_supplier_external_reference" in str(error.orig):
            return False
        raise
    set_committed_value(supplier, "identifiers", [])
    return True


async def next_number(tx: Transaction) -> int:
    """Return the number of the next supplier; one that is not used in the end is not given again."""
    return (await tx.session.scalars(select(number_sequence.next_value()))).one()


async def set_score(
    tx: Transaction,
    supplier_id: UUID,
    score: Decimal | None,
    grade: str | None,
    scored_on: date | None,
    consequence: str | None,
) -> None:
    """Show a score on its supplier, locked; it is no change of it, whose ETag stays as people saw it."""
    await tx.session.execute(
        update(Supplier)
        .where(Supplier.id == supplier_id)
        .values(score=score, grade=grade, scored_on=scored_on, consequence=consequence)
        .execution_options(synchronize_session=False)
    )


async def hold_identifiers(
    tx: Transaction, supplier: Supplier, wanted: Iterable[tuple[str, str]]
) -> Sequence[tuple[str, str]]:
    """Give a supplier these identifiers (scheme, value) and no others; returns those that another has.

    The insert waits for another that is under way with the same identifier, so two cannot both succeed.
    """
    wanted = set(wanted)
    held = {(identifier.scheme, identifier.value) for identifier in supplier.identifiers}
    if held - wanted:
        key = tuple_(Identifier.scheme, Identifier.value)
        await tx.session.execute(delete(Identifier).where(key.in_(held - wanted)))
    missing = wanted - held
    given: set[tuple[str, str]] = set()
    if missing:
        rows = [{"scheme": s, "value": v, "supplier_id": supplier.id} for s, v in sorted(missing)]
        inserted = await tx.session.execute(
            insert(Identifier)
            .values(rows)
            .on_conflict_do_nothing()
            .returning(Identifier.scheme, Identifier.value)
        )
        given = {(scheme, value) for scheme, value in inserted}
    set_committed_value(
        supplier,
        "identifiers",
        [Identifier(scheme=s, value=v, supplier_id=supplier.id) for s, v in sorted(wanted)],
    )
    return sorted(missing - given)


async def lock_suppliers(tx: Transaction, supplier_ids: Collection[UUID]) -> Sequence[Supplier]:
    """Return those of some suppliers that there are, by their ids, locked one after the other."""
    await tx.session.flush()
    statement = select(Supplier).where(Supplier.id.in_(supplier_ids)).order_by(Supplier.id)
    found = await tx.session.scalars(statement.with_for_update().execution_options(populate_existing=True))
    return found.all()


async def changed_behind(
    tx: Transaction, changed_in: int, supplier_id: UUID, before: int, at_most: int
) -> Sequence[tuple[int, UUID]]:
    """Return suppliers behind a place in the order in which they changed, up to a transaction."""
    place = (Supplier.changed_in, Supplier.id)
    found = await tx.session.execute(
        select(*place)
        .where(tuple_(*place) > (changed_in, supplier_id), Supplier.changed_in < before)
        .order_by(*place)
        .limit(at_most)
    )
    return [(row[0], row[1]) for row in found]


async def representatives_of(tx: Transaction, supplier_ids: Collection[UUID]) -> set[str]:
    """Return everybody who has acted for any of some suppliers."""
    found = await tx.session.scalars(
        select(func.unnest(Supplier.represented_by)).where(Supplier.id.in_(supplier_ids)).distinct()
    )
    return set(found)
