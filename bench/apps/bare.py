"""FastAPI and raw asyncpg, nothing else: a transaction a request, a statement a table.

It writes the rows that procurement writes. No authentication, no idempotency check, no business rule, no
precondition.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
from fastapi import FastAPI
from uuid_utils.compat import uuid7

from bench.apps.rows import EVENT, Key, Order, amounts_of, line_columns, pool_of_connections

CREATE = """
INSERT INTO purchase_order (id, version, sequence, status, supplier_id, currency, total, site, business_unit,
                            cost_centre, ordered_on, created_by, created_at)
VALUES ($1, 1, 0, 'draft', $2, $3, $4, $5, $6, $7, $8, 'buyer', $9)
"""

LINES = """
INSERT INTO purchase_order_line (order_id, line_number, item, description, category, quantity, unit, price,
                                 price_base_quantity, amount, promised_on)
SELECT $1, * FROM unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::numeric[], $7::text[],
                         $8::numeric[], $9::numeric[], $10::numeric[], $11::date[])
"""

SUBMIT = """
UPDATE purchase_order SET status = 'submitted', version = version + 1, submitted_by = 'buyer',
                          submitted_at = $2
WHERE id = $1
"""

APPROVE = """
UPDATE purchase_order SET status = 'approved', version = version + 1, approved_by = 'approver',
                          approved_at = $2, supplier_onboarded_by = 'onboarder'
WHERE id = $1
"""

ISSUE = """
UPDATE purchase_order SET status = 'issued', version = version + 1, sequence = 1, issued_by = 'buyer',
                          issued_at = $2, current_version = 1
WHERE id = $1
"""

EVENT_ROW = """
INSERT INTO outbox (topic, key, sequence, event_id, type, time, data)
VALUES ('procurement.orders', $1, 1, $2, 'purveyor.procurement.POIssued.v1', $3, $4)
"""

AUDIT = """
INSERT INTO audit_record (id, at, actor, action, entity, entity_id, after, request_id)
VALUES ($1, $2, $3, $4, 'purchase_order', $5, $6, $7)
"""

RESPONSE = """
INSERT INTO idempotency_record (client, key, fingerprint, status, headers, body, at)
VALUES ('bench', $1, $2, 200, '{}', $3, $4)
"""

app = FastAPI(lifespan=pool_of_connections)
Connection = asyncpg.pool.PoolConnectionProxy


async def _note(
    connection: Connection[asyncpg.Record],
    actor: str,
    action: str,
    order_id: UUID,
    body: dict[str, Any],
    key: str,
) -> None:
    now = datetime.now(UTC)
    content = json.dumps(body)
    await connection.execute(AUDIT, uuid7(), now, actor, action, str(order_id), content, key)
    await connection.execute(RESPONSE, key, b"fingerprint", content.encode(), now)


@app.post("/v1/purchase-orders", status_code=201)
async def create(order: Order, idempotency_key: Key) -> dict[str, Any]:
    """Write a draft and its lines."""
    order_id = uuid7()
    body = {"id": str(order_id)} | order.model_dump(mode="json")
    async with app.state.pool.acquire() as connection, connection.transaction():
        await connection.execute(
            CREATE,
            order_id,
            order.supplier_id,
            order.currency,
            sum(amounts_of(order)),
            order.site,
            order.business_unit,
            order.cost_centre,
            order.ordered_on,
            datetime.now(UTC),
        )
        await connection.execute(LINES, order_id, *line_columns(order))
        await _note(connection, "buyer", "create", order_id, body, idempotency_key)
    return body


async def _move(statement: str, actor: str, action: str, order_id: UUID, key: str) -> dict[str, Any]:
    body = {"id": str(order_id), "action": action}
    async with app.state.pool.acquire() as connection, connection.transaction():
        await connection.execute(statement, order_id, datetime.now(UTC))
        await _note(connection, actor, action, order_id, body, key)
    return body


@app.post("/v1/purchase-orders/{order_id}:submit")
async def submit(order_id: UUID, idempotency_key: Key) -> dict[str, Any]:
    """Write the submission."""
    return await _move(SUBMIT, "buyer", "submit", order_id, idempotency_key)


@app.post("/v1/purchase-orders/{order_id}:approve")
async def approve(order_id: UUID, idempotency_key: Key) -> dict[str, Any]:
    """Write the approval."""
    return await _move(APPROVE, "approver", "approve", order_id, idempotency_key)


@app.post("/v1/purchase-orders/{order_id}:issue")
async def issue(order_id: UUID, idempotency_key: Key) -> dict[str, Any]:
    """Write the issue and its event."""
    body = {"id": str(order_id), "action": "issue"}
    now = datetime.now(UTC)
    async with app.state.pool.acquire() as connection, connection.transaction():
        await connection.execute(ISSUE, order_id, now)
        await connection.execute(EVENT_ROW, str(order_id), uuid7(), now, json.dumps(body | EVENT))
        await _note(connection, "buyer", "issue", order_id, body, idempotency_key)
    return body
