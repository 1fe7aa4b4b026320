"""What despatch advices announced of order lines, and what came of it."""

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
    identity,
    number,
    text,
    truth,
)
from supplier_performance.facts.store import kept
from supplier_performance.facts.store.source import KNOWN, TODAY, told

ANNOUNCED = """
SELECT *, arrived_on IS NOT NULL OR last_expected_on < least(judged_on, cancelled_on) AS due,
       received = announced AS right_quantity,
       coalesce(arrived_on <= last_expected_on, false) AS on_day,
       coalesce(known_on <= arrived_on, false) AS in_time,
       received = announced AND coalesce(arrived_on <= last_expected_on AND known_on <= arrived_on, false)
         AS as_announced
FROM (
  SELECT line.*, shipped.shipment_id, despatch_reference, shipped_on, shipped.expected_on,
         coalesce(change.expected_on, shipped.expected_on) AS last_expected_on, cancelled_on, by_supplier,
         (shipped.known_at AT TIME ZONE time_zone)::date AS known_on, today AS judged_on,
         shipped.quantity AS announced, coalesce(received, 0) AS received,
         CASE WHEN received > 0 THEN first_on END AS arrived_on,
         event_id, event_type, shipped.sequence AS event_sequence, shipped.known_at
  FROM {shipped} AS shipped
  JOIN {ordered} AS line USING (order_id, line_number)
  CROSS JOIN LATERAL (SELECT {today} AS today) AS day
  LEFT JOIN LATERAL (
    SELECT expected_on FROM {changes} AS delay
    WHERE delay.order_id = shipped.order_id AND delay.shipment_id = shipped.shipment_id
      AND delay.expected_on IS NOT NULL AND (delay.known_at AT TIME ZONE time_zone)::date <= today
      AND {known_delay}
    ORDER BY delay.sequence DESC LIMIT 1
  ) AS change ON true
  LEFT JOIN LATERAL (
    SELECT min(called.cancelled_on) AS cancelled_on FROM {changes} AS called
    WHERE called.order_id = shipped.order_id AND called.shipment_id = shipped.shipment_id
      AND called.cancelled_on <= today AND {known_called}
  ) AS called_off ON true
  LEFT JOIN LATERAL (
    SELECT sum(moved.quantity) AS received, min(received_on) FILTER (WHERE moved.quantity > 0) AS first_on
    FROM {of_shipments} AS came
    JOIN {moved} AS moved ON moved.order_id = came.order_id AND moved.sequence = came.sequence
    JOIN {events} AS event ON event.order_id = came.order_id AND event.sequence = came.sequence
    WHERE came.order_id = shipped.order_id AND came.shipment_id = shipped.shipment_id
      AND moved.line_number = shipped.line_number AND received_on <= today AND {known_receipt}
  ) AS came ON true
) AS announced
"""
FRAGMENTS = {
    "shipped": kept.SHIPPED,
    "changes": kept.CHANGES,
    "of_shipments": kept.OF_SHIPMENTS,
    "ordered": orders.ORDERED,
    "moved": moved.MOVED,
    "events": orders.EVENTS,
    "today": TODAY,
    "known_delay": KNOWN.format(known_at="delay.known_at"),
    "known_called": KNOWN.format(known_at="called.known_at"),
    "known_receipt": KNOWN.format(known_at="event.recorded_at"),
}
SHIPMENTS = told(
    Kind(
        "shipments",
        "Order lines of despatch advices: what was announced, and what came with that shipment",
        (
            SUPPLIER,
            *ORDER,
            *LINE,
            identity("shipment_id", "The shipment"),
            text("despatch_reference", "The supplier's number of the advice"),
            day("shipped_on", "When it was sent, as the supplier says"),
            day("expected_on", "For which day it was announced"),
            day("last_expected_on", "For which day it is announced now"),
            day("arrived_on", "When the first of it came; missing: nothing has"),
            day("cancelled_on", "When it was called back"),
            KNOWN_ON,
            day("judged_on", "The day asked for, or today at the site"),
            truth("by_supplier", "Whether the supplier's own people announced it"),
            truth("due", "Whether something came, or its day was over before it was called back"),
            truth("right_quantity", "Whether as much came as was announced"),
            truth("on_day", "Whether it came by the day that it is announced for"),
            truth("in_time", "Whether it was announced before it came, or on the day"),
            truth("as_announced", "All three"),
            number("announced", Unit.QUANTITY, "What was announced"),
            number("received", Unit.QUANTITY, "What came with it, less what was taken back"),
            *SOURCE,
        ),
        happened="expected_on",
        known="`known_at`, when the advice was recorded",
        events=(
            "ShipmentNotified",
            "ShipmentDelayed",
            "ShipmentCancelled",
            "GoodsReceived",
            "GoodsReceiptReversed",
        ),
        key=("order_id", "shipment_id", "line_number"),
    ),
    ANNOUNCED,
    **FRAGMENTS,
)
