"""What a running service tells: logs with trace ids, traces into events, numbers, and an orderly end."""

import asyncio
import logging
import signal
import sys
from datetime import timedelta
from pathlib import Path

import httpx
import uvicorn

from purveyor import observability
from purveyor.http.serve import server_config
from purveyor.observability import tracer_provider
from purveyor_contract.roles import Role

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
APPLES = {"label": "a", "apples": 1}


async def traceparent_of_the_event(toy):
    async with toy.database.connection() as connection:
        return await connection.fetchval("SELECT traceparent FROM outbox")


async def test_an_event_belongs_to_the_trace_of_the_request_that_caused_it(toy, client):
    await client.post("/v1/crates", json=APPLES, headers={"traceparent": TRACEPARENT})
    version, trace_id, span_id, _ = (await traceparent_of_the_event(toy)).split("-")
    assert (version, trace_id) == ("00", TRACE)
    assert span_id != "00f067aa0ba902b7"


async def test_a_request_without_a_trace_begins_one(toy, client):
    await client.post("/v1/crates", json=APPLES)
    _, trace_id, _, _ = (await traceparent_of_the_event(toy)).split("-")
    assert int(trace_id, 16)


async def test_a_log_line_is_json_with_service_request_and_trace(logged, client):
    headers = {"traceparent": TRACEPARENT, "X-Request-Id": "r-1"}
    await client.post("/v1/crates?secret=1", json=APPLES, headers=headers)
    [line] = [line for line in logged() if line["event"] == "request"]
    assert line | {"milliseconds": 1, "timestamp": "t", "span_id": "s"} == {
        "service": "toy-service",
        "level": "info",
        "event": "request",
        "method": "POST",
        "path": "/v1/crates",
        "route": "/v1/crates",
        "status": 422,
        "milliseconds": 1,
        "timestamp": "t",
        "request_id": "r-1",
        "trace_id": TRACE,
        "span_id": "s",
    }


async def test_a_failure_is_logged_once_with_its_traceback(logged, client):
    await client.post("/v1/crates", json=APPLES | {"label": "bug"})
    [line] = [line for line in logged() if line["event"] == "request_failed"]
    assert line["exception"][0]["exc_type"] == "KeyError"
    assert "locals" not in line["exception"][0]["frames"][0]
    assert line["trace_id"]


async def test_libraries_log_in_the_same_form(logged):
    logging.getLogger("some.library").warning("disk %s", "full")
    [line] = logged()
    assert (line["event"], line["logger"], line["level"]) == ("disk full", "some.library", "warning")


async def test_the_numbers_say_what_was_asked_and_what_was_done(toy, client):
    await client.post("/v1/crates", json=APPLES)
    await client.post("/v1/crates", json=APPLES | {"label": "burst"})
    await client.get("/v1/nowhere/at-all")
    numbers = (await client.get("/metrics")).text
    request = 'purveyor_http_request_seconds_count{method="POST",route="/v1/crates",status="%d"} 1.0'
    assert request % 201 in numbers
    assert request % 409 in numbers
    assert "nowhere" not in numbers
    assert 'purveyor_changes_total{action="fill",entity="crate"} 1.0' in numbers
    assert 'purveyor_database_connections{pool="writing",state="limit"} 16.0' in numbers


def test_spans_are_sent_only_where_an_endpoint_is_set(toy, monkeypatch):
    exporters = []
    monkeypatch.setattr(observability, "BatchSpanProcessor", exporters.append)
    monkeypatch.setattr(observability.TracerProvider, "add_span_processor", lambda *_: None)
    tracer_provider("toy", toy.settings)
    assert exporters == []
    settings = toy.settings.model_copy(update={"otlp_endpoint": "http://collector:4318/"})
    tracer_provider("toy", settings)
    [exporter] = exporters
    assert exporter._endpoint == "http://collector:4318/v1/traces"


SERVED = """
import asyncio, sys
sys.path.insert(0, sys.argv[1])
from fastapi import APIRouter, Depends
from purveyor.auth import public
from purveyor.http.app import build_app
from purveyor.http.serve import serve
from purveyor.service import ServiceContext
from purveyor.settings import Settings

router = APIRouter()

@router.get("/slow", dependencies=[Depends(public)])
async def slow() -> str:
    print("begun", flush=True)
    await asyncio.sleep(1)
    return "answered"

settings = Settings(database_url=sys.argv[2], oidc_issuer="none")
app = build_app(ServiceContext.create("toy-service", settings), [router], title="T", description="T")
serve(app, settings, "127.0.0.1", int(sys.argv[3]))
"""


async def test_a_stopped_server_answers_what_it_has_begun(toy_database, unused_tcp_port):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        SERVED,
        str(Path(__file__).parent),
        toy_database,
        str(unused_tcp_port),
        stdout=asyncio.subprocess.PIPE,
    )
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{unused_tcp_port}", timeout=20) as client:
        while True:
            try:
                assert (await client.get("/healthz")).status_code == 200
                break
            except httpx.ConnectError:
                await asyncio.sleep(0.1)
        slow = asyncio.create_task(client.get("/slow"))
        while b"begun" not in await process.stdout.readline():
            pass
        process.send_signal(signal.SIGTERM)
        response = await slow
    assert (response.status_code, response.json()) == (200, "answered")
    await asyncio.wait_for(process.wait(), 10)
    process._transport.close()


def test_a_connection_outlasts_the_idle_time_of_what_stands_in_front_unless_a_setting_says_otherwise(
    toy, app
):
    of_load_balancers = 60  # nginx, HAProxy and the clouds' own keep theirs for a minute at most
    assert server_config(app, toy.settings, "", 1).timeout_keep_alive > of_load_balancers
    shorter = toy.settings.model_copy(update={"keep_alive_timeout": timedelta(seconds=7)})
    assert server_config(app, shorter, "", 1).timeout_keep_alive == 7


async def test_results_of_a_bulk_request_come_while_it_still_arrives(toy, app, issuer, unused_tcp_port):
    config = server_config(app, toy.settings, "127.0.0.1", unused_tcp_port)
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # uvicorn has no event for it
        await asyncio.sleep(0.02)
    token = issuer.token("bo", Role.BUYER, scopes=["toy:crates:write"])
    reader, writer = await asyncio.open_connection("127.0.0.1", unused_tcp_port)
    head = (
        "POST /v1/crates:import HTTP/1.1",
        "Host: test",
        f"Authorization: Bearer {token}",
        "Content-Type: application/x-ndjson",
        "Transfer-Encoding: chunked",
        "Connection: close",
    )
    writer.write("\r\n".join((*head, "", "")).encode())

    def chunk(first, last):
        rows = b"".join(b'{"label": "%d", "apples": 1}\n' % number for number in range(first, last))
        return b"%x\r\n%s\r\n" % (len(rows), rows)

    writer.write(chunk(0, 300))
    answer = b""
    while b'"line":200' not in answer:
        answer += await asyncio.wait_for(reader.read(65536), 10)
    assert b'"line":201' not in answer
    writer.write(chunk(300, 310) + b"0\r\n\r\n")
    answer += await asyncio.wait_for(reader.read(), 10)
    assert answer.count(b'"status":"created"') == 310
    writer.close()
    server.should_exit = True
    await serving
