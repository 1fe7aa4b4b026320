"""The order of a league table."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplier_performance.deliveries.rules import Measures, Received, Valued
from supplier_performance.league.rules import LeagueSort, Standing, rank
from supplier_performance.suppliers.rules import SupplierName

FIGURES = [sort for sort in LeagueSort if sort is not LeagueSort.NAME]
ALWAYS_THERE = {LeagueSort.LINES, LeagueSort.LINES_LATE}


def standing(name: str, score: int | None, measures: Measures, identity: int = 1) -> Standing:
    supplier = SupplierName(UUID(int=identity), spelling=name)
    return Standing(supplier, None if score is None else Decimal(score), None, measures)


def placed(sort: LeagueSort, *standings: Standing, currency: str = "EUR") -> list[str]:
    ordered = sorted(standings, key=lambda one: rank(one, sort, currency))
    return [one.supplier.spelling for one in ordered]


HIGHER = {
    LeagueSort.SCORE: standing("z", 90, Measures()),
    LeagueSort.ON_TIME: standing("z", None, Measures(lines_due=10, lines_on_time=9)),
    LeagueSort.IN_FULL: standing("z", None, Measures(lines_due=10, lines_in_full=9)),
    LeagueSort.ON_TIME_IN_FULL: standing("z", None, Measures(lines_due=10, lines_on_time_in_full=9)),
    LeagueSort.REJECTED_PPM: standing(
        "z", None, Measures(by_unit={"C62": Received(Decimal(10), Decimal(9))})
    ),
    LeagueSort.DAYS_LATE: standing("z", None, Measures(lines_due=10, days_late=90)),
    LeagueSort.LINES: standing("z", None, Measures(lines=9)),
    LeagueSort.LINES_LATE: standing("z", None, Measures(lines_due=9)),
    LeagueSort.SPEND: standing("z", None, Measures(by_currency={"EUR": Valued(1, Decimal(9), Decimal(0))})),
}
LOWER = standing(
    "a",
    10,
    Measures(
        lines=1,
        lines_due=10,
        lines_on_time=8,
        lines_in_full=8,
        lines_on_time_in_full=8,
        days_late=-90,
        by_unit={"C62": Received(Decimal(10), Decimal(8))},
        by_currency={"EUR": Valued(1, Decimal(8), Decimal(0)), "USD": Valued(1, Decimal(99), Decimal(0))},
    ),
)


FAULTLESS = {"C62": Received(Decimal(1), Decimal(0))}
FREE = {"EUR": Valued(1, Decimal(0), Decimal(0))}


def test_every_figure_has_an_example() -> None:
    assert list(HIGHER) == FIGURES


@pytest.mark.parametrize("sort", FIGURES)
def test_the_highest_figure_comes_first(sort: LeagueSort) -> None:
    assert placed(sort, LOWER, HIGHER[sort]) == ["z", "a"]


@pytest.mark.parametrize("sort", FIGURES)
def test_who_has_no_figure_comes_last_and_has_none_of_less_than_nothing(sort: LeagueSort) -> None:
    nothing = standing("a", None, Measures())
    without = rank(nothing, sort, "EUR")
    assert (without[0] == 0) == (sort in ALWAYS_THERE)
    assert without[1] == 0
    early = standing(
        "z",
        0,
        Measures(
            lines_due=1,
            days_late=-5,
            by_unit={"C62": Received(Decimal(1), Decimal(0))},
            by_currency={"EUR": Valued(1, Decimal(0), Decimal(0))},
        ),
    )
    if sort not in ALWAYS_THERE:
        assert placed(sort, nothing, early) == ["z", "a"]


def test_spend_is_compared_in_the_currency_that_is_asked_for() -> None:
    euros = standing("e", None, Measures(by_currency={"EUR": Valued(1, Decimal(5), Decimal(0))}))
    dollars = standing("d", None, Measures(by_currency={"USD": Valued(1, Decimal(1), Decimal(0))}))
    assert placed(LeagueSort.SPEND, euros, dollars, currency="USD") == ["d", "e"]
    assert placed(LeagueSort.SPEND, euros, dollars, currency="EUR") == ["e", "d"]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 100)), unique=True, max_size=6))
def test_names_are_from_a_whatever_the_figures(stated: list[tuple[str, int]]) -> None:
    standings = [standing(name, score, Measures(), index) for index, (name, score) in enumerate(stated)]
    assert placed(LeagueSort.NAME, *standings) == sorted(name for name, _ in stated)
    assert all(rank(one, LeagueSort.NAME, "EUR")[:2] == (0, Decimal(0)) for one in standings)


def test_equals_are_in_the_order_of_their_names_and_then_of_their_ids() -> None:
    first, second = (standing("Acme", 50, Measures(), identity) for identity in (1, 2))
    before = standing("Abel", 50, Measures(), 3)
    ordered = sorted([second, first, before], key=lambda one: rank(one, LeagueSort.SCORE, "EUR"))
    assert ordered == [before, first, second]
