"""How bids are judged: each formula with its arithmetic, weighted by level, ranked with ties.

Points are of 100. What is reckoned is not rounded before it is shown; the source of each formula is in its
function.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

HUNDRED, NONE = Decimal(100), Decimal(0)
DIGITS = 50
"""Of quotients, so that the order of two bids is never that of how they were rounded."""


def lowest(values: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return lowest ÷ value × 100: the usual formula of price points (World Bank, SPD for RFP, 35.2).

    What costs nothing gets 100 points; beside it, whatever costs something gets none.
    """
    if not values:
        return {}
    least = min(values.values())
    with localcontext(prec=DIGITS):
        return {
            bidder: HUNDRED if value == least else least / value * HUNDRED for bidder, value in values.items()
        }


def linear(values: Mapping[str, Decimal], best: Decimal, worst: Decimal) -> dict[str, Decimal]:
    """Return the points between two bounds: 100 at the best and beyond, none at the worst and beyond.

    (value - worst) ÷ (best - worst) × 100; the best may be the larger number or the smaller one. Raises
    ValueError for bounds that are one.
    """
    if best == worst:
        raise ValueError("the best and the worst are one")
    with localcontext(prec=DIGITS):
        return {
            bidder: min(HUNDRED, max(NONE, (value - worst) / (best - worst) * HUNDRED))
            for bidder, value in values.items()
        }


def ranked(values: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return points by rank: 100 for the lowest value, none for the highest, equal steps between.

    (n - place) ÷ (n - 1) × 100; who is equal shares the better place, and a bid alone gets 100.
    """
    count = len(values)
    if count == 1:
        return dict.fromkeys(values, HUNDRED)
    ordered = sorted(values.values())
    with localcontext(prec=DIGITS):
        return {
            bidder: Decimal(count - 1 - ordered.index(value)) / (count - 1) * HUNDRED
            for bidder, value in values.items()
        }


@dataclass(frozen=True, slots=True)
class Weighed:
    """A criterion in the tree: its weight of 100 among those of its parent."""

    code: str
    parent: str | None
    weight: Decimal


def shares(criteria: Sequence[Weighed]) -> dict[str, Decimal]:
    """Return what each criterion that none is a part of counts, of 100: the weights down to it multiplied.

    Where the weights of each level add up to 100, so do these.
    """
    by_code = {one.code: one for one in criteria}
    parents = {one.parent for one in criteria}
    found = {}
    with localcontext(prec=DIGITS):
        for one in criteria:
            if one.code in parents:
                continue
            share, at = one.weight, one.parent
            while at is not None:
                share, at = share * by_code[at].weight / HUNDRED, by_code[at].parent
            found[one.code] = share
    return found


def total(points: Mapping[str, Decimal], counting: Mapping[str, Decimal]) -> Decimal:
    """Return the weighted points of a bid, of 100: points × share ÷ 100, added up over the criteria."""
    with localcontext(prec=DIGITS):
        return sum((points[code] * share / HUNDRED for code, share in counting.items()), NONE)


def places(results: Mapping[str, Decimal], *, highest_first: bool = True) -> dict[str, int]:
    """Return the place of each bid, the best first; who is equal shares the better place (1, 2, 2, 4)."""
    ordered = sorted(results.values(), reverse=highest_first)
    return {bidder: ordered.index(result) + 1 for bidder, result in results.items()}
