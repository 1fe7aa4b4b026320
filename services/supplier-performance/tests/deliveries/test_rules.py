"""The figures that counts make."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from purveyor.figures import rounded
from supplier_performance.deliveries.rules import MILLION, Measures, Received, Valued, Window, ratio


def test_figures_are_rounded_half_up() -> None:
    assert ratio(1, 8, Decimal(100), 1) == Decimal("12.5")
    assert ratio(1, 800, Decimal(100), 2) == Decimal("0.13")
    assert ratio(-1, 200, Decimal(1), 2) == Decimal("-0.01")
    assert ratio(1, 0, Decimal(100), 2) is None


def test_a_rolling_year_ends_today_and_has_365_days() -> None:
    window = Window.rolling(date(2026, 6, 15), 365)
    assert (window.first, window.last) == (date(2025, 6, 16), date(2026, 6, 15))


@dataclass(frozen=True)
class Line:
    unit: str
    currency: str
    received: Decimal
    rejected: Decimal
    value: Decimal


@st.composite
def a_line(draw: st.DrawFn) -> Line:
    received = draw(st.integers(1, 10_000))
    return Line(
        unit=draw(st.sampled_from(["C62", "KGM", "MTR"])),
        currency=draw(st.sampled_from(["EUR", "JPY"])),
        received=Decimal(received),
        rejected=Decimal(draw(st.integers(0, received))),
        value=draw(st.decimals(0, 1_000_000, places=2)),
    )


LINES = st.lists(a_line(), max_size=8)


def measured(lines: list[Line]) -> Measures:
    """Return what a plain count makes of lines."""
    by_unit: dict[str, Received] = {}
    by_currency: dict[str, Valued] = {}
    for line in lines:
        of = by_unit.get(line.unit, Received(Decimal(0), Decimal(0)))
        by_unit[line.unit] = Received(of.received + line.received, of.rejected + line.rejected)
        worth = by_currency.get(line.currency, Valued(0, Decimal(0), Decimal(0)))
        share = rounded(line.value * line.rejected / line.received, 6)
        by_currency[line.currency] = Valued(
            worth.lines + 1, worth.received + line.value, worth.rejected + share
        )
    return Measures(by_unit=by_unit, by_currency=by_currency)


def test_ten_bad_of_three_hundred_pieces_are_seen_beside_five_thousand_good_kilograms() -> None:
    bolts = Line("C62", "EUR", Decimal(300), Decimal(10), Decimal(600))
    steel = Line("KGM", "EUR", Decimal(5000), Decimal(0), Decimal(5000))
    both = measured([bolts, steel])
    assert {unit: of.rejected_ppm for unit, of in both.by_unit.items()} == {"C62": 33_333, "KGM": 0}
    assert both.rejected_ppm == 3_571  # (600 × 10/300 + 5,000 × 0) ÷ 5,600, and not 10 ÷ 5,300


def test_over_currencies_each_mean_counts_by_its_lines() -> None:
    bolts = Line("C62", "EUR", Decimal(300), Decimal(10), Decimal(600))
    steel = Line("KGM", "JPY", Decimal(5000), Decimal(0), Decimal(900_000))
    assert measured([bolts, steel, steel]).rejected_ppm == 11_111  # (1 × 1/30 + 2 × 0) ÷ 3


def test_what_has_no_common_unit_and_no_value_has_no_common_figure() -> None:
    free = [Line(unit, "EUR", Decimal(10), Decimal(5), Decimal(0)) for unit in ("C62", "KGM")]
    assert measured(free).rejected_ppm is None
    assert [of.rejected_ppm for of in measured(free).by_unit.values()] == [500_000, 500_000]
    assert measured(free[:1]).rejected_ppm == 500_000


@given(LINES)
def test_a_single_unit_is_counted_by_its_quantities(lines: list[Line]) -> None:
    lines = [replace(line, unit="C62") for line in lines]
    received = sum(line.received for line in lines)
    assert measured(lines).rejected_ppm == ratio(
        sum((line.rejected for line in lines), Decimal(0)), received, MILLION, 0
    )


@given(LINES)
def test_a_figure_over_units_lies_between_the_best_and_the_worst_line(lines: list[Line]) -> None:
    figure = measured(lines).rejected_ppm
    if figure is not None:
        shares = [line.rejected / line.received * MILLION for line in lines]
        rounding = 1 + MILLION * len(lines) * Decimal("0.000001") / min(
            (line.value for line in lines if line.value), default=Decimal(1)
        )
        assert min(shares) - rounding <= figure <= max(shares) + rounding


@given(LINES, st.sampled_from(["C62", "KGM", "MTR"]))
def test_to_count_in_grams_instead_of_kilograms_changes_nothing(lines: list[Line], unit: str) -> None:
    finer = [
        replace(line, received=line.received * 1000, rejected=line.rejected * 1000)
        if line.unit == unit
        else line
        for line in lines
    ]
    assert measured(finer).rejected_ppm == measured(lines).rejected_ppm


@given(LINES, st.sampled_from(["EUR", "JPY"]))
def test_what_a_currency_is_worth_changes_nothing(lines: list[Line], currency: str) -> None:
    dearer = [replace(line, value=line.value * 100) if line.currency == currency else line for line in lines]
    worth, as_dear = measured(lines), measured(dearer)
    if len(worth.by_unit) > 1 and worth.rejected_ppm is not None:
        assert as_dear.rejected_ppm is not None
        slack = 1 + MILLION * len(lines) * Decimal("0.000001") / min(
            (line.value for line in lines if line.value), default=Decimal(1)
        )
        assert abs(as_dear.rejected_ppm - worth.rejected_ppm) <= slack
