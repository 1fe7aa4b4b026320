"""How a figure becomes points, from 0 to 100, and how sure a share is. Pure."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from supplier_performance.kpis.rules.grammar import Direction
from supplier_performance.templates.rules.template import How, Step, Worth

NOTHING, ALL = Fraction(0), Fraction(100)
Z = Decimal("1.959963984540054")
"""The quantile of the normal distribution that leaves one in forty on either side: 95 % within."""


def points(figure: Decimal, worth: Worth, direction: Direction) -> Fraction:
    """Return the points of a figure, exactly; a template that was checked states all that is read here."""
    match worth:
        case Worth(how=How.LINEAR, floor=Decimal() as floor, target=Decimal() as target):
            return _between(Fraction(figure), Fraction(floor), Fraction(target))
        case Worth(
            how=How.TOLERANCE,
            target=Decimal() as target,
            tolerance=Decimal() as tolerance,
            limit=Decimal() as limit,
        ):
            off = abs(Fraction(figure) - Fraction(target))
            if off <= tolerance:
                return ALL
            return _between(off, Fraction(limit), Fraction(tolerance)) if off < limit else NOTHING
        case Worth(steps=list() as steps):
            return max(
                (Fraction(step.points) for step in steps if _reached(figure, step, direction)),
                default=NOTHING,
            )
    raise ValueError(f"{worth} was not checked")


def interval(numerator: Decimal, denominator: Decimal) -> tuple[Decimal, Decimal] | None:
    """Return between which shares the true one lies with 95 % confidence, from 0 to 1; None for no share.

    Wilson's score interval (Wilson 1927): with p the share and n the sample,
    (p + z² ÷ 2n ± z √(p (1 − p) ÷ n + z² ÷ 4n²)) ÷ (1 + z² ÷ n).
    """
    if not 0 <= numerator <= denominator or not denominator:
        return None
    share, square = numerator / denominator, Z * Z
    middle = share + square / (2 * denominator)
    off = Z * (share * (1 - share) / denominator + square / (4 * denominator * denominator)).sqrt()
    whole = 1 + square / denominator
    return max(Decimal(0), (middle - off) / whole), min(Decimal(1), (middle + off) / whole)


def _between(figure: Fraction, floor: Fraction, target: Fraction) -> Fraction:
    return min(ALL, max(NOTHING, ALL * (figure - floor) / (target - floor)))


def _reached(figure: Decimal, step: Step, direction: Direction) -> bool:
    return figure >= step.figure if direction is Direction.HIGHER else figure <= step.figure
