"""What an order may state."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.orders.rules import drafts
from procurement.orders.rules.drafts import DraftLine, DraftOrder
from purveyor.errors import FieldError, InvalidError

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


def order(*lines: DraftLine, **changes: Any) -> DraftOrder:
    stated: dict[str, Any] = {
        "supplier_id": UUID(int=7),
        "currency": "EUR",
        "site": "HAM-1",
        "business_unit": "drives",
        "cost_centre": "4711",
        "ordered_on": TODAY,
        "lines": lines,
    }
    return DraftOrder(**stated | changes)


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
    with pytest.raises(InvalidError) as refused:
        drafts.check_lines(lines, drafts.order_amounts(order(*lines)))
    assert (refused.value.code, refused.value.detail) == ("lines_invalid", "Lines of the order break rules.")
    assert refused.value.errors == (
        FieldError("/lines/0/line_number", "line number 1 is used twice"),
        FieldError("/lines/1/line_number", "line number 1 is used twice"),
        FieldError(
            "/lines/1/unit",
            "'pieces' is not a UN/ECE Recommendation 20 code, such as C62 (one) or KGM",
        ),
        FieldError("/lines/2/price", "the line would be worth 10000000000000000000"),
    )


def test_a_line_is_worth_less_than_anybody_spends() -> None:
    def problems(quantity: Decimal, price: str) -> list[FieldError]:
        stated = line(quantity=quantity, price=Decimal(price))
        return drafts.line_problems([stated], [drafts.line_amount(stated, "EUR")])

    assert problems(Decimal(10) ** 14, "9.99") == []
    assert [problem.pointer for problem in problems(Decimal(10) ** 14, "10")] == ["/lines/0/price"]


@given(st.decimals(10**15, 10**25, places=6))
def test_an_absurd_amount_is_told_as_it_is(quantity: Decimal) -> None:
    amount = drafts.line_amount(line(quantity=quantity, price=Decimal(1)), "EUR")
    assert str(amount) == str(quantity)


def test_every_line_is_worth_something() -> None:
    with pytest.raises(ValueError, match="shorter"):
        drafts.line_problems([line(1), line(2)], [Decimal(1)])


def test_what_is_right_passes() -> None:
    drafts.check_lines([line(1), line(2)], [Decimal(1), Decimal(2)])
    drafts.check_dates(TODAY, [line(promised_on=TODAY)], TODAY)


def test_an_order_is_told_by_the_names_of_what_it_states() -> None:
    stated = order(line(), cost_centre="4711")
    content = stated.content()
    assert (content["cost_centre"], content["lines"]) == ("4711", (line(),))
    assert replace(stated, **content) == stated


def test_each_line_has_its_amount_in_the_order_s_currency() -> None:
    stated = order(line(1, price=Decimal("1.005")), line(2, price=Decimal(7)), currency="JPY")
    assert [str(amount) for amount in drafts.order_amounts(stated)] == ["10", "70"]


def test_an_order_may_not_add_up_to_more_than_anybody_spends() -> None:
    amounts = [Decimal(10) ** 14] * 10
    problems = drafts.line_problems([line(number) for number in range(1, 11)], amounts)
    assert problems == [FieldError("/lines", "the order would be worth 1000000000000000")]


@given(st.integers(-400, 400), st.integers(-400, 400))
def test_an_order_is_dated_by_today_and_promised_not_before_it(ordered: int, promised: int) -> None:
    ordered_on, promised_on = TODAY + timedelta(ordered), TODAY + timedelta(promised)
    stated = [line(promised_on=promised_on)]
    named = {problem.pointer for problem in drafts.date_problems(ordered_on, stated, TODAY)}
    assert ("/ordered_on" in named) == (ordered > 0)
    assert ("/lines/0/promised_on" in named) == (promised < ordered)


def test_an_order_is_in_a_currency_that_was_money_on_its_day() -> None:
    drafts.check_currency("HRK", date(2023, 1, 14))
    drafts.check_currency("EUR", TODAY)
    with pytest.raises(InvalidError) as refused:
        drafts.check_currency("HRK", date(2023, 1, 15))
    why = "HRK was withdrawn on 2023-01-14; say it in EUR"
    assert (refused.value.code, refused.value.detail) == ("currency_withdrawn", why)
    assert refused.value.errors == (FieldError("/currency", why),)


def test_dates_that_cannot_be_say_why() -> None:
    tomorrow = TODAY + timedelta(1)
    with pytest.raises(InvalidError) as refused:
        drafts.check_dates(tomorrow, [line(promised_on=tomorrow), line(promised_on=TODAY)], TODAY)
    assert (refused.value.code, refused.value.detail) == ("dates_invalid", "Dates of the order break rules.")
    assert refused.value.errors == (
        FieldError("/ordered_on", "lies in the future; at the site it is 2026-03-02"),
        FieldError("/lines/1/promised_on", "lies before the order's date, 2026-03-03"),
    )
