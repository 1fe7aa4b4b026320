"""What a quantity costs: whole packs, the least that is sold, the break that it falls in."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from sourcing.bids.rules.content import BidPrice


def sold(needed: Decimal, price: BidPrice) -> Decimal:
    """Return how many are bought so that what is needed is there: the least quantity, in whole packs.

    Need 150, packs of 100: 200. The minimum value is met by more of it, unless it costs nothing.
    """
    quantity = max(needed, price.minimum_quantity or Decimal(0))
    quantity = _in_packs(quantity, price.pack_size)
    least = price.minimum_value
    if least is None or quantity * unit_price(quantity, price) >= least:
        return quantity
    for bound, unit in _ranges(price):
        if unit > 0:
            enough = _in_packs(max(quantity, bound, least / unit), price.pack_size)
            if unit_price(enough, price) == unit and enough * unit >= least:
                return enough
    return quantity


def unit_price(quantity: Decimal, price: BidPrice) -> Decimal:
    """Return what one unit costs when so many are bought."""
    found = price.price
    for one in price.breaks:
        if quantity >= one.from_quantity:
            found = one.price
    return found


def amount(needed: Decimal, price: BidPrice) -> Decimal:
    """Return what is paid for what is needed, unrounded, in the currency of the bid."""
    quantity = sold(needed, price)
    return quantity * unit_price(quantity, price)


def _in_packs(quantity: Decimal, pack: Decimal | None) -> Decimal:
    if pack is None:
        return quantity
    return (quantity / pack).to_integral_value(ROUND_CEILING) * pack


def _ranges(price: BidPrice) -> list[tuple[Decimal, Decimal]]:
    return [(Decimal(0), price.price), *((one.from_quantity, one.price) for one in price.breaks)]
