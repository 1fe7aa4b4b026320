"""How much of a receipt may be taken back, and where that leaves an order."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.orders.rules.reversing import TakenBack, status_after_reversal
from procurement.receipts.rules.reversing import Reversal, ReversedLine, Standing, taken_back
from purveyor.errors import ConflictError, InvalidError

DAY = date(2026, 3, 2)
counts = st.integers(0, 9).map(Decimal)


def left(quantity: int, rejected: int = 0, *, owed_again: bool = True) -> dict[int, Standing]:
    return {1: Standing(1, Decimal(quantity), Decimal(rejected), owed_again)}


@given(counts, counts, counts, counts, st.booleans())
def test_what_is_left_of_a_receipt_never_has_more_rejected_than_there_is(
    quantity: Decimal, rejected: Decimal, taken: Decimal, of_it_rejected: Decimal, owed_again: bool
) -> None:
    rejected = min(rejected, quantity)
    receipt = {1: Standing(1, quantity, rejected, owed_again)}
    reversal = Reversal(DAY, (ReversedLine(1, taken, of_it_rejected),))
    possible = (
        of_it_rejected <= taken <= quantity
        and of_it_rejected <= rejected
        and taken - of_it_rejected <= quantity - rejected
    )
    try:
        [goods] = taken_back(reversal, receipt, DAY, DAY)
    except (ConflictError, InvalidError):
        assert quantity == 0 or not possible
    else:
        assert possible
        assert (goods.quantity, goods.rejected_quantity) == (taken, of_it_rejected)
        assert goods.refused_for_good_quantity == (0 if owed_again else of_it_rejected)


def test_when_no_lines_are_named_all_that_is_left_is_taken_back() -> None:
    receipt = left(5, 2, owed_again=False) | {2: Standing(2, Decimal(0), Decimal(0), owed_again=True)}
    [goods] = taken_back(Reversal(DAY, None), receipt, DAY, DAY)
    assert goods == TakenBack(1, Decimal(5), Decimal(2), Decimal(2))
    with pytest.raises(ConflictError) as refused:
        taken_back(Reversal(DAY, None), left(0), DAY, DAY)
    assert refused.value.code == "already_reversed"


def test_a_line_is_named_once() -> None:
    twice = (ReversedLine(1, Decimal(1), Decimal(0)),) * 2
    with pytest.raises(InvalidError) as refused:
        taken_back(Reversal(DAY, twice), left(5), DAY, DAY)
    assert [problem.pointer for problem in refused.value.errors] == [
        "/lines/0/line_number",
        "/lines/1/line_number",
    ]


@pytest.mark.parametrize(
    ("before", "acknowledged", "still_open", "anything_came", "after"),
    [
        ("closed", False, True, True, "partially_received"),
        ("closed", False, True, False, "issued"),
        ("closed", True, True, False, "acknowledged"),
        ("partially_received", True, True, False, "acknowledged"),
        ("partially_received", False, True, True, "partially_received"),
        ("closed", False, False, False, "closed"),
        ("cancelled", False, True, False, "cancelled"),
    ],
)
def test_an_order_stands_as_if_what_was_taken_back_had_never_come(
    before: str, acknowledged: bool, still_open: bool, anything_came: bool, after: str
) -> None:
    assert after == status_after_reversal(
        before, acknowledged=acknowledged, still_open=still_open, anything_came=anything_came
    )
