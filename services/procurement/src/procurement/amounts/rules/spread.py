"""Spreads an amount over lines, such as freight for their landed cost, to the last cent."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from purveyor.errors import InvalidError
from purveyor.money import minor_units, round_amount

KeyT = TypeVar("KeyT", int, str)


def spread(amount: Decimal, shares: Mapping[KeyT, Decimal], currency: str) -> dict[KeyT, Decimal]:
    """Return how much of an amount falls on each line, by its share: a value, a quantity or a weight.

    The parts add up to the rounded amount. Each gets what its share is worth, rounded down, and the cents
    that are left go to the largest remainders (Hamilton's method); of equal ones to the line with the lowest
    key, so that the order in which lines are named changes nothing.

    Raises InvalidError where a share is below zero, and where none is above it: there is nothing to go by.
    """
    if any(share < 0 for share in shares.values()):
        raise InvalidError("share_negative", "An amount is spread by shares of zero and above only.")
    whole = sum(map(Fraction, shares.values()), Fraction(0))
    if not whole:
        raise InvalidError(
            "nothing_to_spread_over", "No line has a share of the amount: spread it by something else."
        )
    cent = Decimal(1).scaleb(-minor_units(currency))
    cents = int(round_amount(abs(amount), currency) / cent)
    exact = {key: cents * Fraction(share) / whole for key, share in shares.items()}
    parts = {key: int(part) for key, part in exact.items()}
    left = cents - sum(parts.values())
    for key in sorted(exact, key=lambda key: (parts[key] - exact[key], key))[:left]:
        parts[key] += 1
    sign = -1 if amount < 0 else 1
    return {key: sign * part * cent for key, part in parts.items()}
