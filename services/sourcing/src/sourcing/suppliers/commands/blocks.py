"""Blocking what may be ordered from a supplier, and lifting that: called by what finds the cause."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from purveyor.db import Transaction
from purveyor_contract.events.sourcing.blocks import SupplierBlocked, SupplierUnblocked
from purveyor_messaging.outbox import record
from sourcing.suppliers.model import Supplier, SupplierBlock
from sourcing.suppliers.rules.blocks import BlockCause


def block_locked(
    tx: Transaction,
    supplier: Supplier,
    cause: BlockCause,
    reference: UUID,
    reason: str,
    told: str | None,
    categories: Collection[str] | None = None,
) -> None:
    """Keep these categories (None: all) from being ordered of a locked supplier; → SupplierBlocked.

    Said again of the same cause and reference, it replaces what was said before, and is told only when it
    says something else.
    """
    wanted = None if categories is None else sorted(set(categories))
    held = supplier.block_by(cause, reference)
    if held is not None and (held.categories, held.reason, held.reason_for_supplier) == (
        wanted,
        reason,
        told,
    ):
        return
    before = [block.audited() for block in supplier.blocks]
    if held is None:
        held = SupplierBlock(cause=cause.value, reference=reference)
        supplier.blocks.append(held)
    held.categories, held.reason, held.reason_for_supplier = wanted, reason, told
    held.blocked_by, held.blocked_at = tx.actor, tx.now
    record(
        tx,
        supplier,
        SupplierBlocked(
            supplier_id=supplier.id,
            cause=cause.value,
            reference=reference,
            categories=None if wanted is None else tuple(wanted),
            reason=reason,
            reason_for_supplier=told,
            blocked_by=tx.actor,
            blocks=supplier.blocks_told(),
        ),
    )
    _audit(tx, "block", supplier, before, reason)


def unblock_locked(
    tx: Transaction,
    supplier: Supplier,
    cause: BlockCause,
    reference: UUID,
    reason: str,
    told: str | None = None,
) -> None:
    """Lift the block of a locked supplier that comes from this, if it holds; → SupplierUnblocked."""
    held = supplier.block_by(cause, reference)
    if held is None:
        return
    before = [block.audited() for block in supplier.blocks]
    supplier.blocks.remove(held)
    record(
        tx,
        supplier,
        SupplierUnblocked(
            supplier_id=supplier.id,
            cause=cause.value,
            reference=reference,
            categories=None if held.categories is None else tuple(held.categories),
            reason=reason,
            reason_for_supplier=told,
            unblocked_by=tx.actor,
            blocks=supplier.blocks_told(),
        ),
    )
    _audit(tx, "unblock", supplier, before, reason)


def _audit(
    tx: Transaction, action: str, supplier: Supplier, before: list[dict[str, object]], reason: str
) -> None:
    after = [block.audited() for block in supplier.blocks]
    tx.audit(
        action, "supplier", supplier.id, before={"blocks": before}, after={"blocks": after}, reason=reason
    )
