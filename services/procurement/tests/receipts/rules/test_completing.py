"""When what arrived completes a line, by all of it or by what is enough, and when it completes the order."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from procurement.orders.rules.expected import Balance
from procurement.orders.rules.quantities import ClosedAs, open_quantity
from procurement.receipts.rules import completing as receipts
from procurement.receipts.rules.arriving import Arrival, ArrivedLine
from procurement.receipts.rules.completing import Enough
from procurement.receipts.rules.rejecting import RejectedIs
from procurement.tolerances.rules import Tolerance
from purveyor.errors import InvalidError

TODAY = date(2026, 3, 2)
NONE = Decimal(0)


def balance(ordered: Decimal | int, received: Decimal | int = 0) -> Balance:
    return Balance("fasteners", Decimal(ordered), Decimal(received))


def arrival(*lines: tuple[int, Decimal, Decimal, str | None]) -> Arrival:
    return Arrival(TODAY, None, tuple(ArrivedLine(*given) for given in lines))


def came(
    quantity: int, rejected: int = 0, completes: bool | None = None, rejected_is: str | None = None
) -> Arrival:
    reason = "rust" if rejected else None
    line = ArrivedLine(1, Decimal(quantity), Decimal(rejected), reason, rejected_is, completes)
    return Arrival(TODAY, None, (line,))


def enough(percent: int, *, by_itself: bool = False) -> dict[int, Enough]:
    return {1: Enough(Tolerance(Decimal(percent), "under-receipt", 3, {"category": "fasteners"}), by_itself)}


def called_off(arrival: Arrival, ordered: int, enough: dict[int, Enough]) -> Decimal:
    judged = receipts.with_enough(arrival, {1: balance(ordered)}, enough)
    before, now = judged.called_off({1: balance(ordered)}).get(1, (NONE, NONE))
    return before - now


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=1, max_size=5), st.data())
def test_an_order_is_complete_when_every_line_has_received_what_was_ordered(
    lines: list[tuple[int, int]], data: st.DataObject
) -> None:
    balances = {n: balance(Decimal(o), Decimal(r)) for n, (o, r) in enumerate(lines, start=1)}
    arriving = {n: data.draw(st.integers(1, 9)) for n in balances if data.draw(st.booleans())}
    complete = receipts.is_complete(
        arrival(*((n, Decimal(q), Decimal(0), None) for n, q in arriving.items())), balances
    )
    assert complete == all(r + arriving.get(n, 0) >= o for n, (o, r) in enumerate(lines, start=1))


def test_more_than_ordered_of_one_line_never_hides_another_that_is_open() -> None:
    balances = {1: balance(Decimal(10), Decimal(0)), 2: balance(Decimal(1), Decimal(0))}
    over = arrival((1, Decimal(11), Decimal(0), None))
    assert not receipts.is_complete(over, balances)
    assert receipts.closings(over, balances) == {1: ClosedAs.COMPLETE}


def test_a_line_is_completed_once() -> None:
    done = replace(balance(Decimal(10), Decimal(10)), closed_as="complete")
    more = arrival((1, Decimal(1), Decimal(0), None))
    assert receipts.closings(more, {1: done}) == {}
    assert receipts.is_complete(more, {1: done})


def test_ninety_eight_of_a_hundred_complete_a_line_under_two_percent_by_policy_or_by_hand() -> None:
    for arriving, held in (
        (came(98), enough(2, by_itself=True)),
        (came(98, completes=True), enough(2)),
    ):
        judged = receipts.with_enough(arriving, {1: balance(100)}, held)
        assert judged.called_off({1: balance(100)}) == {1: (Decimal(100), Decimal(98))}
        assert judged.lines[0].under_receipt == held[1].tolerance
        assert receipts.closings(judged, {1: balance(100)}) == {1: ClosedAs.UNDER_TOLERANCE}
        assert receipts.is_complete(judged, {1: balance(100)})


@pytest.mark.parametrize(
    ("arriving", "held"),
    [
        (came(98), enough(2)),
        (came(97), enough(2, by_itself=True)),
        (came(98, completes=False), enough(2, by_itself=True)),
        (came(100, 2, rejected_is="owed_again"), enough(2, by_itself=True)),
    ],
)
def test_a_line_stays_open_by_what_nobody_lets_go(arriving: Arrival, held: dict[int, Enough]) -> None:
    assert called_off(arriving, 100, held) == 0


def test_a_line_that_lacks_what_is_refused_for_good_only_is_complete_and_calls_nothing_off() -> None:
    ends = came(100, 2, completes=True, rejected_is="ends")
    assert called_off(ends, 100, enough(0)) == 0


@pytest.mark.parametrize(
    ("arriving", "why"),
    [
        (
            came(97, completes=True),
            "3 would be missing, and at most 2 may: tolerance 2 % (policy under-receipt, version 3, category "
            "fasteners); leave the line open, or let a buyer close it short",
        ),
        (
            came(100, 2, completes=True, rejected_is="owed_again"),
            "what was rejected is owed again: leave the line open, or say with rejected_is that it ends",
        ),
    ],
)
def test_a_receipt_does_not_call_a_line_complete_that_is_not(arriving: Arrival, why: str) -> None:
    with pytest.raises(InvalidError) as refused:
        called_off(arriving, 100, enough(2))
    assert [(one.pointer, one.detail) for one in refused.value.errors] == [("/lines/0/completes", why)]


def test_of_a_line_that_is_closed_nothing_more_is_called_off() -> None:
    closed = replace(balance(100, 98), cancelled_quantity=Decimal(2), closed_as="under_tolerance")
    judged = receipts.with_enough(came(1, completes=True), {1: closed}, enough(5))
    assert judged.called_off({1: closed}) == {}


def test_a_line_of_which_some_stayed_called_off_is_under_tolerance_when_the_rest_has_come() -> None:
    some = replace(balance(100), cancelled_quantity=Decimal(4))
    assert receipts.closings(came(96), {1: some}) == {1: ClosedAs.UNDER_TOLERANCE}


QUANTITIES = st.decimals("0.000001", "999999", places=6)


@given(QUANTITIES, QUANTITIES, st.integers(0, 100), st.booleans())
def test_no_more_is_called_off_than_the_tolerance_and_then_nothing_is_open(
    ordered: Decimal, quantity: Decimal, percent: int, by_itself: bool
) -> None:
    assume(quantity <= ordered)
    before = {1: balance(ordered)}
    line = ArrivedLine(1, quantity, NONE, None)
    judged = receipts.with_enough(Arrival(TODAY, None, (line,)), before, enough(percent, by_itself=by_itself))
    [after] = judged.lines
    assert after.cancelled_quantity <= ordered * percent / 100
    assert after.cancelled_quantity in {NONE, ordered - quantity}
    if after.cancelled_quantity:
        assert by_itself
        assert open_quantity(receipts.with_arrived(before[1], after)) == 0


def test_what_becomes_of_rejected_goods_is_as_the_receipt_says_and_else_as_the_policy() -> None:
    over = {1: Tolerance(NONE, "over-receipt", 0)}
    policy = {1: RejectedIs.ENDS}
    said = [
        receipts.decided(arriving, policy, over).lines[0].rejected_is
        for arriving in (came(4), came(4, 1), came(4, 1, rejected_is="owed_again"))
    ]
    assert said == [None, "ends", "owed_again"]
