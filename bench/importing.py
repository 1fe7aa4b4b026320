"""(e) Orders and receipts of the past by the import, beside `COPY` of the very rows that it wrote."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from bench.create_issue import SUPPLIER, prepare, served
from bench.rounds import Rounds
from purveyor_cli.issuer import LocalIssuer
from purveyor_cli.postgres import RunningPostgres
from purveyor_contract.roles import Role

ROUNDS = 5
ORDERS = 6_000
ROWS_A_REQUEST = 1_000
AT_ONCE = 3
SERVICE = ("purveyor", "serve", "api", "--service", "procurement")
REFERENCE = "V-1"

OF_BUSINESS = {
    "purchase_order": "external_reference LIKE $1",
    "purchase_order_line": "order_id IN (SELECT id FROM purchase_order WHERE external_reference LIKE $1)",
    "goods_receipt": "external_reference LIKE $1",
    "goods_receipt_line": "receipt_id IN (SELECT id FROM goods_receipt WHERE external_reference LIKE $1)",
}
OF_THE_IMPORT = OF_BUSINESS | {
    "outbox": "key IN (SELECT id::text FROM purchase_order WHERE external_reference LIKE $1)",
    "audit_record": """entity_id IN (SELECT id::text FROM purchase_order WHERE external_reference LIKE $1
        UNION ALL SELECT id::text FROM goods_receipt WHERE external_reference LIKE $1)""",
}
"""What an import writes, table by table in the order of their references, and which rows are a round's."""

COLUMNS = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER' ORDER BY ordinal_position
"""


@dataclass(frozen=True, slots=True)
class Copied:
    """A table's rows as `COPY` reads them."""

    table: str
    columns: list[str]
    rows: bytes


def orders(prefix: str) -> Iterator[dict[str, Any]]:
    """Yield orders of two lines as another system has them."""
    for number in range(ORDERS):
        yield {
            "external_reference": f"{prefix}{number}",
            "supplier_external_reference": REFERENCE,
            "ordered_on": "2015-03-01",
            "currency": "EUR",
            "site": "HAM",
            "business_unit": "pumps",
            "cost_centre": "4711",
            "lines": [
                {
                    "line_number": line,
                    "item": f"M8-HEX-{line}",
                    "description": "Hexagon head screw",
                    "category": "fasteners",
                    "quantity": "100",
                    "unit": "C62",
                    "price": "4.115",
                    "promised_on": "2015-04-01",
                }
                for line in (1, 2)
            ],
        }


def receipts(prefix: str) -> Iterator[dict[str, Any]]:
    """Yield a receipt of everything of each order."""
    for number in range(ORDERS):
        yield {
            "external_reference": f"{prefix}{number}/1",
            "order_external_reference": f"{prefix}{number}",
            "received_on": "2015-04-02",
            "despatch_reference": f"D-{number}",
            "lines": [{"line_number": line, "quantity": "100"} for line in (1, 2)],
        }


def bodies(rows: Iterator[dict[str, Any]]) -> list[bytes]:
    """Return requests of a thousand rows each."""
    lines = [json.dumps(row).encode() + b"\n" for row in rows]
    return [b"".join(lines[at : at + ROWS_A_REQUEST]) for at in range(0, len(lines), ROWS_A_REQUEST)]


class Importer:
    """Sends rows to the service as the command does, several requests under way at a time."""

    def __init__(self, port: int, issuer: LocalIssuer) -> None:
        self._client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=120)
        self._tokens = {name: issuer.token(name, Role.ADMIN) for name in ("importer", "controller")}

    async def close(self) -> None:
        """Hang up."""
        await self._client.aclose()

    async def propose(self, requests: dict[str, list[bytes]]) -> None:
        """Propose rows as one person and let them in as another."""
        begun = await self._post("/v1/imports", json={"name": "bench"})
        await self._send(requests, "proposed", {"proposal": begun["id"]})
        shown = await self._client.get(f"/v1/imports/{begun['id']}", headers=self._headers("controller"))
        digest = {"digest": shown.json()["figures"]["digest"]}
        await self._post(f"/v1/imports/{begun['id']}:approve", by="controller", json=digest)

    async def bring(self, requests: dict[str, list[bytes]]) -> None:
        """Import rows that were let in."""
        await self._send(requests, "created", {})

    async def _send(self, requests: dict[str, list[bytes]], expected: str, params: dict[str, str]) -> None:
        gate = asyncio.Semaphore(AT_ONCE)

        async def send(path: str, body: bytes) -> None:
            async with gate:
                headers = self._headers("importer") | {"Content-Type": "application/x-ndjson"}
                answer = await self._client.post(path, content=body, headers=headers, params=params)
            statuses = {json.loads(line)["status"] for line in answer.content.splitlines()}
            if answer.status_code != 200 or statuses != {expected}:
                raise RuntimeError(f"{path} answered {answer.status_code}: {answer.text[:500]}")

        for path, parts in requests.items():
            async with asyncio.TaskGroup() as group:
                for body in parts:
                    group.create_task(send(path, body))

    async def _post(self, path: str, by: str = "importer", **body: Any) -> Any:
        key = hashlib.sha256(f"{path}{time.time_ns()}".encode()).hexdigest()
        answer = await self._client.post(path, headers=self._headers(by) | {"Idempotency-Key": key}, **body)
        return answer.raise_for_status().json()

    def _headers(self, name: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens[name]}"}


async def copied(source: asyncpg.Connection[Any], tables: dict[str, str], prefix: str) -> list[Copied]:
    """Return the rows that a round has written."""
    found = []
    for table, condition in tables.items():
        columns = [row["column_name"] for row in await source.fetch(COLUMNS, table)]
        rows = BytesIO()
        chosen = f"SELECT {', '.join(columns)} FROM {table} WHERE {condition}"
        await source.copy_from_query(chosen, f"{prefix}%", output=rows)
        found.append(Copied(table, columns, rows.getvalue()))
    return found


async def copy(target: asyncpg.Connection[Any], tables: list[Copied]) -> None:
    """Copy rows into the same tables of another database, in one transaction."""
    async with target.transaction():
        for one in tables:
            await target.copy_to_table(one.table, source=BytesIO(one.rows), columns=one.columns)


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection[Any]]:
    """Lend a connection."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def measure(server: RunningPostgres, folder: Path) -> Rounds:
    """Return the order lines a second that are proposed, imported, and copied, measured in turns.

    `copy` is of everything that the import has written, the events and audit records of its rows too;
    `copy_of_documents` of orders and receipts alone.
    """
    issuer = LocalIssuer.in_folder(folder / "issuer")
    rounds = Rounds()
    names = ("imported", "copied", "documents")
    urls = {name: await prepare(server, f"bench_{name}") for name in names}
    async with AsyncExitStack() as stack:
        databases = {name: await stack.enter_async_context(connected(url)) for name, url in urls.items()}
        for connection in databases.values():
            await connection.execute(
                "UPDATE supplier SET external_reference = $2, imported = true WHERE id = $1",
                SUPPLIER,
                REFERENCE,
            )
        port = await stack.enter_async_context(served(SERVICE, urls["imported"], issuer))
        importer = Importer(port, issuer)
        stack.push_async_callback(importer.close)
        for number in range(-1, ROUNDS):
            prefix = f"{number}-"
            requests = {
                "/v1/purchase-orders:import": bodies(orders(prefix)),
                "/v1/goods-receipts:import": bodies(receipts(prefix)),
            }
            seconds = {}
            started = time.perf_counter()
            await importer.propose(requests)
            seconds["propose"] = time.perf_counter() - started
            started = time.perf_counter()
            await importer.bring(requests)
            seconds["import"] = time.perf_counter() - started
            everything = await copied(databases["imported"], OF_THE_IMPORT, prefix)
            for name, database, tables in (
                ("copy", databases["copied"], everything),
                ("copy_of_documents", databases["documents"], everything[: len(OF_BUSINESS)]),
            ):
                started = time.perf_counter()
                await copy(database, tables)
                seconds[name] = time.perf_counter() - started
            if number >= 0:
                for name, taken in seconds.items():
                    rounds.note(name, 2 * ORDERS / taken)
    return rounds
