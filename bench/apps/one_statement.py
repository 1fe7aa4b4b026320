"""FastAPI and raw asyncpg at its barest: one statement a request, and the statement is the transaction.

No authentication, no idempotency check, no business rule, no precondition: the floor of what the rows cost.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from uuid_utils.compat import uuid7

from bench.apps.rows import EVENT, Key, Order, amounts_of, line_columns, pool_of_connections

BESIDE = """, audit AS (
  INSERT INTO audit_record (id, at, actor, action, entity, entity_id, after, request_id)
  VALUES ($1, $2, $3, $4, 'purchase_order', $5::uuid::text, $6::jsonb, $7)
), response AS (
  INSERT INTO idempotency_record (client, key, fingerprint, status, headers, body, at)
  VALUES ('bench', $7, $8, 200, '{}', $9, $2)
)"""

CREATE = (
    """
WITH created AS (
  INSERT INTO purchase_order (id, version, sequence, status, supplier_id, currency, total, site,
                              business_unit, cost_centre, ordered_on, created_by, created_at)
  VALUES ($5, 1, 0, 'draft', $10, $11, $12, $13, $14, $15, $16, $3, $2)
)"""
    + BESIDE
    + """
INSERT INTO purchase_order_line (order_id, line_number, item, description, category, quantity, unit, price,
                                 price_base_quantity, amount, promised_on)
SELECT $5, * FROM unnest($17::int[], $18::text[], $19::text[], $20::text[], $21::numeric[], $22::text[],
                         $23::numeric[], $24::numeric[], $25::numeric[], $26::date[])
"""
)

SUBMIT = (
    "WITH unused AS (SELECT 1)"
    + BESIDE
    + """
UPDATE purchase_order SET status = 'submitted', version = version + 1, submitted_by = $3, submitted_at = $2
WHERE id = $5
"""
)

APPROVE = (
    "WITH unused AS (SELECT 1)"
    + BESIDE
    + """
UPDATE purchase_order SET status = 'approved', version = version + 1, approved_by = $3, approved_at = $2,
                          supplier_onboarded_by = 'onboarder'
WHERE id = $5
"""
)

ISSUE = (
    """
WITH event AS (
  INSERT INTO outbox (topic, key, sequence, event_id, type, time, data)
  VALUES ('procurement.orders', $5::uuid::text, 1, $1, 'purveyor.procurement.POIssued.v1', $2, $10::json)
)"""
    + BESIDE
    + """
UPDATE purchase_order
SET status = 'issued', version = version + 1, sequence = 1, issued_by = $3, issued_at = $2,
    current_version = 1
WHERE id = $5
"""
)


app = FastAPI(lifespan=pool_of_connections)


async def _write(
    statement: str, actor: str, action: str, order_id: UUID, body: Any, key: str, *more: Any
) -> None:
    content = json.dumps(body)
    beside = (uuid7(), datetime.now(UTC), actor, action, order_id, content, key, b"fingerprint")
    await app.state.pool.execute(statement, *beside, content.encode(), *more)


@app.post("/v1/purchase-orders", status_code=201)
async def create(order: Order, idempotency_key: Key) -> dict[str, Any]:
    """Write a draft and its lines."""
    order_id = uuid7()
    body = {"id": str(order_id)} | order.model_dump(mode="json")
    await _write(
        CREATE,
        "buyer",
        "create",
        order_id,
        body,
        idempotency_key,
        order.supplier_id,
        order.currency,
        sum(amounts_of(order)),
        order.site,
        order.business_unit,
        order.cost_centre,
        order.ordered_on,
        *line_columns(order),
    )
    return body


@app.post("/v1/purchase-orders/{order_id}:submit")
async def submit(order_id: UUID, idempotency_key: Key) -> dict[str, Any]:
    """Write the submission."""
    body = {"id": str(order_id), "status": "submitted"}
    await _write(SUBMIT, "buyer", "submit", order_id, body, idempotency_key)
    return body


@app.post("/v1/purchase-orders/{order_id}:approve")
async def approve(order_id: UUID, idempotency_key: Key) -> dict[str, Any]:
    """Write the approval."""
    body = {"id": str(order_id), "status": "approved"}
    await _write(APPROVE, "approver", "approve", order_id, body, idempotency_key)
    return body


@app.post("/v1/purchase-orders/{order_id}:issue")
async def issue(order_id: UUID, idempotency_key: Key) -> dict[str, Any]:
    """Write the issue and its event; the event's content is what the client sent at creation, in size."""
    body = {"id": str(order_id), "status": "issued"}
    await _write(ISSUE, "buyer", "issue", order_id, body, idempotency_key, json.dumps(body | EVENT))
    return body
