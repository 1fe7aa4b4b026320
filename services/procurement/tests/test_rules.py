"""The policies of procurement, read aloud."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.orders.rules import drafts, permissions
from procurement.orders.rules.drafts import DraftLine
from procurement.orders.rules.expected import Balance
from procurement.orders.rules.units import units
from procurement.receipts import rules as receipts
from procurement.receipts.rules import Arrival, ArrivedLine
from procurement.suppliers.rules import SupplierStatus, order_flag
from purveyor.errors import ForbiddenError

TODAY = date(2026, 3, 2)
quantities = st.decimals("0.000001", "999999999", places=6)
prices = st.decimals("0", "999999999999", places=6)


def line(number: int = 1, **changes: Any) -> DraftLine:
    stated: dict[str, Any] = {
        "line_number": number,
        "item": "M8-HEX-40",
        "description": "Hexagon bolt",
        "category": "fasteners",
        "quantity": Decimal(10),
        "unit": "C62",
        "price": Decimal("2.5"),
        "price_base_quantity": Decimal(1),
        "promised_on": date(2026, 3, 20),
    }
    return DraftLine(**stated | changes)


@given(quantities, prices, st.sampled_from([Decimal(1), Decimal(100), Decimal(1000), Decimal(3)]))
def test_a_line_is_worth_quantity_times_price_by_base_rounded_half_up_to_the_cent(
    quantity: Decimal, price: Decimal, base: Decimal
) -> None:
    amount = drafts.line_amount(line(quantity=quantity, price=price, price_base_quantity=base), "EUR")
    exact = Fraction(quantity) * Fraction(price) / Fraction(base)
    if exact < 10**15:
        assert abs(Fraction(amount) - exact) <= Fraction(1, 200)
        assert amount == amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
    else:
        assert drafts.line_problems([line(quantity=quantity, price=price)], [amount])


@pytest.mark.parametrize(
    ("currency", "amount"), [("EUR", "1.01"), ("JPY", "1"), ("KWD", "1.005"), ("CLF", "1.0050")]
)
def test_amounts_have_the_decimals_of_their_currency(currency: str, amount: str) -> None:
    worth = drafts.line_amount(line(quantity=Decimal(1), price=Decimal("1.005")), currency)
    assert str(worth) == amount


def test_a_line_number_used_twice_an_unknown_unit_and_an_absurd_amount_are_named() -> None:
    lines = [line(1), line(1, unit="pieces"), line(2, price=Decimal(10) ** 11, quantity=Decimal(10) ** 8)]
    problems = drafts.line_problems(lines, [drafts.line_amount(given, "EUR") for given in lines])
    assert [problem.pointer for problem in problems] == [
        "/lines/0/line_number",
        "/lines/1/line_number",
        "/lines/1/unit",
        "/lines/2/price",
    ]


def test_an_order_may_not_add_up_to_more_than_anybody_spends() -> None:
    amounts = [Decimal(10) ** 14] * 10
    problems = drafts.line_problems([line(number) for number in range(1, 11)], amounts)
    assert [problem.pointer for problem in problems] == ["/lines"]


def test_units_are_those_of_unece_recommendation_20() -> None:
    assert (units()["C62"], units()["KGM"], units()["MTR"]) == ("one", "kilogram", "metre")
    assert len(units()) > 2000


@given(st.integers(-400, 400), st.integers(-400, 400))
def test_an_order_is_dated_by_today_and_promised_not_before_it(ordered: int, promised: int) -> None:
    ordered_on, promised_on = TODAY + timedelta(ordered), TODAY + timedelta(promised)
    named = {problem.pointer for problem in drafts.date_problems(ordered_on, [promised_on], TODAY)}
    assert ("/ordered_on" in named) == (ordered > 0)
    assert ("/lines/0/promised_on" in named) == (promised < ordered)


@given(st.sampled_from("abc"), st.sampled_from("abc"), st.sampled_from("abc"))
def test_who_created_an_order_or_onboarded_its_supplier_does_not_approve_it(
    approver: str, creator: str, onboarder: str
) -> None:
    if approver in {creator, onboarder}:
        with pytest.raises(ForbiddenError):
            permissions.check_approver(approver, creator, onboarder)
    else:
        permissions.check_approver(approver, creator, onboarder)


@given(st.sampled_from("abc"), st.sampled_from("abc"), st.sampled_from("abc"))
def test_who_created_or_issued_an_order_does_not_receive_its_goods(
    receiver: str, creator: str, issuer: str
) -> None:
    if receiver in {creator, issuer}:
        with pytest.raises(ForbiddenError):
            receipts.check_receiver(receiver, creator, issuer)
    else:
        receipts.check_receiver(receiver, creator, issuer)


def test_a_supplier_is_ordered_from_only_in_approved_categories_until_the_last_day_of_each() -> None:
    approvals: list[dict[str, str | None]] = [
        {"category": "fasteners", "expires_on": None},
        {"category": "bearings", "expires_on": "2026-03-02"},
        {"category": "seals", "expires_on": "2026-03-01"},
    ]
    refusals = permissions.issue_refusals(
        ["fasteners", "bearings", "seals", "castings"], "approved", None, approvals, TODAY
    )
    assert [(refusal.pointer, refusal.detail) for refusal in refusals] == [
        ("/lines/2/category", "the supplier's approval for seals expired: its last day was 2026-03-01"),
        ("/lines/3/category", "the supplier is not approved for castings"),
    ]


@given(st.sampled_from([status for status in SupplierStatus if status is not SupplierStatus.APPROVED]))
def test_a_supplier_in_any_other_standing_is_refused_on_every_line(status: SupplierStatus) -> None:
    approvals = [{"category": "fasteners", "expires_on": None}]
    refusals = permissions.issue_refusals(["fasteners"] * 2, status, "quality", approvals, TODAY)
    assert [refusal.pointer for refusal in refusals] == ["/lines/0/category", "/lines/1/category"]
    assert f"the supplier is {status}, not approved: quality" in refusals[0].detail


def test_orders_to_suspended_and_terminated_suppliers_are_flagged() -> None:
    flagged = {status for status in SupplierStatus if order_flag(status, "x")}
    assert flagged == {SupplierStatus.SUSPENDED, SupplierStatus.TERMINATED}


def arrival(*lines: tuple[int, Decimal, Decimal, str | None], received_on: date = TODAY) -> Arrival:
    return Arrival(received_on, None, tuple(ArrivedLine(*given) for given in lines))


@given(quantities, quantities, quantities, st.decimals(0, 100, places=2))
def test_never_more_is_received_than_ordered_plus_the_tolerance(
    ordered: Decimal, before: Decimal, now: Decimal, tolerance: Decimal
) -> None:
    problems = receipts.arrival_problems(
        arrival((1, now, Decimal(0), None)), {1: Balance(ordered, before)}, None, TODAY, tolerance
    )
    most = Fraction(ordered) * (1 + Fraction(tolerance) / 100)
    assert bool(problems) == (Fraction(before) + Fraction(now) > most)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=1, max_size=5), st.data())
def test_an_order_is_complete_when_every_line_has_received_what_was_ordered(
    lines: list[tuple[int, int]], data: st.DataObject
) -> None:
    balances = {n: Balance(Decimal(o), Decimal(r)) for n, (o, r) in enumerate(lines, start=1)}
    arriving = {n: data.draw(st.integers(1, 9)) for n in balances if data.draw(st.booleans())}
    complete = receipts.is_complete(
        arrival(*((n, Decimal(q), Decimal(0), None) for n, q in arriving.items())), balances
    )
    assert complete == all(r + arriving.get(n, 0) >= o for n, (o, r) in enumerate(lines, start=1))


def test_a_receipt_names_everything_that_is_wrong_with_it() -> None:
    given = arrival(
        (1, Decimal(5), Decimal(6), "bent"),
        (1, Decimal(1), Decimal(0), None),
        (3, Decimal(1), Decimal(1), None),
        (2, Decimal(11), Decimal(0), "for fun"),
        received_on=TODAY + timedelta(1),
    )
    balances = {number: Balance(Decimal(10), Decimal(0)) for number in (1, 2)}
    problems = receipts.arrival_problems(given, balances, TODAY + timedelta(2), TODAY, Decimal(0))
    assert [problem.pointer for problem in problems] == [
        "/received_on",
        "/received_on",
        "/lines/0/line_number",
        "/lines/0/rejected_quantity",
        "/lines/1/line_number",
        "/lines/2/line_number",
        "/lines/2/rejection_reason",
        "/lines/3/quantity",
        "/lines/3/rejection_reason",
    ]
