"""What a line orders is called off, accepted, refused for good or open: each part is counted once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.orders.rules.quantities import (
    accepted_quantity,
    due_quantity,
    line_percent,
    open_quantity,
    order_percent,
    over_quantity,
    settled_quantity,
)


@dataclass(frozen=True)
class Line:
    quantity: Decimal = Decimal(10)
    cancelled_quantity: Decimal = Decimal(0)
    received_quantity: Decimal = Decimal(0)
    rejected_quantity: Decimal = Decimal(0)
    refused_for_good_quantity: Decimal = Decimal(0)
    amount: Decimal = Decimal(100)


AMOUNTS = st.decimals(0, 1000, places=6)


@st.composite
def lines(draw: st.DrawFn) -> Line:
    """Lines as the database lets them be: nothing is called off that has come."""
    quantity = draw(st.decimals("0.000001", 1000, places=6))
    received = draw(AMOUNTS)
    rejected = min(draw(AMOUNTS), received)
    refused = min(draw(AMOUNTS), rejected)
    rest = max(quantity - (received - rejected) - refused, Decimal(0))
    return Line(quantity, min(draw(AMOUNTS), rest), received, rejected, refused, draw(AMOUNTS))


@given(lines())
def test_ordered_and_over_is_called_off_accepted_refused_for_good_and_open(line: Line) -> None:
    assert line.quantity + over_quantity(line) == (
        line.cancelled_quantity
        + accepted_quantity(line)
        + line.refused_for_good_quantity
        + open_quantity(line)
    )
    assert min(open_quantity(line), over_quantity(line)) == 0


@given(lines())
def test_a_percentage_is_a_hundred_where_nothing_is_open_and_less_otherwise(line: Line) -> None:
    for percent in (line_percent(line), order_percent([line])):
        if due_quantity(line) == 0:
            assert percent is None
        else:
            assert percent is not None
            assert 0 <= percent <= 100
            assert (percent == 100) == (open_quantity(line) == 0)


@pytest.mark.parametrize(
    ("line", "due", "still", "settled", "percent"),
    [
        (Line(), 10, 10, 0, "0.00"),
        (Line(received_quantity=Decimal(4)), 10, 6, 4, "40.00"),
        (Line(received_quantity=Decimal(4), rejected_quantity=Decimal(1)), 10, 7, 3, "30.00"),
        (
            Line(
                received_quantity=Decimal(4),
                rejected_quantity=Decimal(1),
                refused_for_good_quantity=Decimal(1),
            ),
            9,
            6,
            4,
            "33.33",
        ),
        (Line(received_quantity=Decimal(20)), 10, 0, 20, "100.00"),
        (Line(received_quantity=Decimal(4), cancelled_quantity=Decimal(6)), 4, 0, 4, "100.00"),
        (Line(cancelled_quantity=Decimal(10)), 0, 0, 0, None),
    ],
)
def test_what_is_due_open_and_settled(
    line: Line, due: int, still: int, settled: int, percent: str | None
) -> None:
    counted = (due_quantity(line), open_quantity(line), settled_quantity(line))
    assert counted == tuple(map(Decimal, (due, still, settled)))
    assert line_percent(line) == (None if percent is None else Decimal(percent))


def test_an_order_is_received_by_what_its_lines_are_worth() -> None:
    came = Line(received_quantity=Decimal(10), amount=Decimal(30))
    assert order_percent([came, Line(amount=Decimal(70))]) == Decimal("30.00")


def test_where_all_is_free_of_charge_every_line_weighs_the_same() -> None:
    came = Line(received_quantity=Decimal(10), amount=Decimal(0))
    assert order_percent([came, Line(amount=Decimal(0)), Line(amount=Decimal(0))]) == Decimal("33.33")


def test_one_that_is_missing_of_many_or_is_free_of_charge_keeps_an_order_below_a_hundred() -> None:
    many = Line(quantity=Decimal(100_000), received_quantity=Decimal(99_999))
    assert (line_percent(many), order_percent([many])) == (Decimal("99.99"), Decimal("99.99"))
    paid, free = Line(received_quantity=Decimal(10)), Line(amount=Decimal(0))
    assert order_percent([paid, free]) == Decimal("99.99")
    assert order_percent([paid, Line(received_quantity=Decimal(10), amount=Decimal(0))]) == 100


def test_percentages_leave_out_what_was_called_off() -> None:
    """erpnext#57596 and #47739: lines that were closed short kept their orders below 100 % for ever."""
    came = Line(received_quantity=Decimal(10))
    short = Line(received_quantity=Decimal(4), cancelled_quantity=Decimal(6))
    cancelled = Line(cancelled_quantity=Decimal(10))
    assert order_percent([came, short, cancelled]) == Decimal("100.00")
    assert order_percent([came, Line(), cancelled]) == Decimal("50.00")
    assert order_percent([cancelled]) is None


def test_more_than_ordered_of_one_line_makes_up_for_nothing_of_another() -> None:
    over = Line(received_quantity=Decimal(20))
    assert order_percent([over, Line()]) == Decimal("50.00")
