"""What an event of sourcing changes in procurement's copy of a supplier."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from procurement.suppliers import store
from procurement.suppliers.model import Supplier
from procurement.suppliers.rules import SupplierStatus, goes_on_as, order_flag
from purveyor.db import Transaction
from purveyor.duties import with_author
from purveyor.errors import NotFoundError
from purveyor_contract.events.sourcing.blocks import SupplierBlock
from purveyor_contract.events.sourcing.groups import SupplierGroupChanged
from purveyor_contract.events.sourcing.merging import SuppliersMerged, SupplierWithdrawn
from purveyor_contract.events.sourcing.suppliers import (
    CategoryApproval,
    SupplierDetailsChanged,
    SupplierRegistered,
)

LOST = "Sourcing does not know it any more: it was lost with a database that was restored"


async def register(tx: Transaction, event: SupplierRegistered) -> None:
    """Begin the copy of a supplier that became known, or begin it again."""
    supplier = await store.lock(tx, event.supplier_id)
    if supplier is None:
        supplier = Supplier(id=event.supplier_id)
        tx.session.add(supplier)
    supplier.number = event.number
    supplier.legal_name = event.legal_name
    supplier.country = event.country
    supplier.identifiers = _identifiers(event)
    supplier.status = SupplierStatus.REGISTERED
    supplier.status_reason = supplier.order_flag = None
    supplier.approvals, supplier.blocks = [], []
    supplier.onboarded_by = event.registered_by
    supplier.authors, supplier.approvers = with_author(event.authors, event.registered_by), []
    supplier.external_reference, supplier.imported = event.external_reference, event.imported
    supplier.source_system = event.source_system
    supplier.parent_id = supplier.merged_into = supplier.present_id = None
    supplier.changed_at = tx.now
    await tx.flush()


async def forget(tx: Transaction, supplier_id: UUID) -> None:
    """Take back what was told of a supplier; orders that name it keep its name, and are not issued to it."""
    if await store.lock(tx, supplier_id) is not None:
        await set_standing(tx, supplier_id, SupplierStatus.TERMINATED, approvals=(), reason=LOST)
        supplier = await _locked(tx, supplier_id)
        supplier.merged_into = supplier.present_id = supplier.risk = None
        await tx.flush()
        await store.follow(tx)


async def change_details(tx: Transaction, event: SupplierDetailsChanged) -> None:
    """Take over a supplier's name, country and numbers as they are now, and who made it who it is.

    Approved yet or not: who writes a supplier before its approval makes it what is approved.
    """
    supplier = await _locked(tx, event.supplier_id)
    supplier.legal_name = event.legal_name
    supplier.country = event.country
    supplier.identifiers = _identifiers(event)
    if event.identity_changed is not False:
        supplier.note_author(event.changed_by)
    supplier.changed_at = tx.now
    await tx.flush()


async def change_group(tx: Transaction, event: SupplierGroupChanged) -> None:
    """Take over to which company a supplier belongs, and who made it so: that is who it is, too."""
    supplier = await _locked(tx, event.supplier_id)
    supplier.parent_id = event.parent_id
    supplier.note_author(event.changed_by)
    supplier.changed_at = tx.now
    await tx.flush()


async def note_author(tx: Transaction, supplier_id: UUID, person: str) -> None:
    """Note who changed who a supplier is, or acts for it: they do not approve its orders any more."""
    supplier = await _locked(tx, supplier_id)
    supplier.note_author(person)
    supplier.changed_at = tx.now
    await tx.flush()


async def set_risk(tx: Transaction, supplier_id: UUID, level: str | None) -> None:
    """Note how risky a supplier is: approval policies ask."""
    supplier = await _locked(tx, supplier_id)
    supplier.risk = level
    await tx.flush()


async def set_standing(
    tx: Transaction,
    supplier_id: UUID,
    status: SupplierStatus,
    *,
    approvals: Sequence[CategoryApproval] | None = None,
    reason: str | None = None,
    approver: str | None = None,
) -> None:
    """Note where a supplier stands now, why, and for what it may be ordered from (None: as before).

    `approver` is who decided that it is ordered from, if that was decided.
    """
    supplier = await _locked(tx, supplier_id)
    before = supplier.status
    supplier.status = status
    supplier.status_reason = reason
    await _flag(tx, supplier)
    if approvals is not None:
        supplier.approvals = [approval.model_dump(mode="json") for approval in approvals]
    if approver is not None:
        supplier.approvers = with_author(supplier.approvers, approver)
    supplier.changed_at = tx.now
    tx.audit(
        "change_standing",
        "supplier",
        supplier_id,
        before={"status": before},
        after={"status": status, "approvals": supplier.approvals},
        reason=reason,
    )
    await tx.flush()


async def merge(tx: Transaction, event: SuppliersMerged) -> None:
    """Let a supplier be another from now on; which may have become a third, and may not be known here yet.

    Its orders stay its own, and are the other's business: what speaks against that one flags them.
    """
    await store.merge_one_after_the_other(tx)
    into = await store.lock(tx, event.into_supplier_id)  # before the merged one, as its own standing does
    if into is not None and into.present_id is not None:
        into = await store.lock(tx, into.present_id) or into
    await set_standing(
        tx,
        event.supplier_id,
        SupplierStatus.MERGED,
        approvals=(),
        reason=goes_on_as(event.into_number, event.into_legal_name),
    )
    supplier = await _locked(tx, event.supplier_id)
    supplier.merged_into = event.into_supplier_id
    if into is not None:
        for author in supplier.authors:  # who made the one what it is made the other that, too
            into.note_author(author)
    await tx.flush()
    moved = await store.follow(tx)
    for supplier_id in sorted(moved):
        _flag_as(await _locked(tx, supplier_id), into)
    await tx.flush()


async def withdraw(tx: Transaction, event: SupplierWithdrawn) -> None:
    """Let a supplier have been a mistake: its numbers are free, and nothing is ordered of it."""
    await set_standing(tx, event.supplier_id, SupplierStatus.WITHDRAWN, approvals=(), reason=event.reason)
    supplier = await _locked(tx, event.supplier_id)
    supplier.identifiers, supplier.external_reference = [], None
    await tx.flush()


async def _flag(tx: Transaction, supplier: Supplier) -> None:
    """Flag a supplier's orders by its standing, and those of suppliers that were merged into it."""
    present = None
    if supplier.present_id is not None:
        present = await tx.session.get(Supplier, supplier.present_id)
    _flag_as(supplier, present)
    await tx.flush()
    for same in await store.lock_same(tx, supplier.id):
        _flag_as(same, supplier)


def _flag_as(supplier: Supplier, present: Supplier | None) -> None:
    supplier.order_flag = order_flag(
        supplier.status,
        supplier.status_reason,
        supplier.blocks,
        of_present=None if present is None else present.order_flag,
    )


async def set_blocks(
    tx: Transaction, supplier_id: UUID, blocks: Sequence[SupplierBlock], reason: str
) -> None:
    """Note what keeps from ordering from a supplier from now on, and nothing else."""
    supplier = await _locked(tx, supplier_id)
    before = supplier.blocks
    supplier.blocks = [block.model_dump(mode="json") for block in blocks]
    await _flag(tx, supplier)
    supplier.changed_at = tx.now
    tx.audit(
        "change_blocks",
        "supplier",
        supplier_id,
        before={"blocks": before},
        after={"blocks": supplier.blocks},
        reason=reason,
    )
    await tx.flush()


def _identifiers(event: SupplierRegistered | SupplierDetailsChanged) -> list[dict[str, str]]:
    return [identifier.model_dump() for identifier in event.identifiers]


async def _locked(tx: Transaction, supplier_id: UUID) -> Supplier:
    supplier = await store.lock(tx, supplier_id)
    if supplier is None:
        raise NotFoundError("supplier", supplier_id)
    return supplier
