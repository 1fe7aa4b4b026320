"""What has become of what a line orders: one identity, of which each part is counted once.

ordered + over = called off + accepted + refused for good + open
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum
from typing import Protocol

NONE = Decimal(0)
HUNDRED = Decimal(100)
CENT = Decimal("0.01")


class ClosedAs(StrEnum):
    """Why nothing more is to come of a line."""

    COMPLETE = "complete"
    UNDER_TOLERANCE = "under_tolerance"
    SHORT = "short"
    CANCELLED = "cancelled"


CALLED_OFF = frozenset({ClosedAs.SHORT, ClosedAs.CANCELLED})
"""As what a line is closed whose rest is not wanted any more: nothing of it is received."""


class Counted(Protocol):
    """What was ordered on a line, called off, and what came of it."""

    @property
    def quantity(self) -> Decimal:
        """What the version in force orders."""

    @property
    def cancelled_quantity(self) -> Decimal:
        """What of it was called off."""

    @property
    def received_quantity(self) -> Decimal:
        """All that arrived."""

    @property
    def rejected_quantity(self) -> Decimal:
        """What of that was refused."""

    @property
    def refused_for_good_quantity(self) -> Decimal:
        """What of what was refused is not owed again."""


class Priced(Counted, Protocol):
    """A line with what all that it orders is worth."""

    @property
    def amount(self) -> Decimal:
        """Its worth."""


def accepted_quantity(line: Counted) -> Decimal:
    """Return what arrived and was not refused."""
    return line.received_quantity - line.rejected_quantity


def due_quantity(line: Counted) -> Decimal:
    """Return what a line is to bring in all: ordered, and neither called off nor refused for good."""
    return max(line.quantity - line.cancelled_quantity - line.refused_for_good_quantity, NONE)


def open_quantity(line: Counted) -> Decimal:
    """Return what is still to come."""
    return max(due_quantity(line) - accepted_quantity(line), NONE)


def over_quantity(line: Counted) -> Decimal:
    """Return what was accepted above what was to come."""
    wanted = line.quantity - line.cancelled_quantity - line.refused_for_good_quantity
    return max(accepted_quantity(line) - wanted, NONE)


def settled_quantity(line: Counted) -> Decimal:
    """Return what no amendment orders away: accepted, or refused for good."""
    return accepted_quantity(line) + line.refused_for_good_quantity


def line_percent(line: Counted) -> Decimal | None:
    """Return how much of what a line is to bring was accepted; 100 when nothing is open, and only then.

    None where nothing is due.
    """
    due = due_quantity(line)
    if due <= 0:
        return None
    return _percent(min(accepted_quantity(line), due), due, is_open=open_quantity(line) > 0)


def order_percent(lines: Iterable[Priced]) -> Decimal | None:
    """Return how much of what an order is to bring was accepted: its lines' shares, weighted by their worth.

    What was called off counts nowhere, so that an order of which no more is to come is at 100 %, and more
    than ordered of one line makes up for nothing that is missing of another. Where all is free of charge
    every line weighs the same. It is at 100 % only when nothing is open, of what is free of charge neither.
    """
    counted = [(line, due) for line in lines if (due := due_quantity(line)) > 0]
    if not counted:
        return None
    with localcontext(prec=60):
        shares = [min(accepted_quantity(line), due) / due for line, due in counted]
        worth = [line.amount * due / line.quantity for line, due in counted]
        weights = worth if any(worth) else [Decimal(1)] * len(counted)
        return _percent(
            sum((share * weight for share, weight in zip(shares, weights, strict=True)), NONE),
            sum(weights, NONE),
            is_open=any(open_quantity(line) > 0 for line, _ in counted),
        )


def _percent(part: Decimal, whole: Decimal, *, is_open: bool) -> Decimal:
    """Return a share rounded half up, but to 100 only when nothing is open."""
    found = (HUNDRED * part / whole).quantize(CENT, ROUND_HALF_UP)
    return min(found, HUNDRED - CENT) if is_open else found
