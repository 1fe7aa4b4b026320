"""Merges suppliers that are one company, clears what came over with that, and withdraws what is nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from purveyor.db import Transaction
from purveyor.duties import expect_another
from purveyor.errors import ConflictError
from purveyor.versions import Seen, expect_version
from purveyor_messaging.outbox import record
from sourcing.duplicates.commands import settle_as_same
from sourcing.grouping.commands import group_likewise
from sourcing.groups.commands import keep_whole
from sourcing.merging import store
from sourcing.merging.model import SupplierMerge
from sourcing.merging.rules import (
    CLEARED_BY_ANOTHER,
    MERGED_BY_ANOTHER,
    WITHDRAWN_BY_ANOTHER,
    Party,
    came_over,
    expect_had,
    expect_offered,
    expect_one_company,
    what_speaks_against,
    why_not_withdrawn,
)
from sourcing.reviews.commands import move_open_review
from sourcing.suppliers import commands as suppliers
from sourcing.suppliers.commands.trail import audited_status, identifiers_of
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.blocks import BlockCause
from sourcing.suppliers.rules.identity import Identity
from sourcing.suppliers.rules.qualification import Move
from sourcing.suppliers.store import belonging, ending
from sourcing.suppliers.store import rows as suppliers_store

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Merging:
    """What a category manager decides: into which, what of it goes over, and why."""

    into: UUID
    identifiers: Sequence[tuple[str, str]]
    categories: Sequence[str]
    reason: str
    told: str | None


async def merge(tx: Transaction, supplier_id: UUID, seen: Seen, merging: Merging) -> Supplier:
    """Let a supplier go on as another, which is the same company; → SuppliersMerged.

    Whatever kept from ordering from the one keeps from ordering from the other; no approval goes over.
    """
    await belonging.change_one_at_a_time(tx)
    gone, stays = await _lock_both(tx, supplier_id, merging.into)
    expect_version(gone, seen)
    gone.expect_possible(Move.MERGE)
    expect_one_company(_party(gone), _party(stays))
    authors = list(dict.fromkeys((*gone.authors, *stays.authors)))
    expect_another(tx.actor, authors, MERGED_BY_ANOTHER)
    expect_had(merging.identifiers, {(i.scheme, i.value) for i in gone.identifiers}, "identifiers")
    expect_offered(merging.categories, gone.categories, "categories")

    before, status_before = audited_status(gone), gone.status
    against = what_speaks_against(gone.display_number, gone.status, gone.status_reason)
    await keep_whole(tx, gone, stays)
    await move_open_review(tx, gone, stays)
    await settle_as_same(tx, gone, stays, merging.reason)
    await group_likewise(tx, gone, stays)
    for person in gone.represented_by:
        stays.note_representative(person)
    record(tx, gone, gone.merge_into(stays, merging.reason, merging.told, tx.actor))
    _block_likewise(tx, gone, stays, against)
    await suppliers.take_over_locked(tx, gone, stays, merging.identifiers, merging.categories)
    store.add_merge(
        tx,
        SupplierMerge(
            supplier_id=gone.id,
            version=1,
            into_id=stays.id,
            authors=authors,
            status_before=status_before.value,
            reason=merging.reason,
            merged_by=tx.actor,
            merged_at=tx.now,
            identifiers=[{"scheme": s, "value": v} for s, v in merging.identifiers],
            categories=list(merging.categories),
            speaks_against=against,
        ),
    )
    tx.audit(
        "merge",
        "supplier",
        gone.id,
        before=before,
        after=audited_status(gone) | {"merged_into": str(stays.id)},
        reason=merging.reason,
    )
    return gone


async def clear(tx: Transaction, supplier_id: UUID, seen: Seen, reason: str) -> SupplierMerge:
    """Decide that what spoke against a supplier does not speak against the one that it goes on as.

    Nobody may who merged them or wrote one of them.
    """
    await store.get_merge(tx, supplier_id)
    present = await ending.lock_present(tx, supplier_id)
    merged = await store.lock_merge(tx, supplier_id)
    expect_version(merged, seen)
    expect_another(tx.actor, (*merged.authors, *present.authors, merged.merged_by), CLEARED_BY_ANOTHER)
    merged.clear(reason, tx.actor, tx.now)
    suppliers.unblock_locked(tx, present, BlockCause.DUPLICATE, supplier_id, reason)
    tx.audit("clear", "supplier_merge", supplier_id, after={"into": str(present.id)}, reason=reason)
    return merged


async def withdraw(tx: Transaction, supplier_id: UUID, seen: Seen, reason: str, told: str | None) -> Supplier:
    """Take back a supplier that was entered by mistake, so that its numbers are free; → SupplierWithdrawn."""
    supplier = await suppliers_store.lock_supplier(tx, supplier_id)
    expect_version(supplier, seen)
    supplier.expect_possible(Move.WITHDRAW)
    expect_another(tx.actor, supplier.authors, WITHDRAWN_BY_ANOTHER)
    why = why_not_withdrawn(
        supplier.display_number,
        imported=supplier.imported,
        scored=supplier.scored_on is not None,
        merged_into_it=[other.number for other in await ending.merged_into(tx, supplier.id)],
        owns=[one.number for one in await belonging.belonging_to(tx, [supplier.id], MOST_NAMED)],
    )
    if why:
        raise ConflictError("not_withdrawable", why)
    identifiers, before = identifiers_of(supplier), audited_status(supplier)
    reference = supplier.external_reference
    record(tx, supplier, supplier.withdraw(identifiers, reason, told, tx.actor))
    await suppliers.give_up_identifiers(tx, supplier)
    freed = {"identifiers": [one.model_dump() for one in identifiers], "external_reference": reference}
    after = audited_status(supplier)
    tx.audit("withdraw", "supplier", supplier.id, before=before | freed, after=after, reason=reason)
    return supplier


async def _lock_both(tx: Transaction, one: UUID, other: UUID) -> tuple[Supplier, Supplier]:
    """Lock two suppliers in the order of their ids, as everybody does, and return them as they were named."""
    locked = {
        supplier_id: await suppliers_store.lock_supplier(tx, supplier_id)
        for supplier_id in sorted({one, other})
    }
    return locked[one], locked[other]


def _party(supplier: Supplier) -> Party:
    numbers = {(i.scheme, i.value) for i in supplier.identifiers}
    if supplier.approved_identity is not None:
        numbers |= Identity.kept(supplier.approved_identity).identifiers
    return Party(supplier.id, supplier.display_number, supplier.status, frozenset(numbers))


def _block_likewise(tx: Transaction, gone: Supplier, stays: Supplier, against: str | None) -> None:
    """Block the one that stays as the other was blocked, and for what was found against that one."""
    for block in gone.blocks:
        if block.cause == BlockCause.PERFORMANCE.value:
            continue  # what it delivered counts with the other from now on, and so does what follows of it
        suppliers.block_locked(
            tx,
            stays,
            BlockCause(block.cause),
            block.reference,
            came_over(gone.display_number, block.reason),
            block.reason_for_supplier,
            block.categories,
        )
    if against:
        suppliers.block_locked(tx, stays, BlockCause.DUPLICATE, gone.id, against, None)
