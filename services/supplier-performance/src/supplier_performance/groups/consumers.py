"""Takes over who belongs to whom.

A consumer of its own, beside the one that keeps suppliers: a new one reads its topic from the beginning.
"""

from __future__ import annotations

from purveyor.db import Transaction
from purveyor_contract.events.sourcing.groups import SupplierGroupChanged
from purveyor_contract.events.sourcing.suppliers import SupplierRestated
from purveyor_messaging.consumer import Consumer, on
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.restating import retold
from supplier_performance.groups import store


async def on_group_changed(tx: Transaction, event: SupplierGroupChanged, _envelope: Envelope) -> None:
    """Note which company a supplier belongs to from now on, if any."""
    if event.parent_id is None:
        await store.forget(tx, event.supplier_id)
    else:
        await store.keep(tx, event.supplier_id, event.parent_id)


HANDLED = (on(SupplierGroupChanged, on_group_changed),)
GROUPS = Consumer(
    "supplier-performance.groups",
    "sourcing.suppliers",
    (*HANDLED, retold(SupplierRestated, store.forget, *HANDLED)),
)
