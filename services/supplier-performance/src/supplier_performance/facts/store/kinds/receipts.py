"""What was received of order lines, and against it what was taken back, on the receipts' days (ADR 36)."""

from __future__ import annotations

from supplier_performance.deliveries.store import moved
from supplier_performance.deliveries.store import told as orders
from supplier_performance.facts.rules import (
    KNOWN_ON,
    LINE,
    ORDER,
    SOURCE,
    SUPPLIER,
    Kind,
    Unit,
    day,
    number,
    truth,
)
from supplier_performance.facts.store.source import told

RECEIPTS = told(
    Kind(
        "receipts",
        "Lines of goods receipts; a reversal is one below zero, so that sums are of what did come",
        (
            SUPPLIER,
            *ORDER,
            *LINE,
            number("position", Unit.COUNT, "The line's place in the receipt; 0 of a reversal"),
            day("received_on", "When the goods came, also of what was taken back later"),
            KNOWN_ON,
            truth("is_reversal", "Whether it takes a receipt back"),
            number("received", Unit.QUANTITY, "What came; below zero of a reversal"),
            number("rejected", Unit.QUANTITY, "What of it was rejected"),
            number("accepted", Unit.QUANTITY, "What of it was accepted"),
            number("to_replace", Unit.QUANTITY, "What of the rejected is owed again"),
            *SOURCE,
        ),
        happened="received_on",
        known="`known_at`, when its receipt or reversal was recorded",
        events=("GoodsReceived", "GoodsReceiptReversed"),
        key=("order_id", "line_number", "event_sequence", "position"),
    ),
    """
    SELECT line.*, moved.position, received_on, (recorded_at AT TIME ZONE time_zone)::date AS known_on,
           moved.quantity < 0 AS is_reversal, moved.quantity AS received, moved.rejected_quantity AS rejected,
           moved.quantity - moved.rejected_quantity AS accepted,
           moved.rejected_quantity - moved.refused_for_good_quantity AS to_replace,
           event_id, type AS event_type, sequence AS event_sequence, recorded_at AS known_at
    FROM {moved} AS moved
    JOIN {ordered} AS line USING (order_id, line_number)
    JOIN {events} AS event USING (order_id, sequence)
    """,
    moved=moved.MOVED,
    ordered=orders.ORDERED,
    events=orders.EVENTS,
)
