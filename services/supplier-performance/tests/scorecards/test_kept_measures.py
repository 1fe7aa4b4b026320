"""Measures as scorecards keep them."""

from __future__ import annotations

from decimal import Decimal

from supplier_performance.deliveries.rules import Measures, Received, Valued
from supplier_performance.scorecards.model import MEASURES


def test_measures_are_read_as_they_were_kept() -> None:
    measures = Measures(
        lines=3,
        by_unit={"C62": Received(Decimal(300), Decimal(10)), "KGM": Received(Decimal(5000), Decimal(0))},
        by_currency={"EUR": Valued(2, Decimal("5600.00"), Decimal("20.000000"))},
    )
    assert MEASURES.validate_python(MEASURES.dump_python(measures, mode="json")) == measures


def test_what_was_kept_before_units_were_told_apart_keeps_its_figures() -> None:
    kept = {"lines": 3, "received_quantity": "5300", "rejected_quantity": "10", "spend": {"EUR": "5600.00"}}
    measures = MEASURES.validate_python(kept)
    assert measures.by_unit == {"ZZ": Received(Decimal(5300), Decimal(10))}
    assert measures.rejected_ppm == 1_887
    assert measures.spend == {"EUR": Decimal("5600.00")}
    assert MEASURES.validate_python({"lines": 1, "spend": {}}).rejected_ppm is None
