"""How order lines are judged: what every measure of a supplier starts from (docs/adr/0030).

Every figure starts from the same lines, judged in the same way (`JUDGED`):

- a line that is needed in parts is judged part by part: what came of it fills them in the order in which they
  are due, so that what they received and accepted, and what that is worth, adds up to the line's;
- a line of a supplier that was merged counts as one of the supplier that it is at present;
- a line belongs to the window that its promised date lies in;
- it is judged on the day asked for or, when none is, on today at its own site;
- it is *due* once all of it has arrived, and nothing that was rejected is owed again, or once its last day
  (promised, plus the grace) is over; what was cancelled before its last day was over is not due;
- it is *on time* when what had arrived, and is not owed again, reached the ordered quantity by its last day,
  *in full* when what had been accepted has reached it by the day of judgement;
- what was taken back of a receipt did not come on the receipt's day, whenever that was known;
- its days late run from the promised date to the day on which all had arrived, else to the day of judgement
  (or of the cancellation); early days are negative;
- a line that its supplier has disputed, and a person has upheld that, is *disputed*, and no figure is of it;
- a unit of it is worth its price and its share of what the line takes off and puts on, so that all that the
  line orders is worth the line's amount; `value` is of what was received, `spend` of what was accepted.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from purveyor.db import Transaction
from purveyor.policies import History
from supplier_performance.contested import store as contested
from supplier_performance.deliveries.rules import OnTime, Question
from supplier_performance.deliveries.store import grace
from supplier_performance.deliveries.store.moved import MOVED
from supplier_performance.deliveries.store.schedules import DUE_IN_PARTS, REJECTED_OF_PART
from supplier_performance.suppliers import store as suppliers
from supplier_performance.suppliers.rules import CountedAs

JUDGED = """
WITH line AS (
  SELECT *, {counted_as} AS counted_as, promised_on + (:grace_days::integer[])[grace] AS last_day,
         coalesce(:as_of::date, (:now::timestamptz AT TIME ZONE time_zone)::date) AS today
  FROM (SELECT *, {grace} AS grace FROM {due} AS due) AS promised {same}
  WHERE {within} AND {whose}
), known AS (
  -- What was known of it on that day. Its totals hold, unless something arrived after the day asked for.
  SELECT *,
         least(today, cancelled_on) AS open_until,
         CASE WHEN completed_on <= today THEN completed_on END AS arrived_on,
         CASE WHEN last_received_on > today THEN
           (SELECT coalesce(sum(receipt.quantity), 0) {receipts_until_today})
         ELSE received_quantity END AS received_of_line,
         CASE WHEN last_received_on > today THEN
           (SELECT coalesce(sum({rejected_of_part}), 0) FROM ({rejected_days}) AS day)
         ELSE rejected_quantity END AS rejected,
         CASE WHEN from_quantity > 0 THEN
           (SELECT coalesce(sum(greatest(least(before + rejected, from_quantity) - before, 0)), 0)
            FROM ({rejected_days}) AS day)
         ELSE 0 END AS rejected_before,
         greatest(price * line_quantity + price_base_quantity * (amount
           - round(line_quantity * price * 1.00000000000000000000 / price_base_quantity, minor_units)), 0)
           AS worth,
         price_base_quantity * line_quantity AS worth_of
  FROM line
), part AS (
  -- A line is filled up to its quantity and beyond; of a part, between where it begins and where it ends.
  SELECT *, least(received_of_line, from_quantity) AS filled_from,
         least(received_of_line, to_quantity) AS filled_to,
         least(received_of_line, from_quantity) - rejected_before AS accepted_from,
         least(received_of_line, to_quantity) - rejected_before - rejected AS accepted_to
  FROM known
), fate AS (
  SELECT *, filled_to - filled_from AS received,
         arrived_on IS NOT NULL OR last_day < open_until AS due,
         coalesce(arrived_on <= last_day, false) AS on_time,
         coalesce(in_full_on <= today, false) AS in_full,
         coalesce(arrived_on, open_until) - promised_on AS days_late,
         -- Twenty decimals in the quotient, so that rounding is that of the exact value.
         round(filled_to * worth * 1.00000000000000000000 / worth_of, minor_units)
           - round(filled_from * worth * 1.00000000000000000000 / worth_of, minor_units) AS value,
         round(accepted_to * worth * 1.00000000000000000000 / worth_of, minor_units)
           - round(accepted_from * worth * 1.00000000000000000000 / worth_of, minor_units) AS spend,
         (order_id, line_number) IN (SELECT upheld.order_id, upheld.line_number FROM {upheld} AS upheld)
           AS disputed,
         {period} AS period
  FROM part
), judged AS (
  SELECT *, on_time AND in_full AS on_time_in_full,
         -- The line's share, weighted by its value: what adds up over units of measure.
         CASE WHEN received > 0 THEN round(value * rejected * 1.00000000000000000000 / received, 6) ELSE 0 END
           AS rejected_value
  FROM fate
)
"""

RECEIPTS_UNTIL_TODAY = f"""
FROM {MOVED} AS receipt
WHERE (receipt.order_id, receipt.line_number) = (line.order_id, line.line_number)
  AND receipt.received_on <= line.today
"""
REJECTED_DAYS = f"""
SELECT sum(receipt.rejected_quantity) AS rejected,
       sum(sum(receipt.quantity)) OVER (ORDER BY received_on) - sum(receipt.quantity) AS before
{RECEIPTS_UNTIL_TODAY} GROUP BY received_on"""


class Whose(NamedTuple):
    """Whose lines are judged, and whose they count as: of one that was merged, the one that it is."""

    same: str
    counted_as: str
    whose: str


THESE_SUPPLIERS = Whose(
    "JOIN unnest(:suppliers::uuid[], :count_as::uuid[]) AS same (supplier_id, present) USING (supplier_id)",
    "present",
    "supplier_id = ANY(:suppliers::uuid[])",
)
ALL_SUPPLIERS = Whose(
    "LEFT JOIN {merged} AS same USING (supplier_id)", "coalesce(present_id, supplier_id)", "true"
)
IN_WINDOW = "promised_on BETWEEN :first::date AND :last::date"
WHOLE_ORDERS = """order_id IN (
  SELECT order_id FROM {due} AS one WHERE promised_on BETWEEN :first::date AND :last::date
)"""
"""Which lines are judged: those of the window, or all lines of orders that have one there."""
WHOLE_WINDOW = ":first::date"
MONTH = "date_trunc('month', promised_on)::date"


@cache
def judged(versions: int, of_suppliers: Whose, period: str, within: str = IN_WINDOW) -> str:
    """Return the clause whose `judged` is the lines of a window, as they are judged."""
    return JUDGED.format(
        grace=grace.chosen(versions),
        same=of_suppliers.same.format(merged=suppliers.MERGED),
        counted_as=of_suppliers.counted_as,
        whose=of_suppliers.whose,
        within=within.format(due=DUE_IN_PARTS),
        period=period,
        receipts_until_today=RECEIPTS_UNTIL_TODAY,
        rejected_days=REJECTED_DAYS,
        due=DUE_IN_PARTS,
        rejected_of_part=REJECTED_OF_PART,
        upheld=contested.UPHELD,
    )


def arguments(
    tx: Transaction, question: Question, graces: History[OnTime], of: Sequence[CountedAs] = ()
) -> dict[str, Any]:
    """Return what the clause is told; `of` are the suppliers whose lines are judged, but for all of them."""
    window = question.window
    asked = {"first": window.first, "last": window.last, "as_of": question.as_of, "now": tx.now}
    asked["known_before"] = question.known_before
    these = {"suppliers": [one.supplier_id for one in of], "count_as": [one.counted_as for one in of]}
    return asked | grace.arguments(graces) | (these if of else {})
