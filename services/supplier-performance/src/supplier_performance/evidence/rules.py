"""What a figure is made of: a ratio of two sums over lines."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from supplier_performance.deliveries.rules import Measure, Measures


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, and the sums over its lines that make it; amounts have a currency and no denominator."""

    value: Decimal | None
    numerator: Decimal
    denominator: Decimal | None = None
    currency: str | None = None
    unit: str | None = None


def figures(measures: Measures, measure: Measure) -> list[Figure]:
    """Return the figures that a measure has: one; of spend one a currency, of rejected ppm one a unit."""
    if measure is Measure.SPEND:
        return [Figure(amount, amount, None, currency) for currency, amount in measures.spend.items()]
    if measure is Measure.REJECTED_PPM:
        return _rejected(measures)
    p90 = None if measures.p90_days_late is None else Decimal(measures.p90_days_late)
    value, numerator = {
        Measure.ON_TIME: (measures.on_time_percent, measures.lines_on_time),
        Measure.IN_FULL: (measures.in_full_percent, measures.lines_in_full),
        Measure.ON_TIME_IN_FULL: (measures.on_time_in_full_percent, measures.lines_on_time_in_full),
        Measure.AVERAGE_DAYS_LATE: (measures.average_days_late, measures.days_late),
        Measure.P90_DAYS_LATE: (p90, measures.days_late),
    }[measure]
    return [Figure(value, Decimal(numerator), Decimal(measures.lines_due))]


def _rejected(measures: Measures) -> list[Figure]:
    """Return the figure of each unit; of several, then that of each currency, and that over currencies."""
    found = [
        Figure(of.rejected_ppm, of.rejected, of.received, unit=unit) for unit, of in measures.by_unit.items()
    ]
    if len(found) > 1:
        found += [
            Figure(of.rejected_ppm, of.rejected, of.received, currency)
            for currency, of in measures.by_currency.items()
        ]
    if len(measures.by_unit) > 1 and len(measures.by_currency) > 1:
        means, lines = measures.shares
        found.append(Figure(measures.rejected_ppm, means, Decimal(lines)))
    return found or [Figure(None, Decimal(0), Decimal(0))]
