"""A hundred thousand rows and a client that reads nothing before it has sent everything: memory stays."""

import asyncio
import json
import tracemalloc

import pytest
from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response
from toy_service.api import Writer

from purveyor.bulk import BulkOutcome
from purveyor.http import bulk
from purveyor.http.app import build_app
from purveyor.http.bulk import Bulk

AT_A_TIME = 1_000
MOST = 12_000_000
"""Bytes; the rows are 7 MB and their results, each with an id, 16 MB."""


class Row(BaseModel):
    label: str
    text: str


def taking(_proposal):
    async def take(_tx, rows):
        return [BulkOutcome("created", f"id of {row.label}") for row in rows]

    return take


TAKE = bulk.Kind("take", Row, many=taking)
router = APIRouter()


@router.post("/v1/rows:import", **bulk.route(Row))
async def import_rows(rows: Bulk, by: Writer) -> Response:
    """Import rows."""
    return await rows.take(TAKE)


def body(many):
    for start in range(0, many, AT_A_TIME):
        rows = ({"label": str(number), "text": "x" * 40} for number in range(start, start + AT_A_TIME))
        yield b"".join(json.dumps(row).encode() + b"\n" for row in rows)


@pytest.mark.parametrize(("atomic", "rows"), [("false", 100_000), ("true", 20_000)])
async def test_memory_is_bounded_both_ways_whatever_a_client_reads(toy, issuer, atomic, rows):
    app = build_app(toy, [router], title="Toy", description="")
    token = issuer.token("bo", "buyer", scopes=["toy:crates:write"])
    everything_sent = asyncio.Event()
    parts = body(rows)
    seen = {"lines": 0}

    async def receive():
        await asyncio.sleep(0)
        part = next(parts, None)
        if part is None:
            everything_sent.set()
            return {"type": "http.request", "body": b"", "more_body": False}
        return {"type": "http.request", "body": part, "more_body": True}

    async def send(message):
        if message["type"] == "http.response.start":
            seen["status"] = message["status"]
            return
        await everything_sent.wait()  # a client that sends all before it reads any
        seen["lines"] += message["body"].count(b"\n")

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/v1/rows:import",
        "raw_path": b"/v1/rows:import",
        "query_string": f"atomic={atomic}".encode(),
        "headers": [
            (b"authorization", f"Bearer {token}".encode()),
            (b"content-type", b"application/x-ndjson"),
            (b"transfer-encoding", b"chunked"),
        ],
        "client": ("192.0.2.7", 4711),
        "server": ("test", 80),
    }
    tracemalloc.start()
    try:
        await app(scope, receive, send)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert seen == {"status": 200, "lines": rows}
    assert peak < MOST
