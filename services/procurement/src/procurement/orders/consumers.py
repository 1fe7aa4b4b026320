"""Follows sourcing's suppliers: what changes a supplier's standing flags its open orders, or unflags them."""

from __future__ import annotations

from procurement.orders import commands
from procurement.suppliers.consumers import DESCRIPTIONS, RETOLD, STANDINGS
from procurement.suppliers.store import company_of
from purveyor.db import Transaction
from purveyor_contract.events.sourcing.suppliers import SupplierEvent
from purveyor_messaging.consumer import Consumer, Subscription
from purveyor_messaging.envelope import Envelope


def _then_flag(standing: Subscription) -> Subscription:
    """Flag the supplier's open orders in the transaction that notes its standing, and after it.

    So are those of suppliers that were merged into it, and of the one that it was merged into.

    The supplier's row is locked first: an order that is being issued meanwhile either waits and is refused,
    or is done and gets its flag.
    """

    async def handle(tx: Transaction, event: SupplierEvent, envelope: Envelope) -> None:
        await standing.handle(tx, event, envelope)
        for supplier_id in await company_of(tx, event.supplier_id):
            await commands.flag_open_orders(tx, supplier_id)

    return Subscription(standing.event, handle)


SUPPLIERS = Consumer(
    "procurement.suppliers", "sourcing.suppliers", (*DESCRIPTIONS, *map(_then_flag, (*STANDINGS, RETOLD)))
)
