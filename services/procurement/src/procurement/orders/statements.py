"""The hot path in SQL: create, submit, approve and issue an order with one statement each.

A statement changes the order only when it stands as its caller saw it and in a status from which the rules
allow the move, and returns what the rules then judge: a refusal raises, and the transaction takes the change
back. No row means refused; `queries.refusal` finds out why.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg

from procurement.orders.rules import OPEN, Action, DraftOrder, sources
from purveyor.db import Transaction, new_id

CREATE = """
WITH new AS (
  INSERT INTO purchase_order (
    id, version, sequence, status, supplier_id, currency, total, site, business_unit, cost_centre, ordered_on,
    created_by, created_at, flag_reason, flagged_at)
  SELECT $1, 1, 0, 'draft', supplier.id, $3, $4, site.code, $6, $7,
         coalesce($8, ($10 AT TIME ZONE site.time_zone)::date), $9, $10,
         supplier.order_flag, CASE WHEN supplier.order_flag IS NOT NULL THEN $10::timestamptz END
  FROM supplier, site
  WHERE supplier.id = $2 AND site.code = $5
  FOR KEY SHARE OF supplier
  RETURNING *
), lines AS (
  INSERT INTO purchase_order_line (
    order_id, line_number, item, description, category, quantity, unit, price, price_base_quantity, amount,
    promised_on)
  SELECT new.id, line.*
  FROM new, unnest($11::integer[], $12::text[], $13::text[], $14::text[], $15::numeric[], $16::text[],
                   $17::numeric[], $18::numeric[], $19::numeric[], $20::date[]) AS line
)
SELECT new.*, ($10 AT TIME ZONE site.time_zone)::date AS today
FROM new JOIN site ON site.code = new.site
"""

SUBMIT = """
UPDATE purchase_order
SET status = 'submitted', version = version + 1, submitted_by = $4, submitted_at = $5
WHERE id = $1 AND version = $2 AND status = ANY($3)
RETURNING *
"""

APPROVE = """
UPDATE purchase_order AS o
SET status = 'approved', version = version + 1, approved_by = $4, approved_at = $5,
    supplier_onboarded_by = supplier.onboarded_by
FROM supplier
WHERE o.id = $1 AND o.version = $2 AND o.status = ANY($3) AND supplier.id = o.supplier_id
  AND o.created_by <> $4 AND supplier.onboarded_by <> $4
RETURNING o.*
"""

ISSUE = """
WITH supplier AS (
  SELECT id, status, status_reason, approvals FROM supplier
  WHERE id = (SELECT supplier_id FROM purchase_order WHERE id = $1)
  FOR KEY SHARE
), issued AS (
  UPDATE purchase_order AS o
  SET status = 'issued', version = version + 1, sequence = sequence + 1, issued_by = $4, issued_at = $5
  FROM supplier
  WHERE o.id = $1 AND o.version = $2 AND o.status = ANY($3) AND supplier.id = o.supplier_id
  RETURNING o.*, supplier.status AS supplier_status, supplier.status_reason, supplier.approvals
)
SELECT issued.*, site.time_zone, ($5 AT TIME ZONE site.time_zone)::date AS today,
       line.line_number, line.item, line.description, line.category, line.quantity, line.unit, line.price,
       line.price_base_quantity, line.amount, line.promised_on
FROM issued
JOIN site ON site.code = issued.site
JOIN purchase_order_line AS line ON line.order_id = issued.id
ORDER BY line.line_number
"""
"""The supplier's row is locked before the order's, as a suspension does it: what is issued meanwhile
either is seen by the suspension, and flagged, or sees it, and is refused."""

FLAG = """
UPDATE purchase_order
SET flag_reason = $2, flagged_at = CASE WHEN $2 IS NOT NULL THEN $3::timestamptz END, version = version + 1
WHERE supplier_id = $1 AND flag_reason IS DISTINCT FROM $2 AND ($2 IS NULL OR status = ANY($4))
RETURNING id
"""


async def create(tx: Transaction, draft: DraftOrder, amounts: Sequence[Decimal]) -> asyncpg.Record | None:
    """Insert a draft with its lines; None when the supplier or the site is unknown."""
    return await tx.connection.fetchrow(
        CREATE, *header_values(tx, draft, amounts), *line_columns(draft, amounts)
    )


def header_values(tx: Transaction, draft: DraftOrder, amounts: Sequence[Decimal]) -> tuple[Any, ...]:
    """Return a new order's own values, in the order in which the inserts name them."""
    return (
        new_id(),
        draft.supplier_id,
        draft.currency,
        sum(amounts, Decimal(0)),
        draft.site,
        draft.business_unit,
        draft.cost_centre,
        draft.ordered_on,
        tx.actor,
        tx.now,
    )


def line_columns(draft: DraftOrder, amounts: Sequence[Decimal]) -> tuple[list[Any], ...]:
    """Return the lines of a new order column by column, in the order in which the inserts name them."""
    lines = draft.lines
    return (
        [line.line_number for line in lines],
        [line.item for line in lines],
        [line.description for line in lines],
        [line.category for line in lines],
        [line.quantity for line in lines],
        [line.unit for line in lines],
        [line.price for line in lines],
        [line.price_base_quantity for line in lines],
        list(amounts),
        [line.promised_on for line in lines],
    )


async def submit(tx: Transaction, order_id: UUID, seen: int) -> asyncpg.Record | None:
    """Hand a draft in for approval."""
    return await tx.connection.fetchrow(SUBMIT, order_id, seen, sources(Action.SUBMIT), tx.actor, tx.now)


async def approve(tx: Transaction, order_id: UUID, seen: int) -> asyncpg.Record | None:
    """Approve an order unless the actor made it or onboarded its supplier."""
    return await tx.connection.fetchrow(APPROVE, order_id, seen, sources(Action.APPROVE), tx.actor, tx.now)


async def issue(tx: Transaction, order_id: UUID, seen: int) -> list[asyncpg.Record]:
    """Issue an order; return a row a line, with the order, its site's day and its supplier's standing."""
    return await tx.connection.fetch(ISSUE, order_id, seen, sources(Action.ISSUE), tx.actor, tx.now)


async def flag(tx: Transaction, supplier_id: UUID, reason: str | None) -> list[UUID]:
    """Flag a supplier's open orders (None: take every flag off); return those that it concerned."""
    rows = await tx.connection.fetch(FLAG, supplier_id, reason, tx.now, list(OPEN))
    return [row["id"] for row in rows]
