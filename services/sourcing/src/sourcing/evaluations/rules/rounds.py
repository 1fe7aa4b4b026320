"""Who takes part in the next round, and what bidders are told of the last one."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from sourcing.evaluations.rules.meat import as_decimal
from sourcing.evaluations.rules.results import EvaluatedLot, EvaluationResult

NEAR = Fraction(10, 100)
"""How far above the lowest amount a bid is near it."""


class Light(StrEnum):
    """How a bid stands: it wins, it is near the best, or neither."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


def best_of(result: EvaluationResult, places: int) -> list[UUID]:
    """Return who has one of the best places in any lot."""
    found = {
        bid.supplier_id
        for lot in result.lots
        for bid in lot.bids
        if bid.place is not None and bid.place <= places
    }
    return sorted(found)


def lowest_amount(lot: EvaluatedLot) -> Decimal | None:
    """Return the lowest amount of those that have a place."""
    amounts = [bid.amount for bid in lot.bids if bid.place is not None and bid.amount is not None]
    return min(amounts, default=None)


def gap_percent(lot: EvaluatedLot, own: Decimal | None) -> Decimal | None:
    """Return by how much an amount lies above the lowest, in percent with two decimals."""
    least = lowest_amount(lot)
    if own is None or not least:
        return None
    return as_decimal((Fraction(own) / Fraction(least) - 1) * 100, 2)


def light(lot: EvaluatedLot, place: int | None, own: Decimal | None) -> Light:
    """Return how a bid stands in a lot."""
    if place == 1:
        return Light.GREEN
    least = lowest_amount(lot)
    if place is None or own is None or least is None or Fraction(own) > Fraction(least) * (1 + NEAR):
        return Light.RED
    return Light.YELLOW
