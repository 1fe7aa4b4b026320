"""Imports orders of the past: issued already, elsewhere, by whoever it was; nothing is invented."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from uuid import UUID

import asyncpg

from procurement.orders import rules
from procurement.orders.model import issued_event, ordered_line
from procurement.orders.rules import DraftOrder
from procurement.orders.statements import header_values, line_columns
from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError
from purveyor.http.bulk import BulkOutcome
from purveyor.http.imports import ImportKey, already_imported
from purveyor_messaging.outbox import record_numbered

LOOK_UP = """
SELECT o.id, o.import_digest, site.code AS site, ($4::timestamptz AT TIME ZONE site.time_zone)::date AS today,
       (SELECT id FROM supplier WHERE external_reference = $2 ORDER BY id LIMIT 1) AS supplier_id
FROM (SELECT) AS one
LEFT JOIN purchase_order AS o ON o.external_reference = $1
LEFT JOIN site ON site.code = $3
"""

IMPORT = """
WITH new AS (
  INSERT INTO purchase_order (
    id, version, sequence, status, supplier_id, currency, total, site, business_unit, cost_centre, ordered_on,
    created_by, created_at, issued_by, issued_at, flag_reason, flagged_at, imported, external_reference,
    import_digest)
  SELECT $1, 1, 1, 'issued', supplier.id, $3, $4, $5, $6, $7, $8, $9, $10, $9, $10,
         supplier.order_flag, CASE WHEN supplier.order_flag IS NOT NULL THEN $10::timestamptz END,
         true, $11, $12
  FROM supplier
  WHERE supplier.id = $2
  FOR KEY SHARE
  ON CONFLICT (external_reference) WHERE external_reference IS NOT NULL DO NOTHING
  RETURNING *
), lines AS (
  INSERT INTO purchase_order_line (
    order_id, line_number, item, description, category, quantity, unit, price, price_base_quantity, amount,
    promised_on, external_reference)
  SELECT new.id, line.*
  FROM new, unnest($13::integer[], $14::text[], $15::text[], $16::text[], $17::numeric[], $18::text[],
                   $19::numeric[], $20::numeric[], $21::numeric[], $22::date[], $23::text[]) AS line
)
SELECT new.*, site.time_zone FROM new JOIN site ON site.code = new.site
"""


async def import_order(
    tx: Transaction,
    key: ImportKey,
    supplier_reference: str,
    site: str,
    stated: Callable[[UUID], DraftOrder],
) -> BulkOutcome:
    """Write an order that was issued elsewhere, unless it is there already; → POIssued.

    `stated` is what it says, once its supplier is found. Today's approvals are not asked for, and nobody is
    said to have approved it.
    """
    found = await _look_up(tx, key, supplier_reference, site)
    if found["id"] is not None:
        return already_imported(key, found["id"], found["import_digest"])
    if found["supplier_id"] is None:
        raise InvalidError(
            "supplier_unknown",
            f"Supplier {supplier_reference} is not known here: not imported, or on its way.",
            errors=[FieldError("/supplier_external_reference", "not a known supplier")],
        )
    if found["site"] is None:
        raise InvalidError(
            "site_unknown", f"No site {site} exists.", errors=[FieldError("/site", "not a known site")]
        )
    draft = stated(found["supplier_id"])
    amounts = rules.order_amounts(draft)
    rules.check_lines(draft.lines, amounts)
    if draft.ordered_on is not None and draft.ordered_on > found["today"]:
        problem = FieldError("/ordered_on", f"lies in the future; at the site it is {found['today']}")
        raise InvalidError("dates_invalid", "Dates of the order break rules.", errors=[problem])
    order = await _write(tx, draft, amounts, key)
    if order is None:
        found = await _look_up(tx, key, supplier_reference, site)
        return already_imported(key, found["id"], found["import_digest"])
    lines = [ordered_line(line, amount) for line, amount in zip(draft.lines, amounts, strict=True)]
    record_numbered(tx, issued_event(order, lines), order["sequence"])
    tx.audit("import", "purchase_order", order["id"], after=draft.content())
    return BulkOutcome("created", order["id"])


async def _look_up(tx: Transaction, key: ImportKey, supplier_reference: str, site: str) -> asyncpg.Record:
    row = await tx.connection.fetchrow(LOOK_UP, key.reference, supplier_reference, site, tx.now)
    assert row is not None  # noqa: S101  # one row by construction
    return row


async def _write(
    tx: Transaction, draft: DraftOrder, amounts: Sequence[Decimal], key: ImportKey
) -> asyncpg.Record | None:
    return await tx.connection.fetchrow(
        IMPORT,
        *header_values(tx, draft, amounts),
        key.reference,
        key.digest,
        *line_columns(draft, amounts),
        [line.external_reference for line in draft.lines],
    )
