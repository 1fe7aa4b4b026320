"""What may be received, when, by whom, and up to how much."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.orders.rules.expected import Balance, Expected
from procurement.receipts.rules import arriving as receipts
from procurement.receipts.rules.arriving import Arrival, ArrivedLine
from procurement.tolerances.rules import Tolerance
from purveyor.errors import ConflictError, InvalidError

TODAY = date(2026, 3, 2)
quantities = st.decimals("0.000001", "999999999", places=6)


def percent(*percent: int | str | Decimal) -> dict[int, Tolerance]:
    """Return tolerances that nobody decided otherwise, of lines in turn."""
    return {nth: Tolerance(Decimal(one), "over-receipt", 0) for nth, one in enumerate(percent, start=1)}


def balance(ordered: Decimal, received: Decimal) -> Balance:
    return Balance("fasteners", ordered, received)


def arrival(*lines: tuple[int, Decimal, Decimal, str | None], received_on: date = TODAY) -> Arrival:
    return Arrival(received_on, None, tuple(ArrivedLine(*given) for given in lines))


@given(quantities, quantities, quantities, st.decimals(0, 100, places=2))
def test_never_more_is_received_than_ordered_plus_the_tolerance(
    ordered: Decimal, before: Decimal, now: Decimal, tolerance: Decimal
) -> None:
    problems = receipts.arrival_problems(
        arrival((1, now, Decimal(0), None)),
        {1: balance(ordered, before)},
        None,
        TODAY,
        percent(tolerance),
        imported=False,
    )
    most = Fraction(ordered) * (1 + Fraction(tolerance) / 100)
    assert bool(problems) == (Fraction(before) + Fraction(now) > most)


def test_a_receipt_names_everything_that_is_wrong_with_it() -> None:
    given = arrival(
        (1, Decimal(5), Decimal(6), "bent"),
        (1, Decimal(1), Decimal(0), None),
        (3, Decimal(1), Decimal(1), None),
        (2, Decimal(11), Decimal(0), "for fun"),
        received_on=TODAY + timedelta(1),
    )
    balances = {1: balance(Decimal(10), Decimal(0)), 2: balance(Decimal(100), Decimal("97.50"))}
    with pytest.raises(InvalidError) as refused:
        receipts.check_arrival(given, balances, TODAY + timedelta(2), TODAY, percent(5, 5))
    assert (refused.value.code, refused.value.detail) == ("receipt_invalid", "The receipt breaks rules.")
    assert [(problem.pointer, problem.detail) for problem in refused.value.errors] == [
        ("/received_on", "lies in the future; at the site it is 2026-03-02"),
        ("/received_on", "lies before the order's date, 2026-03-04"),
        ("/lines/0/line_number", "line 1 is named twice"),
        ("/lines/0/rejected_quantity", "more than the 5 that arrived"),
        ("/lines/1/line_number", "line 1 is named twice"),
        ("/lines/2/line_number", "the order has no line 3"),
        ("/lines/2/rejection_reason", "say why it was rejected"),
        (
            "/lines/3/quantity",
            "at most 7.5 more: 100 ordered, 97.50 received, tolerance 5 % (policy over-receipt, version 0)",
        ),
        ("/lines/3/rejection_reason", "nothing was rejected"),
    ]


def test_all_that_the_tolerance_leaves_may_come_on_the_very_day_of_the_order() -> None:
    balances = {1: balance(Decimal(200), Decimal(190))}
    given = arrival((1, Decimal(20), Decimal(20), "rust"))
    receipts.check_arrival(given, balances, TODAY, TODAY, percent(5))
    with pytest.raises(InvalidError):
        receipts.check_arrival(given, balances, TODAY, TODAY, percent("4.99"))


def test_when_a_lowered_tolerance_was_passed_long_ago_nothing_more_may_come() -> None:
    balances = {1: balance(Decimal(10), Decimal(12))}
    [problem] = receipts.arrival_problems(
        arrival((1, Decimal(1), Decimal(0), None)), balances, None, TODAY, percent(0), imported=False
    )
    assert problem.detail.startswith("at most 0 more: ")


def test_a_history_may_lack_reasons_and_have_goods_before_their_order() -> None:
    given = arrival((1, Decimal(5), Decimal(5), None))
    balances = {1: balance(Decimal(10), Decimal(0))}
    ordered_on = TODAY + timedelta(1)
    receipts.check_arrival(given, balances, ordered_on, TODAY, percent(0), imported=True)
    with pytest.raises(InvalidError) as refused:
        receipts.check_arrival(given, balances, ordered_on, TODAY, percent(0))
    assert [problem.pointer for problem in refused.value.errors] == [
        "/received_on",
        "/lines/0/rejection_reason",
    ]


def test_an_arrival_is_told_by_the_names_of_what_it_says() -> None:
    given = arrival((1, Decimal(5), Decimal(0), None))
    assert given.content() == {
        "received_on": TODAY,
        "despatch_reference": None,
        "lines": given.lines,
        "shipment_id": None,
    }


def test_every_line_has_a_tolerance_of_its_own() -> None:
    balances = {number: balance(Decimal(100), Decimal(0)) for number in (1, 2)}
    given = arrival((1, Decimal(104), Decimal(0), None), (2, Decimal(104), Decimal(0), None))
    with pytest.raises(InvalidError) as refused:
        receipts.check_arrival(given, balances, None, TODAY, percent(5, 3))
    assert [problem.pointer for problem in refused.value.errors] == ["/lines/1/quantity"]


@pytest.mark.parametrize("closed_as", ["short", "cancelled"])
@pytest.mark.parametrize("imported", [False, True])
def test_of_a_line_that_was_called_off_nothing_is_received(closed_as: str, imported: bool) -> None:
    balances = {1: replace(balance(Decimal(10), Decimal(4)), closed_as=closed_as)}
    [problem] = receipts.arrival_problems(
        arrival((1, Decimal(1), Decimal(0), None)), balances, TODAY, TODAY, percent(0), imported=imported
    )
    assert (problem.pointer, problem.detail) == ("/lines/0/line_number", "line 1 was called off")


def test_goods_of_an_order_whose_hold_says_so_are_not_taken_in() -> None:
    order = Expected(uuid4(), 1, "issued", uuid4(), "drives", TODAY, "a", "b", "a new drawing", False, TODAY)
    receipts.check_not_held(order)
    with pytest.raises(ConflictError, match="a new drawing") as refused:
        receipts.check_not_held(replace(order, hold_stops_receipts=True))
    assert refused.value.code == "on_hold"
