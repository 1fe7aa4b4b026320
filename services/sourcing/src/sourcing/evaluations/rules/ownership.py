"""What an item costs to own, each part apart: exactly, in the tender's currency at its fixed rates.

The sources are the total cost of ownership of Ellram (1995) and, of payment terms, simple interest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from sourcing.bids.rules.content import BidContent, BidPrice
from sourcing.bids.rules.quantities import sold, unit_price
from sourcing.evaluations.rules.inputs import DutyRate, Known
from sourcing.tenders.rules.content import TenderItem
from sourcing.tenders.rules.criteria import TenderOwnership

PERCENT, MILLION, DAYS = 100, 1_000_000, 365


class Part(StrEnum):
    """What an item costs to own is made of these."""

    PRICE = "price"
    FREIGHT = "freight"
    DUTY = "duty"
    PAYMENT = "payment"
    POOR_QUALITY = "poor_quality"
    INVENTORY = "inventory"
    SWITCHING = "switching"
    LIFE_CYCLE = "life_cycle"


@dataclass(frozen=True, slots=True)
class Offered:
    """An item as a bidder offers it, with what is known of that bidder and of its category."""

    item: TenderItem
    price: BidPrice
    supplier_id: UUID
    rate: Decimal
    """How much of the bid's currency is one unit of the tender's."""
    payment_days: int
    off: Decimal
    """What is taken off because a bundle is won, in percent."""
    known: Known
    median: Known


@dataclass(frozen=True, slots=True)
class Owned:
    """What an item costs to own, exactly."""

    quantity: Decimal
    unit_price: Decimal
    parts: dict[Part, Fraction]
    estimated: tuple[Part, ...]
    """Reckoned by the median of the category, for want of data on the supplier."""
    unknown: tuple[Part, ...]
    """Nothing is known of these, nor of others of the category: they count nothing."""

    @property
    def total(self) -> Fraction:
        """All parts together."""
        return sum(self.parts.values(), Fraction(0))


def off_for(bid: BidContent, items: Sequence[int]) -> dict[int, Decimal]:
    """Return what is taken off each item of a lot because bundles are won with it, in percent.

    A bundle counts whose items all lie in the lot, which is awarded together; of several the most.
    """
    found: dict[int, Decimal] = {}
    for bundle in bid.bundles:
        if bundle.percent_off is not None and set(bundle.items) <= set(items):
            for item in bundle.items:
                found[item] = max(found.get(item, Decimal(0)), bundle.percent_off)
    return found


def owned(offered: Offered, terms: TenderOwnership, duties: Sequence[DutyRate]) -> Owned:
    """Return what an item costs to own."""
    item, price, rate = offered.item, offered.price, Fraction(offered.rate)
    quantity = sold(item.quantity, price)
    unit = unit_price(quantity, price)
    amount = Fraction(quantity) * Fraction(unit) * (1 - Fraction(offered.off) / PERCENT) / rate
    freight = Fraction(price.freight or 0) / rate
    estimated, unknown = list[Part](), list[Part]()

    def of(part: Part, own: Decimal | None, median: Decimal | None) -> Fraction:
        if own is None:
            (unknown if median is None else estimated).append(part)
        return Fraction(own if own is not None else median or 0)

    parts = {Part.PRICE: amount, Part.FREIGHT: freight}
    if terms.duties:
        percent = duty_percent(price, duties)
        if percent is None:
            unknown.append(Part.DUTY)
        parts[Part.DUTY] = (amount + freight) * Fraction(percent or 0) / PERCENT
    if terms.payment_rate is not None:
        parts[Part.PAYMENT] = -amount * Fraction(terms.payment_rate) / PERCENT * offered.payment_days / DAYS
    if terms.reject_cost is not None:
        ppm = of(Part.POOR_QUALITY, offered.known.rejected_ppm, offered.median.rejected_ppm)
        parts[Part.POOR_QUALITY] = amount * ppm / MILLION * Fraction(terms.reject_cost) / PERCENT
    if terms.holding_rate is not None:
        spread = max(Fraction(0), of(Part.INVENTORY, offered.known.days_late, offered.median.days_late))
        days = (price.lead_time_days or 0) + spread
        parts[Part.INVENTORY] = amount * Fraction(terms.holding_rate) / PERCENT * days / DAYS
    if item.switching_cost is not None and item.incumbent != offered.supplier_id:
        parts[Part.SWITCHING] = Fraction(item.switching_cost)
    if terms.discount_rate is not None:
        growth = 1 + Fraction(terms.discount_rate) / PERCENT
        parts[Part.LIFE_CYCLE] = sum(
            (Fraction(cost) / rate / growth**year for year, cost in enumerate(price.yearly_costs, 1)),
            Fraction(0),
        )
    return Owned(quantity, unit, parts, tuple(estimated), tuple(unknown))


def duty_percent(price: BidPrice, duties: Sequence[DutyRate]) -> Decimal | None:
    """Return what is paid on an item: by the longest code of its origin that its own begins with."""
    if price.origin is None or price.hs_code is None:
        return None
    of = [one for one in duties if one.origin == price.origin and price.hs_code.startswith(one.hs_code)]
    return max(of, key=lambda one: len(one.hs_code)).percent if of else None
