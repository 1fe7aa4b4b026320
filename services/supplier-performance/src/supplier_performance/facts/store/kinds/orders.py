"""Orders as they are judged: each counts once, whatever it has of lines (SCOR DS RL.1.1, perfect order)."""

from __future__ import annotations

from supplier_performance.deliveries.store.judged import WHOLE_ORDERS, WHOLE_WINDOW, Whose, judged
from supplier_performance.facts.rules import ORDER, SUPPLIER, Kind, Unit, day, number, truth
from supplier_performance.facts.store.kinds.lines import KIND as LINES
from supplier_performance.facts.store.kinds.shipments import ANNOUNCED, FRAGMENTS
from supplier_performance.facts.store.source import Source

KIND = Kind(
    "orders",
    "Orders as they are judged on a day: what holds of one holds of all its lines that were not called off",
    (
        SUPPLIER,
        *ORDER,
        day("ordered_on", "When it was ordered"),
        day("promised_on", "The day that counts of the line that is due last"),
        day("judged_on", "The day asked for, or today at the site"),
        truth("due", "Whether all its lines are due"),
        truth("on_time", "Whether all of them had arrived by their days and the grace"),
        truth("in_full", "Whether all that was ordered was accepted"),
        truth("undamaged", "Whether nothing was rejected"),
        truth("announced", "Whether a despatch advice is known of it"),
        truth("documented", "Whether each advice that is due announced as much as came"),
        truth("perfect", "All four: on time, in full, undamaged, documented"),
        number("lines", Unit.COUNT, "How many lines and parts of lines it has that were not called off"),
        number("value", Unit.MONEY, "What was received is worth"),
    ),
    happened="promised_on",
    known="An order is judged by business dates; each of its events has the moment when it was known",
    events=(*LINES.events, "ShipmentNotified", "ShipmentDelayed", "ShipmentCancelled"),
    key=("order_id",),
)
ROWS = """
SELECT *, on_time AND in_full AND undamaged AND documented AS perfect
FROM (
  SELECT supplier_id, order_id, order_number, site, business_unit, currency, ordered_on, promised_on,
         judged_on, due, on_time, in_full, undamaged,
         EXISTS (SELECT FROM ({announced}) AS told WHERE told.order_id = whole.order_id) AS announced,
         NOT EXISTS (
           SELECT FROM ({announced}) AS told
           WHERE told.order_id = whole.order_id AND told.due AND NOT told.right_quantity
         ) AS documented,
         lines, value
  FROM (
    SELECT counted_as AS supplier_id, order_id, order_number, min(site) AS site,
           min(business_unit) AS business_unit, currency, min(ordered_on) AS ordered_on,
           max(promised_on) AS promised_on, min(today) AS judged_on, bool_and(due) AS due,
           bool_and(on_time) AS on_time, bool_and(in_full) AS in_full, bool_and(rejected = 0) AS undamaged,
           count(*) AS lines, sum(value) AS value
    FROM judged
    WHERE NOT disputed AND (due OR cancelled_on IS NULL OR cancelled_on > today)
    GROUP BY counted_as, order_id, order_number, currency
  ) AS whole
  WHERE promised_on BETWEEN :first::date AND :last::date
) AS whole
"""


def _rows(versions: int, whose: Whose) -> str:
    announced = ANNOUNCED.format(**FRAGMENTS)
    return judged(versions, whose, WHOLE_WINDOW, WHOLE_ORDERS) + ROWS.format(announced=announced)


ORDERS = Source(KIND, _rows)
