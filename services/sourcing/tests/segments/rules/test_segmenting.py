"""The portfolio matrix: two sides, each high or low or not known, and the arithmetic of both."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.segments.rules.policy import SegmentPolicy
from sourcing.segments.rules.segmenting import (
    Known,
    Lack,
    Quadrant,
    Segment,
    mean_risk,
    quadrant,
    segments,
    share,
    supply_risk,
)

ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))
POLICY = SegmentPolicy()
RISKS = st.dictionaries(st.sampled_from([ONE, TWO, THREE]), st.decimals(0, 100, places=1))
SPENT = st.dictionaries(st.sampled_from([ONE, TWO, THREE]), st.decimals(0, 9999, places=2))


@pytest.mark.parametrize(
    ("impact", "risk", "expected"),
    [
        (False, False, Quadrant.NON_CRITICAL),
        (True, False, Quadrant.LEVERAGE),
        (False, True, Quadrant.BOTTLENECK),
        (True, True, Quadrant.STRATEGIC),
    ],
)
def test_a_quadrant_is_two_sides(impact: bool, risk: bool, expected: Quadrant) -> None:
    assert quadrant(impact, risk) is expected


def test_a_share_has_two_decimals_and_there_is_none_of_nothing() -> None:
    assert share(Decimal(1), Decimal(3)) == Decimal("33.33")
    assert share(Decimal(5), Decimal(5)) == 100
    assert share(Decimal(0), Decimal("0.01")) == 0
    assert share(Decimal(0), Decimal(0)) is None


@pytest.mark.parametrize(("suppliers", "points"), [(0, 100), (1, 100), (2, 60), (3, 30), (4, 0), (9, 0)])
def test_the_fewer_there_are_to_choose_from_the_scarcer(suppliers: int, points: int) -> None:
    assert POLICY.scarcity.of(suppliers) == points


@given(st.integers(0, 9), st.decimals(0, 100, places=1), st.integers(0, 100))
def test_supply_risk_lies_between_scarcity_and_risk(suppliers: int, risk: Decimal, weight: int) -> None:
    found = supply_risk(suppliers, 1, risk, SegmentPolicy(scarcity_weight=weight))
    assert found.points is not None
    assert min(found.scarcity, risk) - 1 <= found.points <= max(found.scarcity, risk) + 1
    assert found.is_high is (found.points >= 50)


def test_supply_risk_is_the_mean_by_weights_and_known_without_a_risk_that_counts_nothing() -> None:
    assert supply_risk(2, 2, Decimal(44), POLICY).points == 52
    assert supply_risk(2, 2, Decimal("39.8"), POLICY).is_high is False
    assert supply_risk(2, 2, Decimal(40), POLICY).is_high is True
    assert supply_risk(2, 1, Decimal("0.5"), POLICY).points == Decimal("30.3"), "half up, to one decimal"
    assert supply_risk(2, 0, None, POLICY).points is None
    only_scarcity = SegmentPolicy(scarcity_weight=100)
    assert supply_risk(2, 0, None, only_scarcity).points == 60
    assert supply_risk(2, 1, Decimal(1), only_scarcity).points == 60
    assert supply_risk(2, 1, Decimal("7.5"), SegmentPolicy(scarcity_weight=0)).points == Decimal("7.5")


@given(RISKS, SPENT)
def test_the_mean_risk_lies_among_the_risks(risks: dict[UUID, Decimal], spent: dict[UUID, Decimal]) -> None:
    found = mean_risk(risks, spent)
    if not risks:
        assert found is None
    else:
        assert found is not None
        assert min(risks.values()) <= found <= max(risks.values())


def test_the_mean_risk_is_by_what_is_spent_and_alike_where_nothing_is() -> None:
    risks = {ONE: Decimal(80), TWO: Decimal(20)}
    assert mean_risk(risks, {ONE: Decimal(1), TWO: Decimal(3), THREE: Decimal(100)}) == 35
    assert mean_risk(risks, {THREE: Decimal(100)}) == 50
    assert mean_risk(risks, {TWO: Decimal(1)}) == 20


def known(**changes: object) -> Known:
    content: dict[str, object] = {
        "categories": {"bolts", "paper"},
        "suppliers_of": {"bolts": {ONE, TWO}},
        "approved_for": {"bolts": {ONE, TWO}},
        "risks": {ONE: Decimal(90), TWO: Decimal(10)},
        "spent": {
            ("bolts", "EUR"): {ONE: Decimal(80), TWO: Decimal(1)},
            ("paper", "EUR"): {THREE: Decimal(19)},
        },
        "totals": {"EUR": Decimal(100)},
    }
    return Known(**(content | changes))  # type: ignore[arg-type]


def found(of: Known, policy: SegmentPolicy = POLICY) -> dict[tuple[str, UUID | None, str | None], Segment]:
    return {
        (one.position.category, one.position.supplier_id, one.position.currency): one
        for one in segments(of, policy)
    }


def test_categories_and_suppliers_are_segmented_with_the_arithmetic() -> None:
    all_of_them = found(known())
    assert set(all_of_them) == {
        ("bolts", None, "EUR"),
        ("bolts", ONE, "EUR"),
        ("bolts", TWO, "EUR"),
        ("paper", None, "EUR"),
    }
    bolts = all_of_them["bolts", None, "EUR"]
    assert (bolts.impact.spend, bolts.impact.total, bolts.impact.share) == (
        Decimal(81),
        Decimal(100),
        Decimal(81),
    )
    assert bolts.supply_risk.scarcity_weight == 50
    assert bolts.supply_risk.risk == 89
    assert bolts.supply_risk.points == Decimal("74.5")
    assert (bolts.supply_risk.suppliers, bolts.supply_risk.assessed) == (2, 2)
    assert (bolts.quadrant, bolts.lacks) == (Quadrant.STRATEGIC, ())
    one, two = all_of_them["bolts", ONE, "EUR"], all_of_them["bolts", TWO, "EUR"]
    assert (one.quadrant, one.impact.share_of_category) == (Quadrant.STRATEGIC, Decimal("98.77"))
    assert two.quadrant is Quadrant.NON_CRITICAL
    assert (two.impact.spend, two.impact.total, two.impact.share) == (Decimal(1), Decimal(100), Decimal(1))
    assert two.supply_risk.assessed == 1
    assert two.supply_risk.points == 35


def test_what_is_not_known_is_said_and_not_guessed() -> None:
    unassessed = found(known(risks={}))["bolts", ONE, "EUR"]
    assert (unassessed.quadrant, unassessed.supply_risk.assessed) == (None, 0)
    paper = found(known())["paper", None, "EUR"]
    assert (paper.quadrant, paper.lacks) == (None, (Lack.RISK,))
    assert paper.supply_risk.scarcity == 100
    nothing = found(known(spent={}, totals={}))
    assert nothing["bolts", None, None].lacks == (Lack.SPEND,)
    assert nothing["paper", None, None].lacks == (Lack.SPEND, Lack.RISK)
    assert found(known(totals={"EUR": Decimal(0)}))["bolts", None, "EUR"].lacks == (Lack.SPEND,)


def test_each_currency_is_by_itself_and_who_gets_nothing_in_one_has_no_share_of_it() -> None:
    totals = {"EUR": Decimal(100), "USD": Decimal(7)}
    both = found(known(totals=totals))
    assert both["bolts", None, "EUR"] == found(known())["bolts", None, "EUR"]
    dollars = both["bolts", None, "USD"]
    assert dollars.impact.share == 0
    assert dollars.impact.is_high is False
    assert dollars.supply_risk.risk == 50


def test_shares_of_the_thresholds_themselves_are_high() -> None:
    policy = SegmentPolicy(category_share=Decimal(81), supplier_share=Decimal(1))
    assert found(known(), policy)["bolts", None, "EUR"].impact.is_high is True
    assert found(known(), policy)["bolts", TWO, "EUR"].impact.is_high is True
    stricter = SegmentPolicy(category_share=Decimal("81.01"), supplier_share=Decimal("1.01"))
    assert found(known(), stricter)["bolts", None, "EUR"].impact.is_high is False
    assert found(known(), stricter)["bolts", TWO, "EUR"].impact.is_high is False
