"""Versions of orders that suppliers were sent, and how soon each was answered, if it was."""

from __future__ import annotations

from purveyor_contract.events.procurement.orders import POAcknowledged, POAmended, POIssued
from purveyor_contract.events.procurement.promises import POResponded
from supplier_performance.deliveries.store import told as orders
from supplier_performance.facts.rules import (
    KNOWN_ON,
    ORDER,
    SOURCE,
    SUPPLIER,
    Kind,
    Unit,
    day,
    identity,
    number,
    truth,
)
from supplier_performance.facts.store.source import KNOWN, TODAY, told

ACCEPTING = f"'{POAcknowledged.type_name()}'"
ANSWERING = f"{ACCEPTING}, '{POResponded.type_name()}'"
ASKING = f"'{POIssued.type_name()}', '{POAmended.type_name()}'"

ANSWERS = told(
    Kind(
        "answers",
        "Versions of orders, each a question to the supplier, with its first answer before the next version",
        (
            SUPPLIER,
            *ORDER,
            day("asked_on", "When the version was issued"),
            KNOWN_ON,
            day("answered_on", "When the supplier answered it first"),
            day("asked_until", "When the next version took its place; missing of the one in force"),
            day("judged_on", "The day asked for, or today at the site"),
            truth("answered", "Whether it was answered by then"),
            truth("accepted", "Whether that answer accepted it as it is"),
            number("answer_days", Unit.DAYS, "From the issue until the answer"),
            identity("answer_id", "The event of that answer"),
            *SOURCE,
        ),
        happened="asked_on",
        known="`known_at`, when the version was recorded; the answer's event has its own",
        events=("POIssued", "POAmended", "POAcknowledged", "POResponded"),
        key=("order_id", "event_sequence"),
    ),
    """
    SELECT ordered.*, today AS judged_on, answered_on, asked_until, answered_on IS NOT NULL AS answered,
           answer_type = {accepting} AS accepted, answered_on - asked_on AS answer_days, answer_id
    FROM (
      SELECT orders.*, asked.business_date AS asked_on, asked.recorded_at AS known_at, asked.event_id,
             asked.type AS event_type,
             (asked.recorded_at AT TIME ZONE time_zone)::date AS known_on, {today} AS today,
             asked.sequence AS event_sequence
      FROM {orders} AS orders JOIN {events} AS asked USING (order_id)
      WHERE asked.type IN ({asking})
    ) AS ordered
    LEFT JOIN LATERAL (
      SELECT business_date AS asked_until, sequence AS next_sequence FROM {events} AS next
      WHERE next.order_id = ordered.order_id AND next.sequence > event_sequence AND next.type IN ({asking})
        AND business_date <= today AND {known}
      ORDER BY sequence LIMIT 1
    ) AS next ON true
    LEFT JOIN LATERAL (
      SELECT business_date AS answered_on, type AS answer_type, answer.event_id AS answer_id
      FROM {events} AS answer
      WHERE answer.order_id = ordered.order_id AND answer.sequence > event_sequence
        AND coalesce(answer.sequence < next_sequence, true)
        AND answer.type IN ({answering}) AND business_date <= today AND {known}
      ORDER BY sequence LIMIT 1
    ) AS answer ON true
    """,
    today=TODAY,
    known=KNOWN.format(known_at="recorded_at"),
    orders=orders.ORDERS,
    events=orders.EVENTS,
    asking=ASKING,
    answering=ANSWERING,
    accepting=ACCEPTING,
)
