"""Scores that suppliers had, each from the day on which it was published."""

from __future__ import annotations

from purveyor_contract.events.supplier_performance.suppliers import SupplierScoreUpdated
from supplier_performance.facts.rules import SOURCE, SUPPLIER, Kind, Unit, day, number, text
from supplier_performance.facts.store.source import told
from supplier_performance.scored import store as scored

SCORES = told(
    Kind(
        "scores",
        "Scores that suppliers had, one whenever a score or a grade moved",
        (
            SUPPLIER,
            day("judged_on", "The day that it was judged for"),
            text("grade", "A, B, C, D or E; missing without a score"),
            number("score", Unit.POINTS, "From 0 to 100; missing when too few lines were due"),
            *SOURCE,
        ),
        happened="judged_on",
        known="`known_at`, when it was judged and published; its event is named by its number alone",
        events=("SupplierScoreUpdated",),
        key=("supplier_id", "event_sequence"),
    ),
    """
    SELECT supplier_id, as_of AS judged_on, grade, score, NULL::uuid AS event_id,
           {published} AS event_type, sequence AS event_sequence, judged_at AS known_at,
           'UTC' AS time_zone
    FROM {scores} AS had
    """,
    scores=scored.SCORES_HAD,
    published=f"'{SupplierScoreUpdated.type_name()}'",
)
