"""Whose figures the passing of a day moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from uuid import UUID

from purveyor.db import Transaction
from purveyor.policies import History
from purveyor.sql import Statement
from supplier_performance.deliveries.rules import OnTime
from supplier_performance.deliveries.store import grace

PASSING = """
WITH day AS (
  -- Tomorrow begins today at sites east of Greenwich; what begins after the next run is left to it.
  SELECT day::date FROM generate_series(:day::date, :day::date + 1, interval '1 day') AS day
), passing AS (
  -- Open lines whose last day is over are late by one day more.
  SELECT supplier_id, day::timestamp AT TIME ZONE time_zone AS due_at
  FROM order_line, day
  WHERE completed_on IS NULL AND cancelled_on IS NULL AND NOT scheduled
    AND promised_on BETWEEN :day - :window::integer AND day - 1 AND promised_on + {grace} < day
  UNION
  -- So are open parts of lines.
  SELECT supplier_id, day::timestamp AT TIME ZONE time_zone
  FROM (
    SELECT part.supplier_id, part.promised_on, line.category, line.business_unit, line.time_zone
    FROM order_schedule AS part
    JOIN order_line AS line ON (line.order_id, line.line_number) = (part.order_id, part.line_number)
    WHERE part.completed_on IS NULL AND line.cancelled_on IS NULL
  ) AS part, day
  WHERE promised_on BETWEEN :day - :window::integer AND day - 1 AND promised_on + {grace} < day
  UNION
  -- Lines that enter the rolling window and those that leave it.
  SELECT supplier_id, :day::timestamp AT TIME ZONE 'UTC'
  FROM order_line WHERE promised_on IN (:day, :day - :window) AND NOT scheduled
  UNION
  SELECT supplier_id, :day::timestamp AT TIME ZONE 'UTC'
  FROM order_schedule WHERE promised_on IN (:day, :day - :window)
)
SELECT supplier_id, due_at FROM passing WHERE due_at < (:day + 1)::timestamp AT TIME ZONE 'UTC'
"""


@dataclass(frozen=True, slots=True)
class Moved:
    """A supplier whose figures a day moves by itself, and when the day begins."""

    supplier_id: UUID
    due_at: datetime


async def moved_by(
    tx: Transaction, business_date: date, window_days: int, graces: History[OnTime]
) -> list[Moved]:
    """Return whose figures a business date moves by itself, each with its beginning at the site."""
    statement = _passing(len(graces.versions))
    return await statement.all(tx.connection, grace.arguments(graces), day=business_date, window=window_days)


@cache
def _passing(versions: int) -> Statement[Moved]:
    return Statement(Moved, PASSING, grace=grace.DAYS.format(chosen=grace.chosen(versions)))
