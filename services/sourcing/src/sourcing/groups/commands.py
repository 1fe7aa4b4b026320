"""Says to which company a supplier belongs, and keeps that whole when two turn out to be one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.versions import Seen
from purveyor_messaging.outbox import record
from sourcing.groups import queries
from sourcing.suppliers.commands import await_confirmation
from sourcing.suppliers.commands.trail import audited_parent, expect_changeable, lock_as_seen
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.belonging import expect_apart, expect_possible, refused
from sourcing.suppliers.store import belonging as store
from sourcing.suppliers.store.rows import GONE, get_supplier

MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Parent:
    """The company that a supplier belongs to, by how many percent, and where that was found."""

    id: UUID
    share: Decimal | None
    source: str | None


async def state_parent(tx: Transaction, supplier_id: UUID, seen: Seen, parent: Parent | None) -> Supplier:
    """Let a supplier belong to a company, or to none; → SupplierGroupChanged.

    An approved one is not ordered from until somebody else has confirmed that: it is who it is, too.
    """
    await store.change_one_at_a_time(tx)
    supplier = await lock_as_seen(tx, supplier_id, seen)
    expect_changeable(supplier)
    if parent is not None:
        await _expect_possible(tx, supplier, parent.id)
    before, was = audited_parent(supplier), supplier.identity()
    if parent is None:
        told = supplier.belong_to(None, None, None, tx.actor)
    else:
        told = supplier.belong_to(parent.id, parent.share, parent.source, tx.actor)
    after = audited_parent(supplier)
    if after == before:
        return supplier
    supplier.note_author(tx.actor)
    record(tx, supplier, told)
    tx.audit("state_parent", "supplier", supplier.id, before=before, after=after)
    await_confirmation(tx, supplier, was, supplier.identity())
    await tx.flush()
    return supplier


async def keep_whole(tx: Transaction, gone: Supplier, stays: Supplier) -> None:
    """Let what belonged to a locked supplier belong to the one that it goes on as; raises ConflictError.

    Whoever names the one means the other, so nothing is written but where the other belonged to the one. The
    caller has seen to it that nobody changes groups meanwhile.
    """
    above = await store.above(tx, stays.id)
    expect_apart(gone.display_number, stays.display_number, gone.id, above[1:])
    if above[:1] == [gone.id]:
        before = audited_parent(stays)
        record(tx, stays, stays.belong_to(None, None, None, tx.actor))
        tx.audit("state_parent", "supplier", stays.id, before=before, after=audited_parent(stays))


async def _expect_possible(tx: Transaction, supplier: Supplier, parent_id: UUID) -> None:
    try:
        parent = await get_supplier(tx, parent_id)
    except NotFoundError:
        raise refused(
            "parent_unknown", "No supplier has this id: a company that nobody buys from is registered, too."
        ) from None
    if parent.status in GONE:
        raise refused(
            "parent_ended", f"{parent.display_number} is {parent.status}: name the company that there is."
        )
    below = await queries.below(tx, supplier.id, MOST_COUNTED)
    expect_possible(supplier.id, parent.id, await store.above(tx, parent.id), len(below))
