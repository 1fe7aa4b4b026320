"""Compares suppliers as they change, and keeps what people found out of those that resemble each other."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from purveyor import policies
from purveyor.db import Transaction
from purveyor.duties import expect_another
from purveyor.versions import Seen, expect_version
from sourcing.duplicates import store
from sourcing.duplicates.model import PossibleDuplicate
from sourcing.duplicates.queries import DUPLICATE_NAMES
from sourcing.duplicates.rules import SETTLED_BY_ANOTHER, Alike, pair, probe, resembles
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.store import comparing
from sourcing.suppliers.store.comparing import Compared
from sourcing.suppliers.store.rows import lock_supplier

COMPARED_AT_A_TIME = 10
SHORTEST_PROBE = 3


async def compare_changed(tx: Transaction) -> bool:
    """Compare some suppliers that changed with all others; returns whether there are more.

    Those of whom somebody may yet come before are compared again the next time.
    """
    progress = await store.lock_progress(tx)
    suppliers = await comparing.changed_since(
        tx, progress.changed_in, progress.supplier_id, COMPARED_AT_A_TIME
    )
    threshold = (await policies.history(tx, DUPLICATE_NAMES)).in_force(tx.day).value.score
    for supplier in suppliers:
        await _compare(tx, supplier, threshold)
        if supplier.ended:
            progress.changed_in, progress.supplier_id = supplier.changed_in, supplier.id
    return len(suppliers) == COMPARED_AT_A_TIME and suppliers[-1].ended


async def dismiss(tx: Transaction, pair_id: UUID, seen: Seen, reason: str) -> PossibleDuplicate:
    """Keep that two suppliers are two, as long as they are called what they are called now."""
    found = await store.get_pair(tx, pair_id)
    one, other = [await lock_supplier(tx, supplier_id) for supplier_id in (found.one_id, found.other_id)]
    found = await store.lock_pair(tx, pair_id)
    expect_version(found, seen)
    found.authors = list(dict.fromkeys((*one.authors, *other.authors)))
    expect_another(tx.actor, found.authors, SETTLED_BY_ANOTHER)
    found.settle("different", reason, tx.actor, tx.now)
    tx.audit("dismiss", "possible_duplicate", found.id, after={"verdict": "different"}, reason=reason)
    return found


async def settle_as_same(tx: Transaction, gone: Supplier, stays: Supplier, reason: str) -> None:
    """Keep that two locked suppliers were one, where somebody had asked."""
    for found in await store.pairs_of(tx, gone.id):
        if {found.one_id, found.other_id} == {gone.id, stays.id}:
            found.open_anew()
            found.authors = list(dict.fromkeys((*gone.authors, *stays.authors)))
            found.settle("same", reason, tx.actor, tx.now)


async def _compare(tx: Transaction, supplier: Compared, threshold: Decimal) -> None:
    kept = {
        one.other_id if one.one_id == supplier.id else one.one_id: one
        for one in await store.pairs_of(tx, supplier.id)
    }
    words = probe(supplier.legal_name)
    found: dict[UUID, tuple[Compared, Alike]] = {}
    if supplier.goes_on and len(words) >= SHORTEST_PROBE:
        for other in await comparing.resembling(tx, supplier, words):
            alike = resembles(supplier.legal_name, other.legal_name)
            if alike is not None and alike.score >= threshold:
                found[other.id] = other, alike
    for other_id, one in kept.items():
        if other_id not in found and one.verdict is None:
            await tx.session.delete(one)
    for other_id, (other, alike) in found.items():
        names = pair(supplier.legal_name, other.legal_name)
        _keep(tx, kept.get(other_id), supplier.id, other_id, names, alike)
    await tx.session.flush()


def _keep(
    tx: Transaction,
    kept: PossibleDuplicate | None,
    supplier_id: UUID,
    other_id: UUID,
    names: list[str],
    alike: Alike,
) -> None:
    """Note a pair; what somebody has settled of these names stays settled."""
    if kept is None:
        one_id, two_id = sorted((supplier_id, other_id))
        kept = PossibleDuplicate(one_id=one_id, other_id=two_id, version=1, authors=[], found_at=tx.now)
        tx.session.add(kept)
    elif kept.names == names:
        return
    else:
        kept.open_anew()
        kept.found_at = tx.now
    kept.names, kept.score, kept.resemblance = names, alike.score, alike.reason.value
