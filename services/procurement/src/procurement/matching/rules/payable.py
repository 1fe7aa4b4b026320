"""What makes more payable than lines, charges and taxes do: nothing that an order says asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from procurement.invoices.rules.terms import Adjustment
from procurement.matching.rules.exceptions import ExceptionKind, Finding

NOTHING, ONE = Decimal(0), Decimal(1)
"""Who rounds what is due rounds it by less than one unit of the currency (BT-114)."""


def payable_findings(
    rounding: Decimal | None, prepaid: Decimal | None, adjustments: Iterable[Adjustment]
) -> Iterator[Finding]:
    """Yield what raises what is due of a whole invoice, beside what is charged and taxed."""
    if rounding is not None and abs(rounding) >= ONE:
        why = f"What is due is rounded by {rounding:f} (BT-114): less than one unit is rounding."
        yield Finding(ExceptionKind.AMOUNT, why, None, NOTHING, rounding)
    if prepaid is not None and prepaid < NOTHING:
        why = f"It says that {prepaid:f} was paid before (BT-113), which raises what is due."
        yield Finding(ExceptionKind.AMOUNT, why, None, NOTHING, prepaid)
    yield from adjustment_findings(adjustments)


def adjustment_findings(adjustments: Iterable[Adjustment], position: int | None = None) -> Iterator[Finding]:
    """Yield allowances and charges below zero: each is the other one, and shows as what it is not."""
    for one in adjustments:
        if one.amount is not None and one.amount < NOTHING:
            what = "A charge" if one.is_charge else "An allowance"
            why = f"{what} is below zero: {one.amount:f}."
            yield Finding(ExceptionKind.AMOUNT, why, position, NOTHING, one.amount)
