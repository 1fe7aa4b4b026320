"""(a) An order from draft to issued over HTTP: the service, bare applications, one with the ORM."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

import asyncpg

from bench.load import Connection, operations_per_second
from bench.rounds import Rounds
from purveyor.migrations.run import upgrade
from purveyor_cli import kafka, postgres
from purveyor_cli.issuer import LocalIssuer
from purveyor_cli.postgres import RunningPostgres
from purveyor_contract.roles import Role

ROUNDS = 9
SECONDS = 2.5
CONNECTIONS = 16
SUPPLIER = UUID("019a0000-0000-7000-8000-000000000000")
PROGRAMS = Path(sys.executable).parent
UVICORN = ("uvicorn", "--no-access-log", "--log-level", "warning")
APPLICATIONS = {
    "service": ("purveyor", "serve", "api", "--service", "procurement"),
    "bare": (*UVICORN, "bench.apps.bare:app"),
    "one_statement": (*UVICORN, "bench.apps.one_statement:app"),
    "orm": (*UVICORN, "bench.apps.orm:app"),
}
"""Each is one process; the service runs as in a container, its log of requests included."""


def order_of_three_lines() -> bytes:
    """Return the request that every application gets."""
    today = datetime.now(UTC).date()
    lines = [
        {
            "item": f"M8-HEX-{number}",
            "description": "Hexagon head screw",
            "category": "fasteners",
            "quantity": "100",
            "unit": "C62",
            "price": "4.115",
            "promised_on": str(today + timedelta(days=30)),
        }
        for number in (1, 2, 3)
    ]
    order = {
        "supplier_id": str(SUPPLIER),
        "currency": "EUR",
        "site": "HAM",
        "business_unit": "pumps",
        "cost_centre": "4711",
        "ordered_on": str(today - timedelta(days=1)),
        "lines": lines,
    }
    return json.dumps(order).encode()


def create_and_issue(issuer: LocalIssuer) -> Callable[[Connection], Awaitable[None]]:
    """Return the operation: an order from draft to issued, by a buyer and an approver."""
    body = order_of_three_lines()
    keys = count()
    buyer = f"Authorization: Bearer {issuer.token('buyer', Role.BUYER)}\r\n"
    approver = f"Authorization: Bearer {issuer.token('approver', Role.APPROVER)}\r\n"

    def headers(who: str, etag: str | None = None) -> bytes:
        condition = f"If-Match: {etag}\r\n" if etag else ""
        return f"{who}Idempotency-Key: {next(keys)}-{os.getpid()}\r\n{condition}".encode()

    async def operation(connection: Connection) -> None:
        answer = await connection.post("/v1/purchase-orders", body, headers(buyer), expected=201)
        path = f"/v1/purchase-orders/{answer.json()['id']}"
        for action, who in (("submit", buyer), ("approve", approver), ("issue", buyer)):
            answer = await connection.post(f"{path}:{action}", b"{}", headers(who, answer.etag), expected=200)

    return operation


async def prepare(server: RunningPostgres, name: str) -> str:
    """Make a procurement database with an approved supplier and a site; return its URL."""
    await postgres.ensure_database(server.url_for("postgres"), name)
    url = server.url_for(name)
    await upgrade(url, "procurement.migrations")
    connection = await asyncpg.connect(url)
    await connection.execute(
        """
        INSERT INTO supplier (id, number, legal_name, country, status, approvals, onboarded_by, changed_at)
        VALUES ($1, 'S-000001', 'Bench GmbH', 'DE', 'approved',
                '[{"category": "fasteners", "expires_on": null}]', 'onboarder', now())
        """,
        SUPPLIER,
    )
    await connection.execute("INSERT INTO site VALUES ('HAM', 1, 'Hamburg', 'DE', 'Europe/Berlin')")
    await connection.execute("INSERT INTO business_unit VALUES ('pumps', 1, 'Pumps')")
    await connection.execute("INSERT INTO cost_centre VALUES ('4711', 1, 'Assembly')")
    await connection.close()
    return url


@asynccontextmanager
async def served(application: tuple[str, ...], url: str, issuer: LocalIssuer) -> AsyncIterator[int]:
    """Serve an application by one uvicorn process, as it is served in production; yield its port."""
    (port,) = kafka.free_ports(1)
    environment = os.environ | {
        "PURVEYOR_DATABASE_URL": url,
        "PURVEYOR_OIDC_ISSUER": issuer.url,
        "PURVEYOR_OIDC_JWKS_FILE": str(issuer.jwks_file),
        # Counted as in production, but two callers on one address ask more than is granted there.
        "PURVEYOR_RATE_LIMIT_CALLER": "1000000",
        "PURVEYOR_RATE_LIMIT_ADDRESS": "1000000",
    }
    process = subprocess.Popen(  # noqa: S603, ASYNC220  # ours, once
        [PROGRAMS / application[0], *application[1:], "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        while True:
            try:
                connection = await Connection.open(port)
            except OSError:
                if process.poll() is not None:
                    raise RuntimeError(f"{application} did not start") from None
                await asyncio.sleep(0.1)
            else:
                await connection.close()
                break
        yield port
    finally:
        process.terminate()
        process.wait()


async def measure(server: RunningPostgres, folder: Path) -> Rounds:
    """Return the operations a second of each application, measured in turns."""
    issuer = LocalIssuer.in_folder(folder / "issuer")
    operation = create_and_issue(issuer)
    rounds = Rounds()
    urls = {name: await prepare(server, f"bench_{name}") for name in APPLICATIONS}
    async with AsyncExitStack() as servers:
        ports = {
            name: await servers.enter_async_context(served(application, urls[name], issuer))
            for name, application in APPLICATIONS.items()
        }
        for port in ports.values():
            await operations_per_second(port, operation, connections=CONNECTIONS, seconds=SECONDS)
        for _ in range(ROUNDS):
            for name, port in ports.items():
                rate = await operations_per_second(port, operation, connections=CONNECTIONS, seconds=SECONDS)
                rounds.note(name, rate)
    return rounds
