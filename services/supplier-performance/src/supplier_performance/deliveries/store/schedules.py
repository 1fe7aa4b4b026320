"""Lines that are due in parts: which, what was promised of them, and what came of each.

What came of a line fills its parts in the order in which they are due; what came too much is of the last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from purveyor.db import Transaction
from purveyor.policies import History
from purveyor.sql import Statement, columnwise, only
from purveyor_contract.events.procurement.orders import OrderedLine
from supplier_performance.deliveries.rules import OnTime
from supplier_performance.deliveries.store import grace
from supplier_performance.deliveries.store.moved import MOVED

TAKE_IN = """
WITH stated AS (
  SELECT * FROM unnest(:line_number::integer[], :schedule_number::integer[], :quantity::numeric[],
                       :need_by::date[]) AS stated (line_number, schedule_number, quantity, need_by)
), gone AS (
  DELETE FROM order_schedule AS part
  WHERE order_id = :order_id AND line_number = ANY(:lines::integer[]) AND NOT EXISTS (
    SELECT FROM stated
    WHERE (stated.line_number, stated.schedule_number) = (part.line_number, part.schedule_number)
  )
), marked AS (
  UPDATE order_line AS line SET scheduled = NOT scheduled
  WHERE order_id = :order_id AND line_number = ANY(:lines::integer[])
    AND scheduled <> EXISTS (SELECT FROM stated WHERE stated.line_number = line.line_number)
), part AS (
  INSERT INTO order_schedule (order_id, line_number, schedule_number, supplier_id, quantity, need_by,
                              promised_on)
  SELECT :order_id, line_number, schedule_number, :supplier_id, quantity, need_by, need_by FROM stated
  ON CONFLICT (order_id, line_number, schedule_number) DO UPDATE
  SET quantity = excluded.quantity, need_by = excluded.need_by,
      promised_on = CASE WHEN excluded.need_by = order_schedule.need_by THEN order_schedule.promised_on
                         ELSE excluded.need_by END
  RETURNING line_number, promised_on
), moved AS (
  SELECT part.promised_on, line.category, line.business_unit, line.time_zone
  FROM part JOIN order_line AS line ON line.order_id = :order_id AND line.line_number = part.line_number
)
SELECT DISTINCT overdue_at
FROM (SELECT (promised_on + {grace} + 1)::timestamp AT TIME ZONE time_zone AS overdue_at FROM moved) AS moved
WHERE overdue_at > :now AND overdue_at < :until
"""
"""A day that the buyer amended is the one that is due; one that it did not stays what was promised."""

PROMISE = """
WITH stated AS (
  SELECT * FROM unnest(:line_number::integer[], :schedule_number::integer[], :first_promised_on::date[],
                       :last_promised_on::date[], :due_on::date[])
                AS stated (line_number, schedule_number, first_promised_on, last_promised_on, due_on)
), line AS (
  UPDATE order_line AS line
  SET first_promised_on = stated.first_promised_on, last_promised_on = stated.last_promised_on,
      promised_on = stated.due_on
  FROM stated
  WHERE line.order_id = :order_id AND line.line_number = stated.line_number AND NOT line.scheduled
  RETURNING line.promised_on, line.category, line.business_unit, line.time_zone
), part AS (
  UPDATE order_schedule AS part
  SET first_promised_on = stated.first_promised_on, last_promised_on = stated.last_promised_on,
      promised_on = stated.due_on
  FROM stated, order_line AS line
  WHERE part.order_id = :order_id AND line.order_id = :order_id AND line.line_number = stated.line_number
    AND (part.line_number, part.schedule_number) = (stated.line_number, stated.schedule_number)
  RETURNING part.promised_on, line.category, line.business_unit, line.time_zone
), moved AS (SELECT * FROM line UNION ALL SELECT * FROM part)
SELECT DISTINCT overdue_at
FROM (SELECT (promised_on + {grace} + 1)::timestamp AT TIME ZONE time_zone AS overdue_at FROM moved) AS moved
WHERE overdue_at > :now AND overdue_at < :until
"""

REJECTED_OF_PART = """greatest(least(before + rejected, to_quantity) - greatest(before, from_quantity), 0)"""
"""What of a day's rejected goods is of a part; of a day the first that came are those that were rejected."""

FILL = Statement(
    only,
    """
    WITH day AS (
      SELECT line_number, received_on, rejected,
             sum(received) OVER by_day - received AS before,
             sum(accepted) OVER by_day AS accepted, sum(settled) OVER by_day AS settled
      FROM (
        SELECT line_number, received_on, sum(quantity) AS received, sum(rejected_quantity) AS rejected,
               sum(quantity - rejected_quantity) AS accepted,
               sum(quantity - rejected_quantity + refused_for_good_quantity) AS settled
        FROM {moved} AS moved WHERE order_id = :order_id GROUP BY line_number, received_on
      ) AS of_day
      WINDOW by_day AS (PARTITION BY line_number ORDER BY received_on)
    ), placed AS (
      SELECT part.line_number, schedule_number, through - part.quantity AS from_quantity,
             CASE WHEN lead(schedule_number) OVER due IS NOT NULL THEN through END AS to_quantity,
             least(through, line.quantity - line.dispensed_quantity) AS enough
      FROM (
        SELECT *, sum(quantity) OVER (
                    PARTITION BY line_number ORDER BY promised_on, need_by, schedule_number) AS through
        FROM order_schedule WHERE order_id = :order_id
      ) AS part
      JOIN order_line AS line ON line.order_id = :order_id AND line.line_number = part.line_number
      WINDOW due AS (PARTITION BY part.line_number ORDER BY through)
    ), filled AS (
      SELECT placed.line_number, schedule_number, from_quantity, to_quantity,
             coalesce(sum({rejected_of_part}), 0) AS rejected,
             min(received_on) FILTER (WHERE settled >= enough) AS completed_on,
             min(received_on) FILTER (WHERE accepted >= enough) AS in_full_on
      FROM placed LEFT JOIN day ON day.line_number = placed.line_number
      GROUP BY placed.line_number, schedule_number, from_quantity, to_quantity
    )
    UPDATE order_schedule AS part
    SET from_quantity = filled.from_quantity, to_quantity = filled.to_quantity,
        rejected_quantity = filled.rejected, completed_on = filled.completed_on,
        in_full_on = filled.in_full_on
    FROM filled
    WHERE part.order_id = :order_id
      AND (part.line_number, part.schedule_number) = (filled.line_number, filled.schedule_number)
    """,
    moved=MOVED,
    rejected_of_part=REJECTED_OF_PART,
)

FORGET = Statement(only, "DELETE FROM order_schedule WHERE order_id = :order_id")

DUE_IN_PARTS = """(
  SELECT order_id, line_number, supplier_id, order_number, item, category, site, time_zone, business_unit,
         unit, price, price_base_quantity, quantity AS line_quantity, amount, currency, minor_units,
         ordered_on, cancelled_on, received_quantity, last_received_on,
         NULL::integer AS schedule_number, quantity, promised_on,
         coalesce(need_by, promised_on) AS need_by, first_promised_on, last_promised_on,
         0::numeric AS from_quantity, NULL::numeric AS to_quantity, rejected_quantity, completed_on,
         in_full_on
  FROM order_line WHERE NOT scheduled
  UNION ALL
  SELECT part.order_id, part.line_number, part.supplier_id, order_number, item, category, site, time_zone,
         business_unit, unit, price, price_base_quantity, line.quantity, amount, currency, minor_units,
         ordered_on, cancelled_on, received_quantity, last_received_on, part.schedule_number,
         part.quantity, part.promised_on, part.need_by, part.first_promised_on, part.last_promised_on,
         part.from_quantity, part.to_quantity, part.rejected_quantity, part.completed_on,
         part.in_full_on
  FROM order_schedule AS part
  JOIN order_line AS line ON (line.order_id, line.line_number) = (part.order_id, part.line_number)
)"""
"""What is judged: lines, and of those that are due in parts their parts instead.

`received_quantity` is of the whole line; of a part it is what of it lies between `from_quantity` and
`to_quantity`, which is null of the last one and of a line that is due at once.
"""


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a part, or of a line that is due at once: it is its first part."""

    need_by: date
    first_promised_on: date | None
    last_promised_on: date | None
    due_on: date


def _days(line_number: int, schedule_number: int, **days: Any) -> tuple[tuple[int, int], Days]:
    return (line_number, schedule_number), Days(**days)


DAYS = Statement(
    _days,
    """
    SELECT line_number, coalesce(schedule_number, 1) AS schedule_number, need_by, first_promised_on,
           last_promised_on, promised_on AS due_on
    FROM {due} AS due WHERE order_id = :order_id
    """,
    due=DUE_IN_PARTS,
)


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised of a part from now on, or of a line that is due at once."""

    line_number: int
    schedule_number: int
    first_promised_on: date | None
    last_promised_on: date | None
    due_on: date


async def take_in(
    tx: Transaction,
    order_id: UUID,
    supplier_id: UUID,
    lines: Sequence[OrderedLine],
    *,
    graces: History[OnTime],
    until: datetime,
) -> list[datetime]:
    """Let lines be due in the parts that they state, or at once where they state none.

    Returns the moments after now and before `until` when some fall overdue.
    """
    parts = [part for line in lines for part in line.schedules]
    overdue = await _statement(TAKE_IN, len(graces.versions)).all(
        tx.connection,
        columnwise(parts, ("schedule_number", "quantity", "need_by")),
        grace.arguments(graces),
        line_number=[line.line_number for line in lines for _ in line.schedules],
        lines=[line.line_number for line in lines],
        order_id=order_id,
        supplier_id=supplier_id,
        now=tx.now,
        until=until,
    )
    await fill(tx, order_id)
    return overdue


async def days(tx: Transaction, order_id: UUID) -> dict[tuple[int, int], Days]:
    """Return the days of an order's parts, by line and number."""
    return dict(await DAYS.all(tx.connection, order_id=order_id))


def carried(before: Mapping[tuple[int, int], Days], now: Mapping[tuple[int, int], Days]) -> list[Promise]:
    """Return what was promised of parts and is to be known of them again, after a version.

    A part whose day it does not move is due as it was, also when its line has other parts by now or none.
    """
    found = []
    for (line_number, number), days in now.items():
        if (was := before.get((line_number, number))) is None:
            continue
        due = was.due_on if was.need_by == days.need_by else days.need_by
        as_it_was = Days(days.need_by, was.first_promised_on, was.last_promised_on, due)
        if as_it_was != days:
            promised = (was.first_promised_on, was.last_promised_on, due)
            found.append(Promise(line_number, number, *promised))
    return found


async def promise(
    tx: Transaction,
    order_id: UUID,
    promises: Sequence[Promise],
    *,
    graces: History[OnTime],
    until: datetime,
) -> list[datetime]:
    """Keep what is promised; returns the moments after now and before `until` when some fall overdue."""
    overdue = await _statement(PROMISE, len(graces.versions)).all(
        tx.connection,
        columnwise(promises, Promise.__slots__),
        grace.arguments(graces),
        order_id=order_id,
        now=tx.now,
        until=until,
    )
    await fill(tx, order_id)
    return overdue


async def fill(tx: Transaction, order_id: UUID) -> None:
    """Let what came of an order's lines fill their parts, as it is known now."""
    await FILL.all(tx.connection, order_id=order_id)


async def forget(tx: Transaction, order_id: UUID) -> None:
    """Take away the parts of an order's lines."""
    await FORGET.all(tx.connection, order_id=order_id)


@cache
def _statement(text: str, versions: int) -> Statement[datetime]:
    return Statement(only, text, grace=grace.DAYS.format(chosen=grace.chosen(versions)))
