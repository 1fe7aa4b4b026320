"""Promises that were moved, and by whom (ADR 39)."""

from __future__ import annotations

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
    text,
    truth,
)
from supplier_performance.facts.store.source import told

PROMISES = told(
    Kind(
        "promises",
        "Moves of days by which lines or parts of lines were promised",
        (
            SUPPLIER,
            *ORDER,
            *LINE,
            number("schedule_number", Unit.COUNT, "The part of the line; 1 of a line that is due at once"),
            day("changed_on", "When it was moved"),
            KNOWN_ON,
            text("moved_by", "Whose move it was: buyer or supplier"),
            truth("agreed", "Whether the buyer agreed: only then does it change the day that counts"),
            day("moved_from", "What was promised last, or else needed, until then"),
            day("promised_on", "What is promised from then on"),
            day("due_on", "The day that counts from then on"),
            number("days_moved", Unit.DAYS, "How much later; below zero: earlier"),
            *SOURCE,
        ),
        happened="changed_on",
        known="`known_at`, when the move was recorded",
        events=("PromiseChanged",),
        key=("order_id", "line_number", "schedule_number", "event_sequence"),
    ),
    """
    SELECT line.*, schedule_number, business_date AS changed_on,
           (recorded_at AT TIME ZONE time_zone)::date AS known_on, moved_by, agreed, moved_from, promised_on,
           due_on, promised_on - moved_from AS days_moved, event_id, type AS event_type,
           sequence AS event_sequence,
           recorded_at AS known_at
    FROM {moves} AS move
    JOIN {ordered} AS line USING (order_id, line_number)
    JOIN {events} AS event USING (order_id, sequence)
    """,
    moves=orders.MOVES,
    ordered=orders.ORDERED,
    events=orders.EVENTS,
)
