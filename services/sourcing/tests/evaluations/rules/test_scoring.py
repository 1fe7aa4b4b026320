"""How bids are judged, by properties of each formula and by what others reckoned."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.evaluations.rules.abnormal import Why, abnormally_low
from sourcing.evaluations.rules.meat import Factor, as_decimal, denominator, weighted
from sourcing.evaluations.rules.scoring import (
    HUNDRED,
    Weighed,
    linear,
    lowest,
    places,
    ranked,
    shares,
    total,
)

AMOUNTS = st.dictionaries(st.sampled_from("ABCDEF"), st.decimals(1, 10_000, places=2), min_size=1, max_size=6)


@given(AMOUNTS)
def test_the_lowest_gets_100_points_and_twice_the_price_half_of_them(values: dict[str, Decimal]) -> None:
    points = lowest(values)
    least = min(values.values())
    assert {bidder for bidder, found in points.items() if found == HUNDRED} == {
        bidder for bidder, value in values.items() if value == least
    }
    assert lowest({"A": least, "B": 2 * least})["B"] == 50
    assert all(0 < found <= HUNDRED for found in points.values())


def test_beside_what_costs_nothing_whatever_costs_something_gets_no_points() -> None:
    assert lowest({"A": Decimal(0), "B": Decimal(5), "C": Decimal(0)}) == {"A": 100, "B": 0, "C": 100}
    assert lowest({}) == {}


@given(AMOUNTS, st.decimals(1, 5_000, places=2), st.decimals(5_001, 10_000, places=2))
def test_linear_points_lie_between_none_and_100_and_turn_around_with_the_bounds(
    values: dict[str, Decimal], low: Decimal, high: Decimal
) -> None:
    falling, rising = linear(values, low, high), linear(values, high, low)
    for bidder, value in values.items():
        assert 0 <= falling[bidder] <= HUNDRED
        assert abs(falling[bidder] + rising[bidder] - HUNDRED) < Decimal("1e-40")
        assert (falling[bidder] == HUNDRED) == (value <= low)
        assert (falling[bidder] == 0) == (value >= high)


def test_halfway_between_the_bounds_is_50_and_there_is_a_way_between_them() -> None:
    assert linear({"A": Decimal(15)}, Decimal(10), Decimal(20)) == {"A": 50}
    with pytest.raises(ValueError, match="one"):
        linear({"A": Decimal(15)}, Decimal(10), Decimal(10))


@given(AMOUNTS)
def test_points_by_rank_go_by_the_order_alone(values: dict[str, Decimal]) -> None:
    points = ranked(values)
    assert ranked({bidder: value * 3 for bidder, value in values.items()}) == points
    assert max(points.values()) == HUNDRED
    for one, other in [(a, b) for a in values for b in values]:
        assert (values[one] < values[other]) == (points[one] > points[other])


def test_ranks_have_equal_steps_and_equals_share_the_better_one() -> None:
    values = {"A": Decimal(1), "B": Decimal(2), "C": Decimal(2), "D": Decimal(9), "E": Decimal(10)}
    assert ranked(values) == {"A": 100, "B": 75, "C": 75, "D": 25, "E": 0}
    assert places(values) == {"E": 1, "D": 2, "B": 3, "C": 3, "A": 5}
    assert places(values, highest_first=False) == {"A": 1, "B": 2, "C": 2, "D": 4, "E": 5}


@given(st.lists(st.integers(1, 99), min_size=1, max_size=4))
def test_what_criteria_count_adds_up_to_100_and_so_do_the_points_of_who_has_all(cuts: list[int]) -> None:
    bounds = [0, *sorted(set(cuts)), 100]
    top = [Weighed(f"c{n}", None, Decimal(b - a)) for n, (a, b) in enumerate(pairwise(bounds))]
    below = [Weighed("x", "c0", Decimal(40)), Weighed("y", "c0", Decimal(60))]
    counting = shares([*top, *below])
    assert "c0" not in counting
    assert sum(counting.values()) == HUNDRED
    assert counting["x"] == top[0].weight * Decimal("0.4")
    assert total(dict.fromkeys(counting, HUNDRED), counting) == HUNDRED


def test_the_denominator_of_two_factors_is_nine_sevenths() -> None:
    factors = [Factor(Decimal("0.15"), Decimal("0.10"))] * 2
    assert denominator(factors) == Fraction(9, 7)


def test_a_weighted_price_with_life_cycle_cost_is_rounded_at_the_end_alone() -> None:
    factor = Factor(Decimal("0.20"), Decimal("0.15"))
    assert denominator([factor]) == Fraction(19, 16)
    assert weighted(Decimal(10_000), [factor], Decimal(750)) == Decimal("9171.05")


@given(st.decimals(1, 10_000, places=2), st.integers(0, 15), st.integers(0, 15))
def test_more_of_a_factor_never_makes_a_bid_worse_and_none_of_any_leaves_its_price(
    price: Decimal, one: int, other: int
) -> None:
    most = Decimal("0.15")
    less, more = (
        weighted(price, [Factor(most, Decimal(n) / 100), Factor(most, Decimal(0))])
        for n in sorted((one, other))
    )
    assert more <= less <= price
    assert weighted(price, [Factor(most, Decimal(0))]) == price


@pytest.mark.parametrize(
    "factors",
    [[("0.16", "0"), ("0.15", "0")], [("0.10", "0.11")], [("0.10", "-0.01")]],
)
def test_factors_count_30_percent_together_at_most_and_no_bid_has_more_than_all(
    factors: list[tuple[str, str]],
) -> None:
    with pytest.raises(ValueError, match=r"factors count|lies between"):
        denominator([Factor(Decimal(most), Decimal(chosen)) for most, chosen in factors])


def test_halves_are_rounded_up() -> None:
    assert as_decimal(Fraction(1, 8), 2) == Decimal("0.13")
    assert as_decimal(Fraction(1, 3), 2) == Decimal("0.33")


def test_a_bid_30_percent_under_the_next_is_abnormally_low_and_one_cent_more_is_not() -> None:
    for amount, low in (("700", [Why.UNDER_NEXT]), ("700.01", [])):
        amounts = {"A": Decimal(amount), "B": Decimal(1_000)}
        assert [one.why for one in abnormally_low(amounts, amounts)] == low


def test_a_bid_40_percent_under_the_mean_of_the_others_first_ones_is_abnormally_low() -> None:
    initial = {"A": Decimal(900), "B": Decimal(1_000), "C": Decimal(1_200)}
    final = {"A": Decimal(660), "B": Decimal(700), "C": Decimal(1_200)}
    (found,) = [one for one in abnormally_low(initial, final) if one.bidder == "A"]
    assert (found.why, found.against, found.under) == (Why.UNDER_MEAN, Fraction(1_100), Fraction(40, 100))
    assert not [one for one in abnormally_low(initial, final | {"A": Decimal("660.01")}) if one.bidder == "A"]
    assert abnormally_low({"A": Decimal(1)}, {"A": Decimal(1)}) == []


@given(AMOUNTS, st.integers(2, 9))
def test_what_is_abnormally_low_is_so_in_each_currency(values: dict[str, Decimal], rate: int) -> None:
    in_another = {bidder: value * rate for bidder, value in values.items()}
    assert [(one.bidder, one.why, one.under) for one in abnormally_low(values, values)] == [
        (one.bidder, one.why, one.under) for one in abnormally_low(in_another, in_another)
    ]
