"""Receiving with FastAPI and raw asyncpg, nothing else: a transaction a request, a statement a table.

It locks the order, and writes the rows that procurement writes of a receipt that closes it. No
authentication, no idempotency check, no rule: no tolerance, no duty, no delivery note that came before.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from pydantic import BaseModel
from uuid_utils.compat import uuid7

from bench.apps.rows import Key, pool_of_connections

LOCK = "SELECT supplier_id, sequence FROM purchase_order WHERE id = $1 FOR UPDATE"
RECEIPT = """
INSERT INTO goods_receipt (id, order_id, supplier_id, received_on, despatch_reference, ordered_by, issued_by,
                           received_by, received_at)
VALUES ($1, $2, $3, $4, $5, 'buyer', 'buyer', 'receiver', $6) RETURNING serial_number
"""
LINES = """
INSERT INTO goods_receipt_line (receipt_id, line_number, quantity, rejected_quantity, tolerance_version)
SELECT $1, *, 0, 0 FROM unnest($2::int[], $3::numeric[])
"""
ORDER_LINES = """
UPDATE purchase_order_line AS line
SET received_quantity = received_quantity + arrived.quantity, closed_on = $4, closed_by = 'receiver',
    closed_as = 'complete'
FROM unnest($2::int[], $3::numeric[]) AS arrived (line_number, quantity)
WHERE line.order_id = $1 AND line.line_number = arrived.line_number
"""
ORDER = """
UPDATE purchase_order SET status = 'closed', version = version + 1, sequence = sequence + 2, closed_on = $2
WHERE id = $1
"""
EVENT = """
INSERT INTO outbox (topic, key, sequence, event_id, type, time, data)
VALUES ('procurement.orders', $1, $2, $3, $4, $5, $6)
"""
AUDIT = """
INSERT INTO audit_record (id, at, actor, action, entity, entity_id, after, request_id)
VALUES ($1, $2, 'receiver', $3, $4, $5, $6, $7)
"""
RESPONSE = """
INSERT INTO idempotency_record (client, key, fingerprint, status, headers, body, at)
VALUES ('bench', $1, $2, 201, '{}', $3, $4)
"""


class Line(BaseModel):
    """What arrived of a line."""

    line_number: int
    quantity: Decimal


class Arrival(BaseModel):
    """What arrived."""

    received_on: date
    despatch_reference: str
    lines: list[Line]


app = FastAPI(lifespan=pool_of_connections)


@app.post("/v1/purchase-orders/{order_id}/receipts", status_code=201)
async def receive(order_id: UUID, arrival: Arrival, idempotency_key: Key) -> dict[str, Any]:
    """Write a receipt and what it does to its order."""
    receipt_id, now = uuid7(), datetime.now(UTC)
    said = arrival.model_dump(mode="json")
    columns = [line.line_number for line in arrival.lines], [line.quantity for line in arrival.lines]
    async with app.state.pool.acquire() as connection, connection.transaction():
        order = await connection.fetchrow(LOCK, order_id)
        number = await connection.fetchval(
            RECEIPT,
            receipt_id,
            order_id,
            order["supplier_id"],
            arrival.received_on,
            arrival.despatch_reference,
            now,
        )
        await connection.execute(LINES, receipt_id, *columns)
        await connection.execute(ORDER_LINES, order_id, *columns, arrival.received_on)
        await connection.execute(ORDER, order_id, arrival.received_on)
        header = {"order_id": str(order_id), "supplier_id": str(order["supplier_id"]), "number": "PO-000001"}
        received = header | said | {"receipt_id": str(receipt_id), "received_by": "receiver"}
        closed = header | {"closed_on": said["received_on"]}
        for nth, (name, told) in enumerate((("GoodsReceived", received), ("POClosed", closed)), start=1):
            event_type = f"purveyor.procurement.{name}.v1"
            at = order["sequence"] + nth
            await connection.execute(EVENT, str(order_id), at, uuid7(), event_type, now, json.dumps(told))
        for action, entity, entity_id in (
            ("receive", "purchase_order", order_id),
            ("record", "goods_receipt", receipt_id),
        ):
            content = json.dumps(said)
            await connection.execute(
                AUDIT, uuid7(), now, action, entity, str(entity_id), content, idempotency_key
            )
        body = received | {"id": str(receipt_id), "number": f"GR-{number:06d}", "order_status": "closed"}
        await connection.execute(RESPONSE, idempotency_key, b"fingerprint", json.dumps(body).encode(), now)
    return body
