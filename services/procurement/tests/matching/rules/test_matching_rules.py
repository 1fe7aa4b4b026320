"""Tolerances, assignment and judgement of lines, by themselves."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.matching.rules.assigning import Candidate, Said, Sign, assign
from procurement.matching.rules.exceptions import (
    ExceptionKind,
    Resolution,
    check_resolution,
    only_waits,
)
from procurement.matching.rules.judging import (
    Charged,
    Ordered,
    credit_findings,
    credited,
    findings_of_line,
    price_findings,
    rebate_findings,
    variance,
)
from procurement.matching.rules.tolerances import Joined, Limit, Matching, Tolerance
from procurement.matching.rules.turns import Counted, Sum, held_against
from purveyor.errors import ConflictError, ForbiddenError
from purveyor_contract.roles import Role

POLICY, NONE = Matching(), Sum()
amounts = st.decimals("0", "1000", places=2)


def ordered(wanted: str = "10", received: str = "10", price: str = "2.50", **more: object) -> Ordered:
    values: dict[str, object] = {
        "order_id": UUID(int=1),
        "order_number": "PO-000042",
        "line_number": 1,
        "currency": "EUR",
        "unit": "C62",
        "quantity": Decimal(wanted),
        "wanted": Decimal(wanted),
        "received": Decimal(received),
        "accepted": Decimal(received),
        "amount": Decimal(wanted) * Decimal(price),
        "price": Decimal(price),
        "base_quantity": Decimal(1),
    }
    return Ordered(**(values | more))  # type: ignore[arg-type]


def line(quantity: str | None = "10", net: str = "25.00", price: str = "2.50", position: int = 1) -> Charged:
    amount = None if quantity is None else Decimal(quantity)
    return Charged(position, amount, "C62", Decimal(net), Decimal(price), None, None)


def both(quantity: str, net: str) -> Sum:
    return Sum(Decimal(quantity), Decimal(net))


def found(
    charged: Charged, one: Ordered, before: str = "0", policy: Matching = POLICY, credited: Sum = NONE
) -> list[tuple[ExceptionKind, Decimal | None]]:
    invoiced = Decimal(before) - credited.quantity
    findings = [
        *findings_of_line(charged, one, NONE, invoiced, policy),
        *price_findings([charged], one, credited, policy),
    ]
    return [(each.kind, each.found) for each in findings]


def test_v23_an_absolute_and_a_percentage_limit_are_joined_as_ariba_joins_them() -> None:
    both, either = (
        Limit(absolute=Decimal(10), percent=Decimal(5), joined=joined) for joined in (Joined.AND, Joined.OR)
    )
    difference, expected = Decimal("3.00"), Decimal("37.50")
    assert not both.allows(difference, expected), "8 % are more than 5"
    assert either.allows(difference, expected)
    assert not both.allows(Decimal(11), Decimal(1000)), "an exceeded absolute limit decides alone"


@given(amounts, amounts, amounts, st.decimals("0", "100", places=2))
def test_who_keeps_both_limits_keeps_either(
    difference: Decimal, expected: Decimal, absolute: Decimal, percent: Decimal
) -> None:
    both = Limit(absolute=absolute, percent=percent)
    either = Limit(absolute=absolute, percent=percent, joined=Joined.OR)
    assert either.allows(difference, expected) or not both.allows(difference, expected)


@given(amounts, amounts)
def test_by_default_nothing_is_above_and_anything_may_be_below(one: Decimal, other: Decimal) -> None:
    assert Tolerance().allows(one, other) is (one <= other)


def test_v25_what_has_not_come_is_an_exception_of_its_quantity() -> None:
    assert found(line("2", "5.00"), ordered("2", "1")) == [(ExceptionKind.QUANTITY_RECEIVED, Decimal(2))]
    assert found(line("2", "5.00"), ordered("2", "0")) == [(ExceptionKind.MISSING_RECEIPT, Decimal(2))]
    assert found(line("2", "5.00"), ordered("2", "0"), policy=Matching(ways=2)) == []


def test_v27_a_cheaper_line_is_complete_with_its_variance() -> None:
    charged, one = line("100", "900.00", "9"), ordered("100", "100", "10")
    assert (found(charged, one), variance(charged, one)) == ([], Decimal("-100.00"))


def test_what_is_invoiced_before_counts_and_what_is_credited_does_not() -> None:
    assert found(line("6", "15.00"), ordered(), "5") == [
        (ExceptionKind.QUANTITY_ORDERED, Decimal(11)),
        (ExceptionKind.QUANTITY_RECEIVED, Decimal(11)),
    ]
    assert found(line("6", "15.00"), ordered(), "5", credited=both("1", "2.50")) == []


def test_a_price_and_an_amount_at_the_right_price_are_told_apart() -> None:
    assert found(line(net="26.00", price="2.60"), ordered()) == [(ExceptionKind.PRICE, Decimal("26.00"))]
    assert found(line(net="26.00"), ordered()) == [(ExceptionKind.AMOUNT, Decimal("26.00"))]
    assert found(line(net="25.02"), ordered()) == [], "two cents are rounding"
    five = Matching(price=Tolerance(over=Limit(percent=Decimal(5))))
    assert found(line(net="26.00", price="2.60"), ordered(), policy=five) == []


@given(st.decimals("0.1", "20", places=1), st.decimals("0", "20", places=1), st.decimals("0", "20", places=1))
def test_no_line_passes_that_charges_more_than_has_come(
    quantity: Decimal, before: Decimal, received: Decimal
) -> None:
    one = ordered("20", str(received), "1")
    kinds = {kind for kind, _ in found(line(str(quantity), str(quantity), "1"), one, str(before))}
    passes = not kinds & {ExceptionKind.QUANTITY_RECEIVED, ExceptionKind.MISSING_RECEIPT}
    assert passes is (before + quantity <= received)


def test_the_price_holds_over_all_lines_of_a_line_of_an_order_together() -> None:
    one = ordered("1000", "1000", "0.01")
    lines = [line("1", "0.03", "0.03", position) for position in range(1, 41)]
    [wrong] = price_findings(lines, one, NONE, POLICY)
    assert (wrong.kind, wrong.position, wrong.expected, wrong.found) == (
        ExceptionKind.PRICE,
        1,
        Decimal("0.40"),
        Decimal("1.20"),
    )


def test_a_line_below_zero_takes_back_what_was_charged_at_that_price() -> None:
    def kinds(charged: Charged, before: Sum) -> list[ExceptionKind]:
        return [one.kind for one in findings_of_line(charged, ordered(), before, Decimal(0), POLICY)]

    assert kinds(line("-5", "-0.01", "0.002"), both("5", "12.50")) == [ExceptionKind.PRICE]
    assert kinds(line("-5", "-12.50"), both("5", "12.50")) == []
    assert kinds(line("-5", "-10.00", "2"), both("10", "20.00")) == [], "at the price that was charged"
    assert kinds(line("-5", "-12.50"), both("4", "10.00")) == [ExceptionKind.QUANTITY_ORDERED]
    assert kinds(line("-5", "-12.50"), NONE) == [ExceptionKind.QUANTITY_ORDERED]


def test_a_credit_below_the_price_takes_back_an_amount_and_no_quantity() -> None:
    before = both("10", "25.00")
    assert credited(line("4", "10.00"), before, "EUR") == both("4", "10.00")
    assert credited(line("4", "4.00", "1"), before, "EUR") == both("0", "4.00")
    assert credited(line("4", "12.00", "3"), before, "EUR") == both("4", "12.00")
    assert list(credit_findings(line("10", "1.00", "0.10"), ordered(), before)) == []
    [wrong] = credit_findings(line("1000", "1.00", "0.001"), ordered(), before)
    assert (wrong.kind, wrong.expected) == (ExceptionKind.QUANTITY_ORDERED, Decimal(10))
    [wrong] = credit_findings(line("-1", "-2.50"), ordered(), before)
    assert wrong.kind is ExceptionKind.QUANTITY_ORDERED


def test_a_price_credit_lets_a_higher_price_pass_and_never_hurts_a_right_one() -> None:
    dear = line(net="26.00", price="2.60")
    assert found(dear, ordered(), credited=both("0", "1.00")) == []
    assert found(dear, ordered(), credited=both("0", "0.50")) == [(ExceptionKind.PRICE, Decimal("25.50"))]
    assert found(line(), ordered(), credited=both("0", "3.00")) == []


def test_an_orders_rebate_is_expected_of_what_is_invoiced() -> None:
    def missing(taken_off: str, invoiced: str, currency: str = "EUR") -> list[Decimal | None]:
        worth = [(Decimal(10), Decimal(invoiced), Decimal(100))]
        found = rebate_findings(Decimal(taken_off), worth, currency, POLICY)
        return [one.expected for one in found]

    assert missing("0", "100") == [Decimal(10)]
    assert missing("5", "50") == []
    assert missing("4.97", "50") == [Decimal(5)]
    assert missing("0", "0") == []
    assert missing("10", "250") == [], "of more than is ordered no more is taken off"
    assert missing("0", "55", "JPY") == [Decimal(6)], "a yen has no parts"


counts = st.lists(st.tuples(st.integers(0, 6), st.integers(-9, 9)), max_size=8)


@given(counts, st.integers(0, 6))
def test_what_is_let_in_stays_and_nothing_that_came_later_makes_room(
    several: list[tuple[int, int]], own: int
) -> None:
    counted = [
        Counted(UUID(int=1), 1, UUID(int=turn), Decimal(quantity), Decimal(quantity))
        for turn, quantity in several
        if turn != own
    ]
    let_in = held_against(counted, UUID(int=own))
    itself = Counted(UUID(int=1), 1, UUID(int=own), Decimal(3), Decimal(3))
    stays = held_against([*counted, itself], UUID(int=own))
    earlier = sum(int(one.quantity) for one in counted if one.turn < UUID(int=own))
    key = UUID(int=1), 1
    assert stays[key].invoiced == stays[key].charged.quantity == earlier
    if counted:
        assert let_in[key].charged == stays[key].charged
        assert let_in[key].invoiced >= stays[key].invoiced


def said(**more: object) -> Said:
    values: dict[str, object] = {
        "position": 1,
        "order_line": None,
        "buyers_item": None,
        "sellers_item": None,
        "name": "Something",
        "quantity": Decimal(10),
        "unit_price": None,
        "order_id": None,
    }
    return Said(**(values | more))  # type: ignore[arg-type]


FIRST, SECOND = (
    Candidate(UUID(int=1), number, item, text, Decimal(price), Decimal(10))
    for number, item, text, price in ((1, "M8", "Hexagon bolt M8", "2.50"), (2, "M10", "Nut M10", "7"))
)


@pytest.mark.parametrize(
    ("more", "number", "signs"),
    [
        ({"order_line": "0002"}, 2, {Sign.REFERENCE, Sign.QUANTITY}),
        ({"buyers_item": "m10"}, 2, {Sign.ITEM, Sign.QUANTITY}),
        ({"sellers_item": "NS-10"}, 2, {Sign.LEARNED, Sign.QUANTITY}),
        (
            {"name": "bolt hexagon M8", "unit_price": Decimal("2.51")},
            1,
            {Sign.PRICE, Sign.TEXT, Sign.QUANTITY},
        ),
    ],
)
def test_a_line_is_found_by_what_both_say(more: dict[str, object], number: int, signs: set[Sign]) -> None:
    best = assign(said(**more), [FIRST, SECOND], {"ns-10": "M10"})
    assert best is not None
    assert (best.line_number, set(best.signs)) == (number, signs)


def test_what_is_not_sure_enough_is_left_to_a_person() -> None:
    assert assign(said(), [FIRST, SECOND], {}) is None
    assert assign(said(order_line="1", buyers_item="M10"), [FIRST], {}) is None, (
        "another item than the line's"
    )
    assert assign(said(order_line="1", order_id=UUID(int=9)), [FIRST], {}) is None, "of another order"


def test_who_owns_an_exception_accepts_it_and_only_goods_are_waited_for() -> None:
    with pytest.raises(ForbiddenError):
        check_resolution(ExceptionKind.PRICE, Resolution.ACCEPT, {Role.ACCOUNTS_PAYABLE}, is_open=True)
    with pytest.raises(ConflictError):
        check_resolution(ExceptionKind.PRICE, Resolution.WAIT, {Role.BUYER}, is_open=True)
    with pytest.raises(ConflictError):
        check_resolution(ExceptionKind.PRICE, Resolution.DISPUTE, {Role.BUYER}, is_open=False)
    check_resolution(ExceptionKind.PRICE, Resolution.ACCEPT, {Role.BUYER}, is_open=True)
    waits, disputed = (ExceptionKind.MISSING_RECEIPT, Resolution.WAIT), (ExceptionKind.PRICE, None)
    assert (only_waits([waits]), only_waits([waits, disputed]), only_waits([])) == (True, False, False)
