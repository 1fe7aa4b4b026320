"""What a tier costs."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from sourcing.contracts.rules.content import PriceTier

PLACES = Decimal("0.000001")
HUNDRED = Decimal(100)


def tier_price(tier: PriceTier, list_price: Decimal | None) -> Decimal:
    """Return the price of a tier: as stated, or the list's less its discount, half up to six places."""
    if tier.price is not None:
        return tier.price
    if tier.discount_percent is None or list_price is None:
        raise ValueError("a tier was checked to have a price, or a discount off one")
    return (list_price * (HUNDRED - tier.discount_percent) / HUNDRED).quantize(PLACES, ROUND_HALF_UP)
