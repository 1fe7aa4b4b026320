"""What an order comes to, with what is taken off it and put on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.amounts.rules.adjustments import Adjustment, SpreadBy
from procurement.orders.rules.amounts import (
    Worth,
    amount_problems,
    amounts_of,
    check_amounts,
    check_taxed,
    landed_costs,
    order_total,
    still_worth,
    tax_codes,
)
from procurement.orders.rules.drafts import DraftOrder, line_amount, order_amounts
from procurement.taxes.rules import TaxRate
from purveyor.errors import InvalidError

from .test_versions import line, order

RATES = (TaxRate("S19", "S", Decimal(19)), TaxRate("S7", "S", Decimal(7)))
CODES = st.sampled_from(["S19", "S7"])
worth = st.decimals("0.01", "1000", places=4)
adjustments = st.lists(
    st.builds(
        Adjustment,
        reason=st.just("freight"),
        amount=worth,
        tax_code=CODES,
        spread_by=st.sampled_from(SpreadBy),
    )
    | st.builds(
        Adjustment, reason=st.just("rebate"), percent=st.decimals("0", "10", places=2), tax_code=CODES
    ),
    max_size=3,
).map(tuple)
lines = st.lists(
    st.builds(
        line,
        quantity=st.decimals("0.01", "100", places=3),
        price=worth,
        tax_code=CODES,
        weight=worth,
        charges=adjustments,
    ),
    min_size=1,
    max_size=4,
).map(lambda stated: tuple(replace(one, line_number=nth) for nth, one in enumerate(stated, start=1)))
orders = st.builds(
    lambda stated, taken_off, put_on, currency: order(
        *stated, allowances=taken_off, charges=put_on, currency=currency, tax_rates=RATES
    ),
    lines,
    adjustments,
    adjustments,
    st.sampled_from(["EUR", "JPY", "KWD"]),
)


@given(orders)
def test_landed_costs_add_up_to_the_total_and_the_total_to_its_parts(stated: DraftOrder) -> None:
    amounts = order_amounts(stated)
    if not any(amounts):  # in yen a line may come to nothing, and nothing is spread over it
        return
    found = amounts_of(stated, amounts)
    assert sum(landed_costs(stated, amounts)) == order_total(stated, amounts) == found.net
    assert found.net == sum(amounts) - found.allowances + found.charges == sum(t.basis for t in found.taxes)
    assert found.tax is not None
    assert found.gross == found.net + found.tax


@given(lines)
def test_a_lines_amount_is_its_gross_with_what_is_put_on_and_without_what_is_taken_off(
    stated: tuple[object, ...],
) -> None:
    [one, *_] = order(*stated).lines  # type: ignore[arg-type]
    bare = line_amount(replace(one, charges=()), "EUR")
    put_on = sum(each.comes_to(bare, "EUR") for each in one.charges)
    assert line_amount(one, "EUR") == bare + put_on
    taken_off = replace(one, charges=(), allowances=one.charges)
    assert line_amount(taken_off, "EUR") == bare - put_on


@dataclass(frozen=True)
class Counted:
    line_number: int
    quantity: Decimal
    cancelled_quantity: Decimal = Decimal(0)
    received_quantity: Decimal = Decimal(0)
    rejected_quantity: Decimal = Decimal(0)
    refused_for_good_quantity: Decimal = Decimal(0)


def counted(stated: DraftOrder) -> list[Counted]:
    return [Counted(line.line_number, line.quantity) for line in stated.lines]


@given(orders)
def test_an_order_of_which_nothing_was_called_off_is_worth_its_total(stated: DraftOrder) -> None:
    amounts = order_amounts(stated)
    worth = still_worth(stated, counted(stated))
    assert worth.net == order_total(stated, amounts) == sum(worth.landed.values())
    if any(amounts):
        assert list(worth.landed.values()) == landed_costs(stated, amounts)


def test_what_was_called_off_costs_nothing_and_bears_nothing_as_if_an_amendment_had_said_so() -> None:
    freight = (Adjustment("freight", amount=Decimal(10)),)
    first, second = line(1), line(2)
    stated = order(first, second, charges=freight)
    kept, gone = counted(stated)
    cancelled = replace(gone, cancelled_quantity=gone.quantity)
    amended = order(first, charges=freight)
    assert still_worth(stated, [kept, cancelled]) == still_worth(amended, [kept])
    half = replace(gone, cancelled_quantity=gone.quantity / 2)
    lowered = order(first, replace(second, quantity=second.quantity / 2), charges=freight)
    assert still_worth(stated, [kept, half]) == still_worth(lowered, counted(lowered))
    refused = replace(gone, received_quantity=Decimal(10), rejected_quantity=gone.quantity)
    refused = replace(refused, refused_for_good_quantity=gone.quantity)
    assert still_worth(stated, [kept, refused]) == still_worth(amended, [kept])
    nothing = [replace(one, cancelled_quantity=one.quantity) for one in (kept, gone)]
    assert still_worth(stated, nothing) == Worth(Decimal(0), {})


def test_an_order_without_any_of_it_comes_to_its_lines_and_costs_what_they_do() -> None:
    plain = order(line(1), line(2))
    amounts = order_amounts(plain)
    assert (order_total(plain, amounts), landed_costs(plain, amounts)) == (Decimal("50.00"), amounts)
    found = amounts_of(plain, amounts)
    assert (found.net, found.tax, found.gross, found.taxes) == (Decimal("50.00"), None, None, ())
    assert amount_problems(plain, amounts) == []


@pytest.mark.parametrize(
    ("currency", "stated", "decimals"), [("JPY", "10.5", 0), ("EUR", "10.005", 2), ("KWD", "10.0005", 3)]
)
def test_what_is_taken_off_and_put_on_has_no_more_decimals_than_its_currency(
    currency: str, stated: str, decimals: int
) -> None:
    of_line, of_order = (
        Adjustment("rebate", amount=Decimal(stated)),
        Adjustment("fee", percent=Decimal(1), base_amount=Decimal(stated)),
    )
    wrong = replace(order(line(1, allowances=(of_line,)), charges=(of_order,)), currency=currency)
    why = f"{stated} is no amount in {currency}: say it with {decimals} decimals at most"
    found = [(one.pointer, one.detail) for one in amount_problems(wrong, order_amounts(wrong))]
    assert found == [("/charges/0/base_amount", why), ("/lines/0/allowances/0/amount", why)]
    zeros = Adjustment("rebate", amount=Decimal("10.0000"))
    right = replace(order(line(1, allowances=(zeros,)), charges=(zeros,)), currency=currency)
    assert amount_problems(right, order_amounts(right)) == []


def test_tax_is_told_only_when_it_is_known_how_all_of_it_is_taxed() -> None:
    some = order(line(1, tax_code="S19"), line(2, tax_code="other"), tax_rates=RATES)
    assert amounts_of(some, order_amounts(some)).tax is None
    with_freight = order(
        line(1, tax_code="S19"), charges=(Adjustment("freight", amount=Decimal(1)),), tax_rates=RATES
    )
    assert amounts_of(with_freight, order_amounts(with_freight)).gross is None


def test_an_allowance_is_spread_by_value_and_what_is_free_bears_nothing() -> None:
    stated = order(line(1, price=Decimal(0)), line(2), allowances=(Adjustment("rebate", amount=Decimal(5)),))
    assert landed_costs(stated, order_amounts(stated)) == [Decimal("0.00"), Decimal("20.00")]


def test_a_charge_of_nothing_is_spread_over_nothing() -> None:
    stated = order(line(1, price=Decimal(0)), charges=(Adjustment("freight", amount=Decimal(0)),))
    assert landed_costs(stated, order_amounts(stated)) == [Decimal("0.00")]


@pytest.mark.parametrize(
    ("changes", "pointer", "says"),
    [
        (
            {"allowances": (Adjustment("rebate", amount=Decimal("25.01")),)},
            "/allowances",
            "take off more than there is: -0.01 would be left",
        ),
        (
            {"charges": (Adjustment("freight", amount=Decimal(10) ** 15 - 25),)},
            "/charges",
            "the order would be worth 1000000000000000",
        ),
        (
            {"charges": (Adjustment("freight", amount=Decimal(1), spread_by=SpreadBy.WEIGHT),)},
            "/lines/0/weight",
            "say what the line weighs, in kilograms: /charges/0 is spread by weight",
        ),
        (
            {"charges": (Adjustment("freight"),)},
            "/charges/0/amount",
            "say an amount or a percentage, one of them",
        ),
    ],
)
def test_what_no_total_could_be_right_with_is_named(
    changes: dict[str, tuple[Adjustment, ...]], pointer: str, says: str
) -> None:
    stated = order(**changes)
    with pytest.raises(InvalidError) as refused:
        check_amounts(stated, order_amounts(stated))
    assert (refused.value.code, refused.value.detail) == (
        "amounts_invalid",
        "Allowances or charges of the order break rules.",
    )
    assert [(one.pointer, one.detail) for one in refused.value.errors] == [(pointer, says)]


def test_all_may_be_taken_off() -> None:
    stated = order(allowances=(Adjustment("rebate", percent=Decimal(100)),))
    check_amounts(stated, order_amounts(stated))
    assert order_total(stated, order_amounts(stated)) == 0


def test_all_of_an_order_has_a_tax_code_or_none() -> None:
    freight = Adjustment("freight", amount=Decimal(1))
    check_taxed(order(line(1), charges=(freight,)))
    check_taxed(order(line(1, tax_code="S19"), charges=(replace(freight, tax_code="S7"),)))
    mixed = order(line(1, tax_code="S19"), line(2), allowances=(freight,), charges=(freight,))
    assert [code for _, code in tax_codes(mixed)] == ["S19", None, None, None]
    with pytest.raises(InvalidError) as refused:
        check_taxed(mixed)
    assert refused.value.code == "tax_codes_incomplete"
    assert refused.value.detail == "All of an order has a tax code, or none."
    assert [(one.pointer, one.detail) for one in refused.value.errors] == [
        (f"/{where}/tax_code", "name one: other parts of the order do")
        for where in ("lines/1", "allowances/0", "charges/0")
    ]
