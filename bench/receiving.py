"""(f) A receipt of three lines that closes its order, over HTTP: the service and a bare application."""

from __future__ import annotations

import json
import os
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from uuid import UUID

import asyncpg

from bench.create_issue import SUPPLIER, UVICORN, prepare, served
from bench.load import Connection, operations_per_second
from bench.rounds import Rounds
from purveyor_cli.issuer import LocalIssuer
from purveyor_cli.postgres import RunningPostgres
from purveyor_contract.roles import Role

ROUNDS = 9
SECONDS = 2.5
CONNECTIONS = 16
ORDERS = 60_000
"""Issued orders to receive, an operation each: more than any application gets through."""
APPLICATIONS = {
    "service": ("purveyor", "serve", "api", "--service", "procurement"),
    "bare": (*UVICORN, "bench.apps.receiving:app"),
}
FIRST = UUID("019b0000-0000-7000-8000-000000000000").int

ISSUED = """
INSERT INTO purchase_order (
  id, version, sequence, status, supplier_id, currency, total, site, business_unit, cost_centre, ordered_on,
  created_by, authors, created_at, submitted_by, submitted_at, supplier_onboarded_by, supplier_authors,
  approved_by, approved_at, issued_by, issued_at, current_version)
SELECT id, 4, 1, 'issued', $1, 'EUR', 1234.50, 'HAM', 'pumps', '4711', current_date - 1, 'buyer',
       ARRAY['buyer'], now(), 'buyer', now(), 'onboarder', ARRAY['onboarder'], 'approver', now(), 'buyer',
       now(), 1
FROM unnest($2::uuid[]) AS id
"""
LINES = """
INSERT INTO purchase_order_line (order_id, line_number, item, description, category, quantity, unit, price,
                                 price_base_quantity, amount, promised_on)
SELECT id, number, 'M8-HEX-' || number, 'Hexagon head screw', 'fasteners', 100, 'C62', 4.115, 1, 411.50,
       current_date + 30
FROM unnest($1::uuid[]) AS id, generate_series(1, 3) AS number
"""


def order_id(number: int) -> UUID:
    """Return the id of an order by its place among all."""
    return UUID(int=FIRST + number)


def receive(issuer: LocalIssuer, numbers: count[int]) -> Callable[[Connection], Awaitable[None]]:
    """Return the operation: the next order is received, whole."""
    receiver = f"Authorization: Bearer {issuer.token('receiver', Role.RECEIVER)}\r\n"
    today = str(datetime.now(UTC).date())
    lines = [{"line_number": number, "quantity": "100"} for number in (1, 2, 3)]

    async def operation(connection: Connection) -> None:
        number = next(numbers)
        body = {"received_on": today, "despatch_reference": f"LS-{number}", "lines": lines}
        headers = f"{receiver}Idempotency-Key: {number}-{os.getpid()}\r\n".encode()
        path = f"/v1/purchase-orders/{order_id(number)}/receipts"
        await connection.post(path, json.dumps(body).encode(), headers, expected=201)

    return operation


async def issued_orders(server: RunningPostgres, name: str) -> str:
    """Make a procurement database with issued orders; return its URL."""
    url = await prepare(server, name)
    connection = await asyncpg.connect(url)
    ids = [order_id(number) for number in range(ORDERS)]
    await connection.execute(ISSUED, SUPPLIER, ids)
    await connection.execute(LINES, ids)
    await connection.execute("ANALYZE")
    await connection.close()
    return url


async def measure(server: RunningPostgres, folder: Path) -> Rounds:
    """Return the receipts a second of each application, measured in turns."""
    issuer = LocalIssuer.in_folder(folder / "issuer")
    rounds = Rounds()
    urls = {name: await issued_orders(server, f"bench_receiving_{name}") for name in APPLICATIONS}
    operations = {name: receive(issuer, count()) for name in APPLICATIONS}
    async with AsyncExitStack() as servers:
        ports = {
            name: await servers.enter_async_context(served(application, urls[name], issuer))
            for name, application in APPLICATIONS.items()
        }
        for nth in range(ROUNDS + 1):
            for name, port in ports.items():
                rate = await operations_per_second(
                    port, operations[name], connections=CONNECTIONS, seconds=SECONDS
                )
                if nth:  # the first round warms up
                    rounds.note(name, rate)
    return rounds
