"""The most economically advantageous tender, as ProZorro reckons it (openprocurement.api, awarding.py).

Weighted = price ÷ D + life-cycle cost, with D = 1 + Σ chosen ÷ (1 - Σ max). It is rounded at the end alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from purveyor.figures import rounded

MOST_TOGETHER = Decimal("0.30")
"""What all factors beside the price may count together (Law of Ukraine on public procurement, article 29)."""


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor beside the price: how much it may count, and what a bid has of it, as shares of 1."""

    most: Decimal
    chosen: Decimal


def denominator(factors: Sequence[Factor]) -> Fraction:
    """Return D, exactly; raises ValueError for factors that count too much, together or by themselves."""
    most = sum((factor.most for factor in factors), Decimal(0))
    if most > MOST_TOGETHER:
        raise ValueError(f"factors count {most:%} together, and may count {MOST_TOGETHER:%}")
    if any(not 0 <= factor.chosen <= factor.most for factor in factors):
        raise ValueError("what a bid has of a factor lies between nothing and the most of it")
    chosen = sum((factor.chosen for factor in factors), Decimal(0))
    return 1 + Fraction(chosen) / (1 - Fraction(most))


def weighted(
    price: Decimal, factors: Sequence[Factor], life_cycle_cost: Decimal = Decimal(0), decimals: int = 2
) -> Decimal:
    """Return what bids are ranked by, the lowest first, in the currency of the price."""
    exact = Fraction(price) / denominator(factors) + Fraction(life_cycle_cost)
    return as_decimal(exact, decimals)


def as_decimal(exact: Fraction, decimals: int) -> Decimal:
    """Round a fraction half up to so many decimals, from its exact value."""
    scaled = exact * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return rounded(Decimal(whole).scaleb(-decimals), decimals)
