"""Tiers cover every quantity once; a thing has one price on a day."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purveyor.errors import InvalidError
from sourcing.contracts.rules.checks import check_content, overlaps, tier_problems
from sourcing.contracts.rules.content import CONTENT, ContractContent, ContractPrice, PriceTier
from sourcing.contracts.rules.prices import tier_price

TODAY = date(2026, 11, 20)
quantities = st.integers(0, 40).map(Decimal)


def a_contract(**changes: Any) -> ContractContent:
    return ContractContent.model_validate(deepcopy(CONTENT) | changes)


def a_price(**changes: Any) -> ContractPrice:
    return ContractPrice.model_validate(deepcopy(CONTENT["prices"][0]) | changes)


@st.composite
def tiered(draw: st.DrawFn) -> ContractPrice:
    tiers = []
    for _ in range(draw(st.integers(1, 4))):
        below = draw(st.one_of(st.none(), quantities.filter(bool)))
        tiers.append({"from_quantity": draw(quantities), "below": below, "price": Decimal(1)})
    return a_price(tiers=tiers, least_quantity=draw(st.one_of(st.none(), quantities.filter(bool))))


@given(tiered())
def test_tiers_without_a_problem_give_every_quantity_that_is_sold_one_price(price: ContractPrice) -> None:
    found = {
        quantity: [
            tier
            for tier in price.tiers
            if tier.from_quantity <= quantity and (tier.below is None or quantity < tier.below)
        ]
        for quantity in map(Decimal, range(int(price.least_quantity or 0), 60))
    }
    once = all(len(tiers) == 1 for tiers in found.values())
    if not list(tier_problems(price)):
        assert once


@given(st.lists(st.integers(1, 1000), min_size=0, max_size=6, unique=True).map(sorted))
def test_tiers_that_follow_one_on_the_other_have_no_problem(bounds: list[int]) -> None:
    edges = [Decimal(0), *map(Decimal, bounds)]
    tiers = [
        {"from_quantity": first, "below": below, "price": "1"}
        for first, below in zip(edges, [*edges[1:], None], strict=True)
    ]
    assert list(tier_problems(a_price(tiers=tiers, least_quantity=None))) == []


@pytest.mark.parametrize(
    ("tiers", "at"),
    [
        ([{"from_quantity": "5", "price": "1"}], "/tiers/0/from_quantity"),
        ([{"from_quantity": "0", "below": "9", "price": "1"}], "/tiers/0/below"),
        ([{"from_quantity": "0", "price": "1"}, {"from_quantity": "5", "price": "1"}], "/tiers/0/below"),
        ([{"from_quantity": "0"}], "/tiers/0/price"),
        ([{"from_quantity": "0", "price": "1", "discount_percent": "5"}], "/tiers/0/price"),
        ([{"from_quantity": "0", "discount_percent": "5"}], "/list_price"),
    ],
)
def test_what_is_wrong_with_tiers_is_said_where_it_is(tiers: list[Any], at: str) -> None:
    assert at in [where for where, _ in tier_problems(a_price(tiers=tiers, least_quantity=None))]


@given(
    st.decimals(0, 10_000, places=6),
    st.decimals(0, 100, places=4),
)
def test_a_discount_takes_its_percentage_off_the_list_to_six_places(
    list_price: Decimal, off: Decimal
) -> None:
    found = tier_price(PriceTier(from_quantity=Decimal(0), discount_percent=off), list_price)
    assert abs(found - list_price * (1 - off / 100)) <= Decimal("0.0000005")
    assert Decimal(0) <= found <= list_price


days = st.integers(0, 60).map(lambda later: date(2026, 12, 1) + timedelta(days=later))
items = st.sampled_from([None, "M8", "M9"])
sites = st.sampled_from([None, "AUG1", "HAM1"])


@given(
    st.tuples(items, sites, days, days),
    st.tuples(items, sites, days, days),
)
def test_contracts_overlap_where_some_order_would_have_two_prices(ours: Any, theirs: Any) -> None:
    def contract(item: str | None, site: str | None, one: date, other: date) -> ContractContent:
        first, last = min(one, other), max(one, other)
        return a_contract(
            starts_on=first, ends_on=last, prices=[a_price(item=item, site=site)], obligations=[]
        )

    a, b = contract(*ours), contract(*theirs)
    together = [
        (day, site)
        for day in (date(2026, 12, 1) + timedelta(days=later) for later in range(61))
        for site in ("AUG1", "HAM1", "elsewhere")
        if all(one.starts_on <= day <= one.ends_on and one.prices[0].site in {None, site} for one in (a, b))
    ]
    expected = bool(together) and a.prices[0].item == b.prices[0].item
    assert bool(overlaps(a, b)) == expected
    assert bool(overlaps(b, a)) == expected


def test_two_lines_of_one_item_follow_one_on_the_other() -> None:
    first = a_price(valid_to="2027-05-31")
    follows = a_price(number=2, valid_from="2027-06-01")
    check_content(a_contract(prices=[first, follows]), TODAY)
    with pytest.raises(InvalidError, match="prices the same"):
        check_content(a_contract(prices=[first, a_price(number=2, valid_from="2027-05-31")]), TODAY)
    with pytest.raises(InvalidError, match="no day"):
        check_content(a_contract(prices=[a_price(valid_from="2030-01-01")]), TODAY)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ends_on": "2026-11-30"}, "contract_term_wrong"),
        ({"ends_on": "2066-11-30"}, "contract_term_wrong"),
        ({"obligations": [CONTENT["obligations"][0] | {"due_on": "2028-01-01"}]}, "contract_term_wrong"),
        ({"renewal": {"kind": "none", "months": 3}}, "renewal_wrong"),
        ({"renewal": {"kind": "automatic", "months": 3, "notice_days": 400}}, "renewal_wrong"),
        (
            {"renewal": {"kind": "automatic", "months": 3, "notice_days": 1, "until": "2026-12-31"}},
            "renewal_wrong",
        ),
        (
            {"kind": "fixed_quantity", "prices": [CONTENT["prices"][0] | {"most_quantity": None}]},
            "ceiling_missing",
        ),
        ({"affiliates": ["0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10"] * 2}, "codes_repeated"),
        ({"obligations": CONTENT["obligations"] * 2}, "codes_repeated"),
    ],
)
def test_a_contract_that_nobody_could_buy_by_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        check_content(a_contract(**changes), TODAY)
    assert refusal.value.code == code
