"""Promises and outcomes are put side by side, place by place, the latest first."""

from __future__ import annotations

from decimal import Decimal

from supplier_performance.kpis.rules.shipped import SHIPPED
from supplier_performance.shared_metrics.rules import PAIRS, Compared, Place, comes_after, compared, places

MAY, JUNE = Place("2026-05", "a", "bolts"), Place("2026-06", "a", "bolts")
WHOLE = Place("2026-05", "a", "")
NOTHING: dict[str, dict[Place, Decimal | None]] = {
    code: {} for pair in PAIRS for code in (pair.promised, pair.outcome)
}


def test_the_pairs_are_of_kpis_of_a_hundred_where_higher_is_better() -> None:
    for pair in PAIRS:
        for code in (pair.promised, pair.outcome):
            definition = SHIPPED[code].definition
            assert definition.direction == "higher"
            assert definition.unit in {"percent", "points"}
    assert len({pair.code for pair in PAIRS}) == len(PAIRS)


def test_the_latest_period_comes_first_and_what_is_of_no_category_stands_beside_each() -> None:
    other = Place("2026-05", "b", "")
    figures = NOTHING | {"document-validity": {WHOLE: Decimal(1), other: Decimal(1)}}
    figures |= {"on-time-in-full": {MAY: Decimal(2), JUNE: Decimal(3)}}
    assert places(figures) == [JUNE, MAY, other]
    assert [comes_after(one, MAY) for one in (JUNE, MAY, other)] == [False, False, True]
    assert comes_after(MAY, JUNE)


def test_the_difference_is_the_outcome_less_the_promise_where_both_are_known() -> None:
    figures = NOTHING | {
        "document-validity": {WHOLE: Decimal(100)},
        "perfect-order": {WHOLE: Decimal(80)},
        "on-time-in-full": {MAY: Decimal(90)},
    }
    found = {one.pair.code: one for one in compared(figures, MAY)}
    assert found["documents"].difference == -20
    assert found["qualification"].difference is None
    assert compared(figures, JUNE) == []
    assert Compared(PAIRS[0], None, Decimal(1)).difference is None
