"""By what goods of an order are judged on the day that they arrive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from procurement.orders.rules.expected import Awaited
from procurement.receipts.queries import REJECTED_GOODS, REMAINING_LIFE
from procurement.receipts.rules.completing import Enough
from procurement.receipts.rules.rejecting import RejectedGoods, RejectedIs
from procurement.receipts.rules.tracking import RemainingLife, ShortLifeIs
from procurement.tolerances.queries import OVER_RECEIPT, UNDER_RECEIPT, tolerance
from procurement.tolerances.rules import OverReceipt, Tolerance, UnderReceipt
from purveyor import policies
from purveyor.db import Transaction
from purveyor.policies import History, Place


@dataclass(frozen=True, slots=True)
class Judging:
    """What is in force for the lines of an order on a day."""

    awaited: Awaited
    day: date
    over_receipt: History[OverReceipt]
    under_receipt: History[UnderReceipt]
    rejected_goods: History[RejectedGoods]
    remaining_life: History[RemainingLife]

    @classmethod
    async def on(cls, tx: Transaction, awaited: Awaited, day: date) -> Judging:
        """Return what is in force on a day."""
        return cls(
            awaited,
            day,
            await policies.history(tx, OVER_RECEIPT),
            await policies.history(tx, UNDER_RECEIPT),
            await policies.history(tx, REJECTED_GOODS),
            await policies.history(tx, REMAINING_LIFE),
        )

    def place(self, number: int) -> Place:
        """Return where goods of a line arrive."""
        order, balance = self.awaited.order, self.awaited.balances[number]
        return Place(
            supplier_id=order.supplier_id,
            item=balance.item,
            category=balance.category,
            site=order.site,
            business_unit=order.business_unit,
        )

    def over(self, number: int) -> Tolerance:
        """Return how much more than ordered of a line may come."""
        item = self.awaited.items.get(number)
        own = item.over_receipt_tolerance if item else None
        return tolerance(self.over_receipt, self.day, self.place(number), own)

    def under(self, number: int) -> Enough:
        """Return how much less than ordered of a line is enough."""
        item, place = self.awaited.items.get(number), self.place(number)
        own = item.under_receipt_tolerance if item else None
        by_itself = self.under_receipt.in_force(self.day, place).value.completes_by_itself
        return Enough(tolerance(self.under_receipt, self.day, place, own), by_itself)

    def rejected_is(self, number: int) -> RejectedIs:
        """Return what becomes of rejected goods of a line where their receipt does not say so."""
        return self.rejected_goods.in_force(self.day, self.place(number)).value.rejected_is

    def short_life_is(self, number: int) -> ShortLifeIs:
        """Return what becomes of goods of a line that cannot be used for long enough."""
        return self.remaining_life.in_force(self.day, self.place(number)).value.short_is
