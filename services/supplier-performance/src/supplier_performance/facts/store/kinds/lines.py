"""Order lines as they are judged: the same rows that scores and their evidence are made of (ADR 30)."""

from __future__ import annotations

from supplier_performance.deliveries.store import told as orders
from supplier_performance.deliveries.store.judged import WHOLE_WINDOW, Whose, judged
from supplier_performance.facts.rules import LINE, ORDER, SUPPLIER, Kind, Unit, day, number, truth
from supplier_performance.facts.store.source import Source

KIND = Kind(
    "lines",
    "Order lines, and of those that are needed in parts their parts, as they are judged on a day",
    (
        SUPPLIER,
        *ORDER,
        *LINE,
        number("schedule_number", Unit.COUNT, "Of a line that is needed in parts, the part"),
        day("ordered_on", "When it was ordered"),
        day("promised_on", "The day that counts: needed, first promised, or what the buyer moved it to"),
        day("need_by", "By when the version in force needs it"),
        day("first_promised_on", "What the supplier promised first"),
        day("last_promised_on", "What is promised now"),
        day("judged_on", "The day asked for, or today at the site"),
        day("open_until", "That day, or the one on which what was open was called off"),
        day("arrived_on", "When what had arrived, and is not owed again, reached what was ordered"),
        day("cancelled_on", "When what was open was called off"),
        truth("due", "Whether all has arrived, or its last day was over before it was called off"),
        truth("on_time", "Whether all had arrived by the promised day and its grace"),
        truth("in_full", "Whether what was accepted has reached what was ordered"),
        truth("on_time_in_full", "Both"),
        truth("disputed", "Whether its supplier disputed it, and a person upheld that: no figure is of it"),
        number("days_late", Unit.DAYS, "From the promised day until it arrived or is judged; early: below 0"),
        number("lead_days", Unit.DAYS, "From the order until it arrived"),
        number("grace_days", Unit.DAYS, "Days after the promised one that are on time", ours=True),
        number("supplier_moves", Unit.COUNT, "How often the supplier moved what it had promised"),
        number("buyer_moves", Unit.COUNT, "How often the buyer moved the day"),
        number("ordered", Unit.QUANTITY, "What was ordered"),
        number("received", Unit.QUANTITY, "What was received"),
        number("rejected", Unit.QUANTITY, "What of it was rejected"),
        number("value", Unit.MONEY, "What was received is worth"),
        number("rejected_value", Unit.MONEY, "Of that, the share that was rejected, to six decimals"),
        number("spend", Unit.MONEY, "What was accepted is worth"),
    ),
    happened="promised_on",
    known="A line is judged by business dates; each of its events has the moment when it was known",
    events=(
        "POIssued",
        "POAmended",
        "POAcknowledged",
        "POResponded",
        "PromiseChanged",
        "GoodsReceived",
        "GoodsReceiptReversed",
        "POCancelled",
        "POLineClosed",
        "POLineReopened",
    ),
    key=("order_id", "line_number", "schedule_number"),
)
ROWS = """
SELECT counted_as AS supplier_id, order_id, order_number, site, business_unit, currency, line_number, item,
       category, unit, schedule_number, ordered_on, promised_on, need_by, first_promised_on, last_promised_on,
       today AS judged_on, open_until, arrived_on, cancelled_on, due, on_time, in_full, on_time_in_full,
       disputed, days_late, arrived_on - ordered_on AS lead_days, last_day - promised_on AS grace_days,
       {supplier_moves} AS supplier_moves, {buyer_moves} AS buyer_moves,
       quantity AS ordered, received, rejected, value, rejected_value, spend
FROM judged
"""
MOVED_BY = """(
  SELECT count(*) FROM {moves} AS move
  WHERE (move.order_id, move.line_number) = (judged.order_id, judged.line_number)
    AND move.schedule_number = coalesce(judged.schedule_number, 1) AND move.moved_by = '{whose}'
)"""


def _rows(versions: int, whose: Whose) -> str:
    moves = {f"{one}_moves": MOVED_BY.format(moves=orders.MOVES, whose=one) for one in ("supplier", "buyer")}
    return judged(versions, whose, WHOLE_WINDOW) + ROWS.format(**moves)


LINES = Source(KIND, _rows)
