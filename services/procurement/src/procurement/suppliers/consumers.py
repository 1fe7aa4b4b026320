"""Takes over what sourcing says of its suppliers: who they are, and their standing, which orders follow."""

from __future__ import annotations

from procurement.suppliers import commands
from procurement.suppliers.rules import SupplierStatus
from purveyor.db import Transaction
from purveyor_contract.events.sourcing.blocks import SupplierBlocked, SupplierUnblocked
from purveyor_contract.events.sourcing.groups import SupplierGroupChanged
from purveyor_contract.events.sourcing.merging import SuppliersMerged, SupplierWithdrawn
from purveyor_contract.events.sourcing.onboarding import SupplierAccessGranted
from purveyor_contract.events.sourcing.risk import SupplierRiskChanged
from purveyor_contract.events.sourcing.suppliers import (
    SupplierApproved,
    SupplierDetailsChanged,
    SupplierIdentityChanged,
    SupplierRegistered,
    SupplierReinstated,
    SupplierRejected,
    SupplierRestated,
    SupplierSuspended,
    SupplierTerminated,
)
from purveyor_messaging.consumer import on
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.restating import retold


async def on_registered(tx: Transaction, event: SupplierRegistered, _envelope: Envelope) -> None:
    """Begin the copy of a supplier."""
    await commands.register(tx, event)


async def on_details_changed(tx: Transaction, event: SupplierDetailsChanged, _envelope: Envelope) -> None:
    """Take over a supplier's master data."""
    await commands.change_details(tx, event)


async def on_identity_changed(tx: Transaction, event: SupplierIdentityChanged, _envelope: Envelope) -> None:
    """Keep who changed who a supplier is from approving its orders; its suspension comes by itself."""
    await commands.note_author(tx, event.supplier_id, event.changed_by)


async def on_group_changed(tx: Transaction, event: SupplierGroupChanged, _envelope: Envelope) -> None:
    """Take over to which company a supplier belongs."""
    await commands.change_group(tx, event)


async def on_access_granted(tx: Transaction, event: SupplierAccessGranted, _envelope: Envelope) -> None:
    """Keep who acts for a supplier from approving its orders, also after their access was withdrawn."""
    await commands.note_author(tx, event.supplier_id, event.subject)


async def on_approved(tx: Transaction, event: SupplierApproved, _envelope: Envelope) -> None:
    """Allow orders in the approved categories."""
    await commands.set_standing(
        tx,
        event.supplier_id,
        SupplierStatus.APPROVED,
        approvals=event.approvals,
        approver=event.approved_by,
    )


async def on_rejected(tx: Transaction, event: SupplierRejected, _envelope: Envelope) -> None:
    """Note that a supplier did not qualify."""
    await commands.set_standing(
        tx, event.supplier_id, SupplierStatus.REJECTED, approvals=(), reason=event.reason
    )


async def on_suspended(tx: Transaction, event: SupplierSuspended, _envelope: Envelope) -> None:
    """Refuse new issues from now on."""
    await commands.set_standing(tx, event.supplier_id, SupplierStatus.SUSPENDED, reason=event.reason)


async def on_reinstated(tx: Transaction, event: SupplierReinstated, _envelope: Envelope) -> None:
    """Allow orders again."""
    await commands.set_standing(
        tx,
        event.supplier_id,
        SupplierStatus.APPROVED,
        approvals=event.approvals,
        reason=event.reason,
        approver=event.reinstated_by,
    )


async def on_terminated(tx: Transaction, event: SupplierTerminated, _envelope: Envelope) -> None:
    """Refuse new issues for good."""
    await commands.set_standing(
        tx, event.supplier_id, SupplierStatus.TERMINATED, approvals=(), reason=event.reason
    )


async def on_blocks(tx: Transaction, event: SupplierBlocked | SupplierUnblocked, _envelope: Envelope) -> None:
    """Refuse new orders that a block covers, from now on, or take them again."""
    await commands.set_blocks(tx, event.supplier_id, event.blocks, event.reason)


async def on_merged(tx: Transaction, event: SuppliersMerged, _envelope: Envelope) -> None:
    """Let what names a supplier mean the one that it was merged into."""
    await commands.merge(tx, event)


async def on_withdrawn(tx: Transaction, event: SupplierWithdrawn, _envelope: Envelope) -> None:
    """Refuse whatever names a supplier that was a mistake."""
    await commands.withdraw(tx, event)


async def on_risk_changed(tx: Transaction, event: SupplierRiskChanged, _envelope: Envelope) -> None:
    """Note how risky a supplier is from now on."""
    await commands.set_risk(tx, event.supplier_id, event.level)


DESCRIPTIONS = (
    on(SupplierRegistered, on_registered),
    on(SupplierDetailsChanged, on_details_changed),
    on(SupplierIdentityChanged, on_identity_changed),
    on(SupplierGroupChanged, on_group_changed),
    on(SupplierAccessGranted, on_access_granted),
    on(SupplierRiskChanged, on_risk_changed),
)
STANDINGS = (
    on(SupplierApproved, on_approved),
    on(SupplierRejected, on_rejected),
    on(SupplierSuspended, on_suspended),
    on(SupplierReinstated, on_reinstated),
    on(SupplierTerminated, on_terminated),
    on(SupplierBlocked, on_blocks),
    on(SupplierUnblocked, on_blocks),
    on(SuppliersMerged, on_merged),
    on(SupplierWithdrawn, on_withdrawn),
)
RETOLD = retold(SupplierRestated, commands.forget, *DESCRIPTIONS, *STANDINGS)
"""A supplier's whole story again, after sourcing lost a part of it."""
