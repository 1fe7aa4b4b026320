"""What ratios, sites, shares, places and signals come to, from 0 to 100, of which 100 is the worst."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purveyor.errors import InvalidError
from sourcing.risk.rules import points as rules
from sourcing.risk.rules.factors import Reading, StatedFactor
from sourcing.risk.rules.points import CountryRisk, Held, Ratios, Signal
from sourcing.risk.rules.policy import FinancialBounds
from sourcing.risk.rules.stating import Operations, Said, Shares, points_of

TODAY = date(2026, 11, 20)
BOUNDS = FinancialBounds()
percent = st.decimals(0, 100, places=2)
ratio = st.decimals(-3, 3, places=4)


def ratios(*of: str) -> Ratios:
    return Ratios(*(Decimal(one) for one in of))


@pytest.mark.parametrize(
    ("of", "z"),
    [
        (("0", "0", "0", "0"), "3.25"),
        (("0.12", "0.05", "0.06", "0.475"), "5.10215"),
        (("0.25", "0.30", "0.15", "1.20"), "8.1360"),
        (("-0.20", "-0.40", "-0.10", "0.10"), "0.0670"),
    ],
)
def test_z_score_as_altman_reckons_it(of: tuple[str, ...], z: str) -> None:
    assert rules.z_score(ratios(*of)) == Decimal(z)


def test_the_z_score_says_distress_and_safety_by_the_bounds() -> None:
    assert rules.of_z_score(Decimal("4.35"), BOUNDS) == 100
    assert rules.of_z_score(Decimal("5.10"), BOUNDS) == 50
    assert rules.of_z_score(Decimal("5.85"), BOUNDS) == 0


@given(ratio, ratio, st.sampled_from(range(4)), st.tuples(ratio, ratio, ratio, ratio))
def test_a_better_ratio_makes_no_supplier_riskier(
    one: Decimal, other: Decimal, place: int, of: tuple[Decimal, ...]
) -> None:
    worse, better = (
        rules.of_z_score(rules.z_score(Ratios(*(*of[:place], value, *of[place + 1 :]))), BOUNDS)
        for value in sorted((one, other))
    )
    assert 0 <= better <= worse <= 100


@given(st.none() | st.integers(1, 9), st.none() | percent)
def test_the_worse_of_sites_and_capacity_counts(sites: int | None, used: Decimal | None) -> None:
    if sites is None and used is None:
        return
    found = rules.of_operations(sites, used)
    alone = [rules.of_operations(sites, None)] if sites else []
    alone += [] if used is None else [rules.of_operations(None, used)]
    assert found == max(alone)
    assert 0 <= found <= 100


def test_operations_by_what_they_are() -> None:
    assert [rules.of_operations(sites, None) for sites in (1, 2, 3, 9)] == [70, 40, 15, 15]
    assert [rules.of_operations(None, Decimal(used)) for used in (0, 80, 90, 100)] == [0, 0, 50, 100]


@given(percent, percent)
def test_the_greater_share_is_what_one_depends_by(ours: Decimal, its: Decimal) -> None:
    found = rules.of_shares(ours, its)
    assert found == max(rules.of_shares(ours, None), rules.of_shares(None, its))


@given(st.frozensets(st.sampled_from(Held)))
def test_the_worst_that_is_held_against_it_counts(held: frozenset[Held]) -> None:
    assert rules.of_held(held) == max((rules.OF_HELD[one] for one in held), default=0)
    assert rules.of_held(held | {Held.SANCTION_CONFIRMED}) == 100


def test_a_score_lacks_what_it_lacks() -> None:
    assert [rules.of_score(Decimal(score)) for score in ("87.5", "0")] == [Decimal("12.5"), 100]


signals = st.lists(
    st.builds(
        Signal,
        st.decimals(0, 100, places=1),
        st.decimals("0.1", 100, places=1),
        st.sampled_from(["a", "b"]),
        st.dates(TODAY - timedelta(days=30), TODAY + timedelta(days=2)),
        st.dates(TODAY - timedelta(days=30), TODAY + timedelta(days=30)),
    ),
    max_size=6,
)


@given(signals)
def test_signals_are_a_mean_of_those_that_hold(signals: list[Signal]) -> None:
    known = [one for one in signals if one.observed_on <= TODAY]
    holding = [one for one in known if one.holds_until >= TODAY]
    found = rules.of_signals(signals, TODAY)
    assert (found is None) == (not known)
    if found is None:
        return
    assert found.holds(TODAY) == bool(holding)
    counted = [one.points for one in holding or known]
    assert min(counted) <= found.points <= max(counted)
    assert found.holds_until in {one.holds_until for one in known}


def test_a_signal_of_twice_the_weight_counts_twice() -> None:
    long = TODAY + timedelta(days=9)
    said = [
        Signal(Decimal(90), Decimal(2), "Newswatch", TODAY, long),
        Signal(Decimal(30), Decimal(1), "Agency", TODAY, long + timedelta(days=1)),
    ]
    found = rules.of_signals(said, TODAY)
    assert found == Reading(
        points=Decimal("70.0"),
        source="Agency, Newswatch",
        as_of=TODAY,
        holds_until=long,
        because="2 signals, by their weights",
    )


def row(country: str, category: str | None, of: int, holds_until: date = TODAY) -> CountryRisk:
    said = Reading(
        points=Decimal(of),
        source="table",
        as_of=TODAY,
        holds_until=holds_until,
        because=f"{country} {category}",
    )
    return CountryRisk(country, category, said)


def test_the_table_counts_by_the_nearest_row_that_holds_and_the_worst_place() -> None:
    table = [row("BD", None, 40), row("BD", "textiles", 80), row("BD", "shirts", 20), row("DE", None, 5)]
    above = {"shirts": ("textiles",), "socks": ("textiles",)}

    def of(countries: list[str], *categories: str, on: date = TODAY) -> Decimal | None:
        found = rules.of_places(countries, categories, above, table, on)
        return None if found is None else found.points

    assert of(["BD"], "socks") == 80
    assert of(["BD"], "shirts") == 20
    assert of(["BD"], "shirts", "socks") == 80
    assert of(["BD"], "screws") == 40
    assert of(["BD"]) == 40
    assert of(["DE", "BD"], "screws") == 40
    assert of(["FR"], "screws") is None
    table.append(row("BD", "socks", 99, TODAY - timedelta(days=1)))
    assert of(["BD"], "socks") == 80
    stale = rules.of_places(["BD"], ["socks"], above, table, TODAY + timedelta(days=1))
    assert stale is not None
    assert not stale.holds(TODAY + timedelta(days=1))


def test_what_is_said_of_a_factor_becomes_points_that_say_what_they_come_of() -> None:
    told = Said(ratios=ratios("0.12", "0.05", "0.06", "0.475"))
    assert points_of(StatedFactor.FINANCIAL, told, BOUNDS) == (Decimal("49.9"), "Altman's Z″ 5.10")
    sites = Said(operations=Operations(1, Decimal(90)))
    assert points_of(StatedFactor.OPERATIONAL, sites, BOUNDS) == (
        Decimal("70.0"),
        "one making site, 90 % of its capacity used",
    )
    more = Said(operations=Operations(2, None))
    assert points_of(StatedFactor.OPERATIONAL, more, BOUNDS) == (Decimal("40.0"), "2 making sites")
    shares = Said(shares=Shares(Decimal(35), Decimal(60)))
    assert points_of(StatedFactor.DEPENDENCY, shares, BOUNDS) == (
        Decimal("60.0"),
        "we are 35 % of its sales, it is 60 % of what we buy of that",
    )
    plain = Said(points=Decimal(25))
    assert points_of(StatedFactor.ENVIRONMENTAL_SOCIAL, plain, BOUNDS) == (Decimal(25), "points as stated")


@pytest.mark.parametrize(
    ("factor", "said", "pointers"),
    [
        (StatedFactor.FINANCIAL, Said(), ["/points"]),
        (StatedFactor.FINANCIAL, Said(operations=Operations(1, None)), ["/operations"]),
        (StatedFactor.FINANCIAL, Said(points=Decimal(1), ratios=ratios("0", "0", "0", "0")), ["/ratios"]),
        (StatedFactor.ENVIRONMENTAL_SOCIAL, Said(shares=Shares(Decimal(1), None)), ["/shares"]),
        (StatedFactor.OPERATIONAL, Said(operations=Operations(None, None)), ["/operations"]),
        (StatedFactor.DEPENDENCY, Said(shares=Shares(None, None)), ["/shares"]),
    ],
)
def test_what_does_not_fit_a_factor_is_refused_by_its_place(
    factor: StatedFactor, said: Said, pointers: list[str]
) -> None:
    with pytest.raises(InvalidError) as refused:
        points_of(factor, said, BOUNDS)
    assert refused.value.code == "factor_malformed"
    assert [error.pointer for error in refused.value.errors] == pointers
