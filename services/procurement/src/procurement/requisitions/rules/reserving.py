"""How much of a requested line is reserved in a budget: what is wanted of it and on no issued order."""

from __future__ import annotations

from decimal import Decimal

from procurement.requisitions.rules.lines import NOTHING, Counted, LineStatus
from procurement.requisitions.rules.states import BEING_ORDERED, IN_DECISION, Status
from purveyor.money import round_amount

LIVE = frozenset({*IN_DECISION, *BEING_ORDERED, Status.CLOSED})
"""Where something of a requisition may be reserved: not while it is written, nor once nobody wants it."""


def reserved_quantity(line: Counted, status: str, *, before_approval: bool, issued: Decimal) -> Decimal:
    """Return how much of a line is reserved; `issued` is on issued orders, which have committed it.

    With `before_approval` what nobody has decided of is reserved, too. Of a line that was closed short what
    is on orders is, until they are issued.
    """
    if status not in LIVE:
        return NOTHING
    wanted: Decimal = NOTHING
    if line.status == LineStatus.APPROVED or (before_approval and line.status == LineStatus.PENDING):
        wanted = line.quantity
    elif line.status == LineStatus.CLOSED_SHORT:
        wanted = line.ordered_quantity
    return max(wanted - issued, NOTHING)


def reserved_amount(amount: Decimal, quantity: Decimal, of: Decimal, currency: str) -> Decimal:
    """Return what is reserved of an amount, as so much of a quantity is: the amount itself for all of it."""
    return amount if quantity == of else round_amount(amount * quantity / of, currency)
