"""Sourcing's supplier events, as far as a league table needs them."""

from __future__ import annotations

from purveyor.db import Transaction
from purveyor_contract.events.sourcing.merging import SuppliersMerged, SupplierWithdrawn
from purveyor_contract.events.sourcing.suppliers import (
    SupplierApproved,
    SupplierDetailsChanged,
    SupplierEvent,
    SupplierRegistered,
    SupplierReinstated,
    SupplierRejected,
    SupplierRestated,
    SupplierSuspended,
    SupplierTerminated,
)
from purveyor_messaging.consumer import Consumer, Handler, on
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.restating import retold
from supplier_performance.suppliers import commands


async def on_supplier_registered(tx: Transaction, event: SupplierRegistered, _envelope: Envelope) -> None:
    """Learn a supplier's number and name."""
    await commands.register(tx, event.supplier_id, event.number, event.legal_name)


async def on_details_changed(tx: Transaction, event: SupplierDetailsChanged, _envelope: Envelope) -> None:
    """Learn a supplier's new name."""
    await commands.rename(tx, event.supplier_id, event.legal_name)


def becomes(status: str) -> Handler[SupplierEvent]:
    """Return a handler that notes a supplier's new state."""

    async def on_decision(tx: Transaction, event: SupplierEvent, _envelope: Envelope) -> None:
        await commands.set_status(tx, event.supplier_id, status)

    return on_decision


async def on_merged(tx: Transaction, event: SuppliersMerged, _envelope: Envelope) -> None:
    """Count a supplier's deliveries with those of the one that it is."""
    await commands.merge(tx, event.supplier_id, event.into_supplier_id)


STORY = (
    on(SupplierRegistered, on_supplier_registered),
    on(SupplierDetailsChanged, on_details_changed),
    on(SupplierApproved, becomes("approved")),
    on(SupplierRejected, becomes("rejected")),
    on(SupplierSuspended, becomes("suspended")),
    on(SupplierReinstated, becomes("approved")),
    on(SupplierTerminated, becomes("terminated")),
    on(SupplierWithdrawn, becomes("withdrawn")),
    on(SuppliersMerged, on_merged),
)
SUPPLIERS = Consumer(
    "supplier-performance.suppliers",
    "sourcing.suppliers",
    (*STORY, retold(SupplierRestated, commands.forget, *STORY)),
)
