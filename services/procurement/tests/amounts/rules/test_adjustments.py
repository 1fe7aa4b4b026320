"""Allowances and charges: what they come to, and what they cannot say."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.amounts.rules.adjustments import (
    ALLOWANCE_REASONS,
    Adjustment,
    SpreadBy,
    adjustment_problems,
    total_of,
)

HUNDRED = Decimal(100)
amounts = st.decimals("0", "1e9", places=6)
percentages = st.decimals("0", "100", places=4)


@given(amounts)
def test_an_amount_is_rounded_whatever_the_whole_is(amount: Decimal) -> None:
    one = Adjustment("freight", amount=amount)
    assert abs(one.comes_to(HUNDRED, "EUR") - amount) <= Decimal("0.005")
    assert one.comes_to(HUNDRED, "EUR") == one.comes_to(Decimal(0), "EUR")


@given(percentages, amounts)
def test_a_percentage_is_of_the_whole_or_of_the_base_that_is_said(percent: Decimal, whole: Decimal) -> None:
    of_whole = Adjustment("rebate", percent=percent)
    of_base = Adjustment("rebate", percent=percent, base_amount=whole)
    assert of_whole.comes_to(whole, "EUR") == of_base.comes_to(Decimal(1), "EUR")
    assert abs(of_whole.comes_to(whole, "EUR") - whole * percent / 100) <= Decimal("0.005")


@given(st.lists(amounts, max_size=5))
def test_each_is_rounded_apart_before_they_are_added(stated: list[Decimal]) -> None:
    each = [Adjustment("freight", amount=amount) for amount in stated]
    assert total_of(each, HUNDRED, "EUR") == sum(one.comes_to(HUNDRED, "EUR") for one in each)


def test_halves_of_cents_are_not_lost_together() -> None:
    each = [Adjustment("freight", amount=Decimal("0.005"))] * 2
    assert total_of(each, HUNDRED, "EUR") == Decimal("0.02")
    assert total_of((), HUNDRED, "EUR") == 0


@pytest.mark.parametrize(
    ("stated", "pointer", "says"),
    [
        ({}, "/amount", "say an amount or a percentage, one of them"),
        (
            {"amount": HUNDRED, "percent": HUNDRED},
            "/amount",
            "say an amount or a percentage, one of them",
        ),
        (
            {"amount": HUNDRED, "base_amount": HUNDRED},
            "/base_amount",
            "is what a percentage is of: leave it out beside an amount",
        ),
    ],
)
def test_one_says_an_amount_or_a_percentage(stated: dict[str, Any], pointer: str, says: str) -> None:
    wrong = Adjustment("freight", **stated)
    found = list(adjustment_problems("/lines/3", [wrong], [wrong]))
    assert [(one.pointer, one.detail) for one in found] == [
        (f"/lines/3/{kind}/0{pointer}", says) for kind in ("allowances", "charges")
    ]


def test_each_kind_has_reasons_of_its_own() -> None:
    for code in ALLOWANCE_REASONS:
        one = Adjustment("rebate", amount=HUNDRED, reason_code=code)
        assert not list(adjustment_problems("", [one], []))
        [problem] = adjustment_problems("", [], [one])
        assert (problem.pointer, problem.detail) == (
            "/charges/0/reason_code",
            f"{code} is no code of UNCL7161: two or three capital letters, such as FC (freight)",
        )
    for code in ("FC", "ABL"):
        one = Adjustment("freight", percent=HUNDRED, base_amount=HUNDRED, reason_code=code)
        assert not list(adjustment_problems("", [], [one]))
        [problem] = adjustment_problems("", [one], [])
        assert (problem.pointer, problem.detail) == (
            "/allowances/0/reason_code",
            f"{code} is no code of UNCL5189 that EN 16931 takes, such as 95 (discount)",
        )
    for code in ("F", "FREI", "fc", "ÄÖ"):
        one = Adjustment("freight", amount=HUNDRED, reason_code=code)
        assert list(adjustment_problems("", [], [one])), code


def test_one_is_said_in_words() -> None:
    assert str(Adjustment("freight", amount=Decimal("12.50"))) == "freight 12.50"
    assert str(Adjustment("rebate", percent=Decimal(2))) == "rebate 2 %"
    whole = Adjustment("rebate", None, Decimal("2.5"), Decimal("100.00"), "105", "DE-S", SpreadBy.WEIGHT)
    assert str(whole) == "rebate 2.5 % of 100.00 (105), taxed DE-S, spread by weight"
