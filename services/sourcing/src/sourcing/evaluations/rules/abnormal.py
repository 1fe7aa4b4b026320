"""Bids that are abnormally low, which have to be justified before they can win (ProZorro, awarding.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

UNDER_MEAN, UNDER_NEXT = Fraction(40, 100), Fraction(30, 100)
LEAST_BIDDERS = 2


class Why(StrEnum):
    """Why a bid is abnormally low."""

    UNDER_MEAN = "under_mean"
    UNDER_NEXT = "under_next"


@dataclass(frozen=True, slots=True)
class AbnormallyLow:
    """That a bid is abnormally low, and what it was held against."""

    bidder: str
    amount: Decimal
    why: Why
    against: Fraction
    under: Fraction
    """By which share of that it is lower."""


def abnormally_low(initial: Mapping[str, Decimal], final: Mapping[str, Decimal]) -> list[AbnormallyLow]:
    """Return which final amounts are abnormally low, each with every reason.

    40 % or more under the mean of the others' initial amounts, or 30 % or more under the next higher final
    one. `initial` and `final` have the same bidders; where there is one alone, nothing can be said.
    """
    if len(final) < LEAST_BIDDERS:
        return []
    found = []
    for bidder, amount in final.items():
        others = [Fraction(one) for other, one in initial.items() if other != bidder]
        higher = [Fraction(one) for one in final.values() if one > amount]
        compared = [(Why.UNDER_MEAN, sum(others, Fraction(0)) / len(others), UNDER_MEAN)]
        if higher:
            compared.append((Why.UNDER_NEXT, min(higher), UNDER_NEXT))
        for why, against, threshold in compared:
            if against > 0 and (under := 1 - Fraction(amount) / against) >= threshold:
                found.append(AbnormallyLow(bidder, amount, why, against, under))
    return found
