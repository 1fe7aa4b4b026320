"""A figure and the sums that make it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from supplier_performance.deliveries.rules import Measure, Measures, Received, Valued
from supplier_performance.evidence.rules import Figure, figures

MEASURES = Measures(
    lines=12,
    lines_due=8,
    lines_on_time=6,
    lines_in_full=5,
    lines_on_time_in_full=4,
    days_late=20,
    p90_days_late=7,
    by_unit={"C62": Received(Decimal(2000), Decimal(3))},
    by_currency={
        "EUR": Valued(2, Decimal("12.50"), Decimal("0.5")),
        "JPY": Valued(1, Decimal(900), Decimal(0)),
    },
)


@pytest.mark.parametrize(
    ("measure", "value", "numerator", "denominator"),
    [
        (Measure.ON_TIME, "75.00", 6, 8),
        (Measure.IN_FULL, "62.50", 5, 8),
        (Measure.ON_TIME_IN_FULL, "50.00", 4, 8),
        (Measure.REJECTED_PPM, "1500", 3, 2000),
        (Measure.AVERAGE_DAYS_LATE, "2.50", 20, 8),
        (Measure.P90_DAYS_LATE, "7", 20, 8),
    ],
)
def test_a_figure_is_shown_with_the_sums_over_its_lines(
    measure: Measure, value: str, numerator: int, denominator: int
) -> None:
    unit = "C62" if measure is Measure.REJECTED_PPM else None
    assert figures(MEASURES, measure) == [
        Figure(Decimal(value), Decimal(numerator), Decimal(denominator), unit=unit)
    ]


def test_spend_has_a_figure_a_currency_and_nothing_that_it_is_a_part_of() -> None:
    assert figures(MEASURES, Measure.SPEND) == [
        Figure(Decimal("12.50"), Decimal("12.50"), currency="EUR"),
        Figure(Decimal(900), Decimal(900), currency="JPY"),
    ]


def test_rejected_ppm_has_a_figure_a_unit_and_then_those_of_the_values_that_weigh() -> None:
    measures = replace(
        MEASURES, by_unit={"C62": Received(Decimal(300), Decimal(3)), "KGM": Received(Decimal(5), Decimal(0))}
    )
    assert figures(measures, Measure.REJECTED_PPM) == [
        Figure(Decimal(10_000), Decimal(3), Decimal(300), unit="C62"),
        Figure(Decimal(0), Decimal(0), Decimal(5), unit="KGM"),
        Figure(Decimal(40_000), Decimal("0.5"), Decimal("12.50"), currency="EUR"),
        Figure(Decimal(0), Decimal(0), Decimal(900), currency="JPY"),
        Figure(Decimal(26_667), Decimal("0.08"), Decimal(3)),
    ]
    euros = replace(measures, by_currency={"EUR": measures.by_currency["EUR"]})
    assert [figure.value for figure in figures(euros, Measure.REJECTED_PPM)] == [10_000, 0, 40_000]


@pytest.mark.parametrize("measure", [measure for measure in Measure if measure is not Measure.SPEND])
def test_where_nothing_was_due_or_received_there_is_no_figure(measure: Measure) -> None:
    assert figures(Measures(), measure) == [Figure(None, Decimal(0), Decimal(0))]
