"""What budgets have to say, reckoned a second time: from documents as anybody reads them, with a pencil.

It knows quantities, prices, shares and what was called off, and nothing of ledgers and entries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")
ISSUED = {"issued", "acknowledged", "partially_received", "closed", "cancelled"}
Json = dict[str, Any]


def cents(amount: Decimal) -> Decimal:
    """Return an amount in whole cents."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def by_shares(amount: Decimal, line: Json) -> dict[str, Decimal]:
    """Return what each cost centre of a requested line bears; missing cents go to the largest remainders."""
    exact = {one["cost_centre"]: amount * Decimal(one["share"]) / 100 for one in line["assignments"]}
    borne = {centre: share.quantize(CENT, ROUND_FLOOR) for centre, share in exact.items()}
    missing = int((amount - sum(borne.values())) / CENT)
    for centre in sorted(exact, key=lambda one: borne[one] - exact[one])[:missing]:
        borne[centre] += CENT
    return borne


@dataclass
class Figures:
    """The numbers of a budget, as they are added up here."""

    budget: Decimal = NOTHING
    reserved: Decimal = NOTHING
    committed: Decimal = NOTHING
    spent: Decimal = NOTHING

    def goes_on_to(self, following: Figures) -> None:
        """Let what is open go on to another budget, with as much of this one."""
        following.budget += self.committed
        following.committed += self.committed
        self.budget -= self.committed
        self.committed = NOTHING

    def shown(self) -> list[str]:
        """Return budget, reserved, committed, spent and what is left."""
        left = self.budget - self.reserved - self.committed - self.spent
        return [f"{one:.2f}" for one in (self.budget, self.reserved, self.committed, self.spent, left)]


@dataclass
class Year:
    """The budgets of one year, by cost centre."""

    figures: dict[str, Figures] = field(default_factory=lambda: defaultdict(Figures))

    def reserve(self, requisition: Json, issued: set[str]) -> None:
        """Add what is approved of a requisition and on no order that was issued."""
        for line in requisition["lines"]:
            quantity = Decimal(line["quantity"])
            wanted = quantity
            if line["status"] == "closed_short":
                wanted = Decimal(line["ordered_quantity"])
            elif line["status"] != "approved":
                continue
            gone = sum(
                (Decimal(one["quantity"]) for one in line["orders"] if one["order_id"] in issued), NOTHING
            )
            for centre, amount in by_shares(Decimal(line["amount"]["amount"]), line).items():
                self.figures[centre].reserved += cents(amount * (wanted - gone) / quantity)

    def commit(self, order: Json, requested: Mapping[int, Json], invoiced: Mapping[int, Decimal]) -> None:
        """Add what an order wants and nobody has charged, with its freight; what was requested, by shares."""
        if order["status"] not in ISSUED:
            return
        for number, cost in self.costs(order, invoiced).items():
            borne = {order["cost_centre"]: cost}
            if number in requested:
                borne = by_shares(cost, requested[number])
            for centre, amount in borne.items():
                self.figures[centre].committed += amount

    @staticmethod
    def costs(order: Json, invoiced: Mapping[int, Decimal]) -> dict[int, Decimal]:
        """Return what is open of each line costs; freight falls on lines by their value."""
        amounts = {line["line_number"]: Decimal(line["amount"]) for line in order["lines"]}
        freight = sum((Decimal(one["amount"]) for one in order["charges"]), NOTHING)
        found = {}
        for line in order["lines"]:
            number, quantity = line["line_number"], Decimal(line["quantity"])
            landed = amounts[number] + freight * amounts[number] / sum(amounts.values())
            open_ = quantity - Decimal(line["cancelled_quantity"]) - invoiced.get(number, NOTHING)
            found[number] = cents(landed * open_ / quantity)
        return found
