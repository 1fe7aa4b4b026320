"""What is reserved of a requested line is what is wanted of it and on no issued order."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.requisitions.rules.lines import LineStatus
from procurement.requisitions.rules.reserving import LIVE, reserved_amount, reserved_quantity
from procurement.requisitions.rules.states import Status

QUANTITIES = st.decimals("0.01", "1000", places=2)


@dataclass
class Line:
    status: str
    quantity: Decimal = Decimal(10)
    ordered_quantity: Decimal = Decimal(0)
    delivered_quantity: Decimal = Decimal(0)
    sourcing_since: None = None


def reserved(
    line: Line, status: str = Status.APPROVED, *, issued: str = "0", before: bool = False
) -> Decimal:
    return reserved_quantity(line, status, before_approval=before, issued=Decimal(issued))


@pytest.mark.parametrize(
    ("status", "before", "quantity"),
    [
        (LineStatus.APPROVED, False, 10),
        (LineStatus.PENDING, False, 0),
        (LineStatus.PENDING, True, 10),
        (LineStatus.REJECTED, True, 0),
        (LineStatus.CANCELLED, True, 0),
        (LineStatus.CLOSED_SHORT, True, 4),
    ],
)
def test_a_line_reserves_what_is_wanted_of_it(status: str, before: bool, quantity: int) -> None:
    assert reserved(Line(status, ordered_quantity=Decimal(4)), before=before) == quantity


@pytest.mark.parametrize("status", sorted(set(Status) - LIVE))
def test_what_nobody_hands_in_reserves_nothing(status: str) -> None:
    assert reserved(Line(LineStatus.PENDING), status, before=True) == 0


def test_what_is_on_issued_orders_is_reserved_no_more_nor_ever_less_than_nothing() -> None:
    assert reserved(Line(LineStatus.APPROVED), issued="7") == 3
    assert reserved(Line(LineStatus.CLOSED_SHORT, ordered_quantity=Decimal(4)), issued="7") == 0


@given(QUANTITIES, QUANTITIES, st.decimals(0, "99999", places=2))
def test_a_part_reserves_its_share_and_all_of_it_the_amount(
    quantity: Decimal, more: Decimal, amount: Decimal
) -> None:
    part = reserved_amount(amount, quantity, quantity + more, "EUR")
    assert 0 <= part <= amount
    assert abs(part - amount * quantity / (quantity + more)) <= Decimal("0.005")
    assert reserved_amount(amount, quantity, quantity, "EUR") == amount
