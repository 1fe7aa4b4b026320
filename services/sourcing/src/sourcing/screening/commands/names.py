"""States what else a supplier is called, and who owns it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from purveyor.db import Transaction
from purveyor.errors import PreconditionRequiredError
from purveyor.pending import Personal
from purveyor.versions import Seen, expect_version
from sourcing.screening.model.names import ScreenedNames
from sourcing.screening.rules.parties import Named
from sourcing.screening.store import names as store
from sourcing.screening.store import runs
from sourcing.suppliers.store.rows import lock_supplier


async def state(
    tx: Transaction, supplier_id: UUID, seen: Seen | None, names: Sequence[Named]
) -> ScreenedNames:
    """State the aliases and owners of a supplier, all of them; it is held against the lists by them.

    Raises NotFoundError, and PreconditionFailedError when they are not what the caller saw.
    """
    supplier = await lock_supplier(tx, supplier_id)
    there = await store.stated(tx, supplier_id)
    kept = [{"name": named.text, "role": named.role.value} for named in names]
    if there is None:
        there = ScreenedNames(
            supplier_id=supplier_id, version=1, names=[], stated_by=tx.actor, stated_at=tx.now
        )
        store.keep(tx, there)
    elif there.names != kept:
        if seen is None:
            raise PreconditionRequiredError("if_match_required", "Send If-Match with the ETag that you saw.")
        expect_version(there, seen)
    if there.names != kept:
        before = {"names": [Personal(one) for one in there.names]}
        after = {"names": [Personal(one) for one in kept]}
        tx.audit("state_names", "supplier", supplier_id, before=before, after=after)
        there.names, there.stated_by, there.stated_at = kept, tx.actor, tx.now
        supplier.note_author(tx.actor)
        await runs.note(tx, [supplier_id])
    return there
