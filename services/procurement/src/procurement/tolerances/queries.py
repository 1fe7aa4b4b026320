"""The policies of how much more than ordered may come, and how little is enough; which rule holds where."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypeVar

from procurement.tolerances.rules import OverReceipt, Tolerance, UnderReceipt
from purveyor.policies import DIMENSIONS, History, Place, Policy

OVER_RECEIPT = Policy(
    "over-receipt",
    OverReceipt,
    "How much more than ordered may be received; a line is judged by what is in force on the day it arrives",
    frozenset(DIMENSIONS),
)
UNDER_RECEIPT = Policy(
    "under-receipt",
    UnderReceipt,
    "How much less than ordered is enough, so that the rest need not come, and whether that completes a line "
    "by itself; the day that goods arrive decides",
    frozenset(DIMENSIONS),
)

RuleT = TypeVar("RuleT", OverReceipt, UnderReceipt)


def tolerance(history: History[RuleT], on: date, place: Place, of_item: Decimal | None) -> Tolerance:
    """Return the tolerance that holds on a day at a place, of which `of_item` is what its item says itself.

    That counts as a decision about the item: a version for the supplier or the item is more precise, or
    says otherwise; one for its category, the site or everywhere is less.
    """
    version = history.in_force(on, place)
    decided = version.place.supplier_id is not None or version.place.item is not None
    if of_item is not None and not decided:
        return Tolerance(of_item, history.policy.name, None, {"item": place.item})
    named: dict[str, object] = {name: getattr(version.place, name) for name in version.place.by}
    return Tolerance(version.value.tolerance_percent, history.policy.name, version.number, named)
