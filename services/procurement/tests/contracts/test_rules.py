"""The nearest price holds, in the tier of the quantity, on its days alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.contracts.rules import (
    ContractStatus,
    Priced,
    Tier,
    Wanted,
    nearest,
    price_of,
    quantity_problem,
    why_none,
)

DAY = date(2026, 3, 2)
WANTED = Wanted("M8", ("bolts", "fasteners"), "HAM-1", "C62", Decimal(500), "EUR", DAY)
LINE = Priced(
    contract_id=UUID(int=1),
    contract_number="C-000001",
    edition=1,
    status=ContractStatus.ACTIVE,
    currency="EUR",
    number=1,
    category="bolts",
    item="M8",
    site=None,
    unit="C62",
    price_base_quantity=Decimal(100),
    pack_quantity=None,
    least_quantity=None,
    tiers=(
        Tier(Decimal(0), Decimal(1000), Decimal("12.40")),
        Tier(Decimal(1000), None, Decimal("11.80")),
    ),
    valid_from=date(2026, 1, 1),
    valid_to=date(2026, 12, 31),
)
BY_CATEGORY = replace(LINE, number=2, item=None)
BY_HIGHER_CATEGORY = replace(LINE, number=3, item=None, category="fasteners")
FOR_SITE = replace(LINE, number=4, site="HAM-1")


@given(st.permutations([LINE, BY_CATEGORY, BY_HIGHER_CATEGORY, FOR_SITE]))
def test_the_nearest_line_holds_in_whatever_order_they_are_found(found: list[Priced]) -> None:
    order = []
    while found:
        line = nearest(found, WANTED)
        assert line is not None
        order.append(line.number)
        found.remove(line)
    assert order == [4, 1, 2, 3]


@given(st.integers(-400, 800))
def test_a_price_holds_on_its_days_alone(later: int) -> None:
    day = DAY + timedelta(days=later)
    holds = nearest([LINE], replace(WANTED, day=day)) is LINE
    assert holds == (LINE.valid_from <= day <= LINE.valid_to)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (replace(LINE, valid_to=date(2026, 3, 1)), "No contract prices it on that day."),
        (replace(LINE, item="M9"), "No contract prices it on that day."),
        (replace(LINE, status=ContractStatus.SUSPENDED), "Contract C-000001 prices it and is suspended."),
        (replace(LINE, currency="CHF"), "Contract C-000001 prices it for the currency CHF."),
        (
            replace(LINE, unit="KGM", site="AUG1"),
            "Contract C-000001 prices it for the unit KGM, the site AUG1.",
        ),
    ],
)
def test_what_no_contract_prices_is_told_with_why(line: Priced, why: str) -> None:
    assert nearest([line], WANTED) is None
    assert why_none([line], WANTED) == why


@given(st.integers(1, 5000).map(Decimal))
def test_all_of_a_quantity_has_the_price_of_its_tier(quantity: Decimal) -> None:
    found = price_of(LINE, quantity)
    price = Decimal("12.40") if quantity < 1000 else Decimal("11.80")
    assert found.tier.price == price
    assert abs(found.amount - quantity * price / 100) <= Decimal("0.005")
    assert found.arithmetic[-1] == f"{quantity} × {price} ÷ 100 = {found.amount} EUR"


@given(st.integers(1, 5000).map(Decimal))
def test_what_is_sold_in_packs_or_from_a_quantity_on_is_sold_so(quantity: Decimal) -> None:
    line = replace(LINE, pack_quantity=Decimal(100), least_quantity=Decimal(500))
    sold = quantity >= 500 and quantity % 100 == 0
    assert (quantity_problem(line, quantity) is None) == sold
