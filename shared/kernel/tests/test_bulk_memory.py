"""Many rows, or long ones, and a client that reads nothing before it has sent everything: memory stays."""

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

PART = 65_536
"""Bytes of a body that arrive at a time, about."""


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


def body(many, length):
    text = "x" * length
    at_a_time = PART // length
    for start in range(0, many, at_a_time):
        rows = ({"label": str(number), "text": text} for number in range(start, min(start + at_a_time, many)))
        yield b"".join(json.dumps(row).encode() + b"\n" for row in rows)


@pytest.mark.parametrize("atomic", ["false", "true"])
@pytest.mark.parametrize(
    ("rows", "length", "most"),
    [
        pytest.param(6_400, 20_000, 12_000_000, id="a body of 128 MB"),
        pytest.param(40_000, 40, 5_000_000, id="results of 6 MB"),
    ],
)
async def test_memory_is_bounded_both_ways_whatever_a_client_reads(toy, issuer, atomic, rows, length, most):
    app = build_app(toy, [router], title="Toy", description="")
    token = issuer.token("bo", "buyer", scopes=["toy:crates:write"])
    everything_sent = asyncio.Event()
    parts = body(rows, length)
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
    assert peak < most
