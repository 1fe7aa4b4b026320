"""What order lines cost, and what they cost when they were ordered first."""

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
)
from supplier_performance.facts.store import kept
from supplier_performance.facts.store.source import KNOWN, TODAY, told

SAID = """
SELECT price.sequence, price.price, price.price_base_quantity, price.quantity,
       coalesce(business_date, (recorded_at AT TIME ZONE time_zone)::date) AS said_on,
       event_id, type AS event_type, recorded_at AS known_at
FROM {prices} AS price JOIN {events} AS event USING (order_id, sequence)
WHERE price.order_id = line.order_id AND price.line_number = line.line_number
  AND coalesce(business_date, (recorded_at AT TIME ZONE time_zone)::date) <= today
  AND {known}
"""
PRICES = told(
    Kind(
        "prices",
        "Order lines, with the price that their first version froze beside that of the version in force",
        (
            SUPPLIER,
            *ORDER,
            *LINE,
            day("priced_on", "When the line was ordered first"),
            KNOWN_ON,
            day("changed_on", "When the version in force was issued"),
            number("versions", Unit.COUNT, "How many versions said a price of it"),
            number("quantity", Unit.QUANTITY, "What the version in force orders"),
            number("frozen_value", Unit.MONEY, "That quantity at the first version's price, to six decimals"),
            number("value", Unit.MONEY, "That quantity at the price of the version in force"),
            number("variance", Unit.MONEY, "How much more that is; below zero: less"),
            *SOURCE,
        ),
        happened="priced_on",
        known="`known_at`, when the version in force was recorded",
        events=("POIssued", "POAmended"),
        key=("order_id", "line_number"),
    ),
    """
    SELECT *, value - frozen_value AS variance
    FROM (
      SELECT line.*, first.said_on AS priced_on, said.said_on AS changed_on,
             (said.known_at AT TIME ZONE time_zone)::date AS known_on, versions, said.quantity,
             round(said.quantity * first.price / first.price_base_quantity, 6) AS frozen_value,
             round(said.quantity * said.price / said.price_base_quantity, 6) AS value,
             said.event_id, said.event_type, said.sequence AS event_sequence, said.known_at
      FROM {ordered} AS line
      CROSS JOIN LATERAL (SELECT {today} AS today) AS day
      JOIN LATERAL ({said} ORDER BY price.sequence LIMIT 1) AS first ON true
      JOIN LATERAL ({said} ORDER BY price.sequence DESC LIMIT 1) AS said ON true
      JOIN LATERAL (SELECT count(*) AS versions FROM ({said}) AS each) AS each ON true
    ) AS priced
    """,
    today=TODAY,
    ordered=orders.ORDERED,
    said=SAID.format(prices=kept.PRICES, events=orders.EVENTS, known=KNOWN.format(known_at="recorded_at")),
)
