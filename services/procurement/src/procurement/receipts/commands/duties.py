"""Who takes goods in, and them back, by what is in force."""

from __future__ import annotations

from procurement.orders.rules.expected import Awaited
from procurement.receipts.queries import RECEIVING_DUTIES
from procurement.receipts.rules.duties import check_receiver, kept_from_receiving
from purveyor import policies
from purveyor.db import Transaction
from purveyor.policies import Place


async def check_duties(tx: Transaction, awaited: Awaited) -> frozenset[str]:
    """Return who takes neither an order's goods in nor them back; raises ForbiddenError for one of them."""
    order = awaited.order
    duties = (await policies.history(tx, RECEIVING_DUTIES)).in_force(
        order.today, Place(business_unit=order.business_unit)
    )
    kept_apart = kept_from_receiving(order, awaited.parts, duties.value)
    check_receiver(tx.actor, kept_apart)
    return frozenset().union(*kept_apart.values())
