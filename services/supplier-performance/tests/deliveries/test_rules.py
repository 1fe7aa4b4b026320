"""The figures that counts make."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from supplier_performance.deliveries.rules import Window, ratio


def test_figures_are_rounded_half_up() -> None:
    assert ratio(1, 8, Decimal(100), 1) == Decimal("12.5")
    assert ratio(1, 800, Decimal(100), 2) == Decimal("0.13")
    assert ratio(-1, 200, Decimal(1), 2) == Decimal("-0.01")
    assert ratio(1, 0, Decimal(100), 2) is None


def test_a_rolling_year_ends_today_and_has_365_days() -> None:
    window = Window.rolling(date(2026, 6, 15), 365)
    assert (window.first, window.last) == (date(2025, 6, 16), date(2026, 6, 15))
