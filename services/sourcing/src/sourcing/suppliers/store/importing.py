"""Suppliers of another system in SQL: looked up and inserted by the thousand, in one statement each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from purveyor.db import Transaction
from purveyor.imported import SourceKey
from purveyor.pending import as_json
from purveyor.sql import Statement, only
from sourcing.suppliers.model import CategoryApproval, Supplier

SUPPLIER = (
    *("id", "version", "sequence", "number", "legal_name", "country", "categories", "contacts", "sites"),
    *("status", "registered_by", "authors", "registered_at", "registered_on", "external_reference"),
    *("source_system", "imported", "import_digest", "name_key", "search_text", "likeness", "search_form"),
)
"""What a new supplier says of itself; every other column has its default."""
APPROVAL = tuple(CategoryApproval.__table__.columns.keys())

Key = tuple[str, str]
"""A scheme and a value: no two suppliers share one."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A supplier that has an identifier, as a refusal names it."""

    id: UUID
    number: int
    legal_name: str


def _there(
    system: str, reference: str, supplier_id: UUID, import_digest: bytes | None
) -> tuple[SourceKey, tuple[UUID, bytes | None]]:
    return SourceKey(system, reference), (supplier_id, import_digest)


def _held(scheme: str, value: str, **holder: Any) -> tuple[Key, Holder]:
    return (scheme, value), Holder(**holder)


def _key(scheme: str, value: str) -> Key:
    return scheme, value


THERE = Statement(
    _there,
    """
    SELECT source_system AS system, external_reference AS reference, id AS supplier_id, import_digest
    FROM supplier
    WHERE (external_reference, source_system) IN (
      SELECT * FROM unnest(:references::text[], :systems::text[])
    )
    """,
)
HELD = Statement(
    _held,
    """
    SELECT held.scheme, held.value, holder.id, holder.number, holder.legal_name
    FROM unnest(:schemes::text[], :values::text[]) AS stated (scheme, value)
    JOIN supplier_identifier AS held ON held.scheme = stated.scheme AND held.value = stated.value
    JOIN supplier AS holder ON holder.id = held.supplier_id
    """,
)
NUMBERS: Statement[int] = Statement(
    only, "SELECT nextval('supplier_number') AS number FROM generate_series(1, :count::integer)"
)
INSERT: Statement[UUID] = Statement(
    only,
    """
    WITH new AS (
      INSERT INTO supplier ({supplier})
      SELECT {supplier} FROM jsonb_populate_recordset(NULL::supplier, :stated::jsonb -> 'suppliers')
      ORDER BY number
      ON CONFLICT (external_reference, source_system) WHERE external_reference IS NOT NULL DO NOTHING
      RETURNING id
    ), approvals AS (
      INSERT INTO category_approval ({approval})
      SELECT {approval} FROM jsonb_populate_recordset(NULL::category_approval, :stated::jsonb -> 'approvals')
      WHERE supplier_id IN (SELECT id FROM new)
    )
    SELECT id FROM new
    """,
    supplier=", ".join(SUPPLIER),
    approval=", ".join(APPROVAL),
)
HOLD = Statement(
    _key,
    """
    INSERT INTO supplier_identifier (scheme, value, supplier_id)
    SELECT * FROM unnest(:schemes::text[], :values::text[], :holders::uuid[])
    ON CONFLICT DO NOTHING
    RETURNING scheme, value
    """,
)


async def there(tx: Transaction, keys: Collection[SourceKey]) -> dict[SourceKey, tuple[UUID, bytes | None]]:
    """Return the suppliers that other systems know by some keys: each id, and its import's digest."""
    found = await THERE.all(
        tx.connection,
        references=[key.reference for key in keys],
        systems=[key.system for key in keys],
    )
    return dict(found)


async def holders(tx: Transaction, keys: Collection[Key]) -> dict[Key, Holder]:
    """Return who has which of some identifiers."""
    if not keys:
        return {}
    schemes, values = map(list, zip(*keys, strict=True))
    return dict(await HELD.all(tx.connection, schemes=schemes, values=values))


async def numbers(tx: Transaction, count: int) -> list[int]:
    """Return numbers of suppliers to come; one that is not used in the end is not given again."""
    return await NUMBERS.all(tx.connection, count=count)


async def insert(
    tx: Transaction, suppliers: Sequence[Supplier], identifiers: Sequence[tuple[Key, UUID]]
) -> bool:
    """Insert suppliers with their approvals and identifiers.

    Returns False when a reference or an identifier was taken meanwhile: then all of it is to be undone.
    """
    stated = {
        "suppliers": [_stated(supplier, SUPPLIER) for supplier in suppliers],
        "approvals": [
            _stated(approval, APPROVAL) | {"supplier_id": supplier.id}
            for supplier in suppliers
            for approval in supplier.approvals
        ],
    }
    inserted = await INSERT.all(tx.connection, stated=as_json(stated))
    if len(inserted) < len(suppliers):
        return False
    held = await HOLD.all(
        tx.connection,
        schemes=[scheme for (scheme, _), _ in identifiers],
        values=[value for (_, value), _ in identifiers],
        holders=[holder for _, holder in identifiers],
    )
    return len(held) == len(identifiers)


def _stated(mapped: Supplier | CategoryApproval, columns: Iterable[str]) -> dict[str, Any]:
    stated = {name: getattr(mapped, name) for name in columns}
    return {
        name: f"\\x{value.hex()}" if isinstance(value, bytes) else value for name, value in stated.items()
    }
