"""Clients that are slow, silent or too many: they are cut, and everybody else goes on being answered."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
from cli.tests.serving import served

from purveyor_cli.issuer import LocalIssuer
from purveyor_contract.roles import Role

SHORT = 2
PATIENCE = 20
"""What a machine that does other things too may add to any of the times, in seconds."""
MOST_CONNECTIONS = 300
LIMITS = {
    "PURVEYOR_HEADER_TIMEOUT": f"PT{SHORT}S",
    "PURVEYOR_BODY_TIMEOUT": f"PT{SHORT}S",
    "PURVEYOR_WRITE_TIMEOUT": f"PT{SHORT}S",
    "PURVEYOR_MAX_CONNECTIONS": str(MOST_CONNECTIONS),
}
CHUNKED = b"POST /v1/purchase-orders HTTP/1.1\r\nHost: api\r\nTransfer-Encoding: chunked\r\n\r\n"
SITE = {"name": "Hamburg", "country": "DE", "time_zone": "Europe/Berlin"}


@dataclass(frozen=True)
class Api:
    """A served API, somebody who uses it well, and a token for somebody who does not."""

    client: httpx.AsyncClient
    token: str

    @property
    def port(self) -> int:
        port = self.client.base_url.port
        assert port is not None
        return port

    def head(self, request: str, *more: str) -> bytes:
        lines = (f"{request} HTTP/1.1", "Host: api", f"Authorization: Bearer {self.token}", *more)
        return "".join(f"{line}\r\n" for line in lines).encode()

    async def is_well(self) -> None:
        """See that reads, writes and probes are answered, soon."""
        began = time.monotonic()
        assert (await self.client.get("/readyz")).status_code == 200
        assert (await self.client.get("/v1/sites")).status_code == 200
        code = f"S{time.monotonic_ns()}"[-10:]
        answer = await self.client.put(f"/v1/sites/{code}", json=SITE)
        assert answer.status_code == 201, answer.text
        assert time.monotonic() - began < PATIENCE

    async def number(self, metric: str) -> float:
        found = re.search(rf"^{re.escape(metric)} (\S+)$", (await self.client.get("/metrics")).text, re.M)
        assert found, metric
        return float(found[1])


@pytest.fixture(scope="module")
async def api(new_database: Callable[[str], Awaitable[str]], issuer: LocalIssuer) -> AsyncIterator[Api]:
    settings = {
        "PURVEYOR_DATABASE_URL": await new_database("procurement"),
        "PURVEYOR_OIDC_ISSUER": issuer.url,
        "PURVEYOR_OIDC_JWKS_FILE": str(issuer.jwks_file),
    }
    token = issuer.token("ada", Role.ADMIN, Role.RECEIVER, Role.BUYER)
    async with served("api", settings | LIMITS) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        client.timeout = httpx.Timeout(PATIENCE)
        yield Api(client, token)


@asynccontextmanager
async def connected(
    api: Api, number: int
) -> AsyncIterator[list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]:
    opened = [await asyncio.open_connection("127.0.0.1", api.port) for _ in range(number)]
    try:
        yield opened
    finally:
        for _, writer in opened:
            writer.transport.abort()


async def last_words(reader: asyncio.StreamReader) -> bytes:
    """Return all that a server says until it hangs up; to who still sends then, it may be lost."""
    async with asyncio.timeout(SHORT + PATIENCE):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""


def problem(answer: bytes) -> tuple[int, str]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    return int(head.split()[1]), json.loads(body)["code"]


async def dribble(writer: asyncio.StreamWriter, text: bytes) -> None:
    """Send a byte now and then until the server has had enough."""
    try:
        for byte in text:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.1)
    except OSError:
        return


@pytest.mark.parametrize(
    "target",
    [
        "/v1/purchase-orders",
        "/v1/purchase-orders:import?atomic=true",
    ],
)
async def test_bodies_that_do_not_come_hold_nothing_and_are_ended(api: Api, target: str) -> None:
    kind = "application/x-ndjson" if ":import" in target else "application/json"
    head = api.head(f"POST {target}", f"Content-Type: {kind}", "Content-Length: 1000")
    async with connected(api, 40) as slow:
        for _, writer in slow:
            writer.write(head + b"\r\n{")
        await api.is_well()
        assert await api.number('purveyor_database_connections{pool="writing",state="in_use"}') == 0
        answers = [await last_words(reader) for reader, _ in slow]
    assert {problem(answer) for answer in answers} == {(408, "body_too_slow")}
    await api.is_well()


async def test_a_body_that_comes_byte_by_byte_is_ended_too(api: Api) -> None:
    head = api.head("POST /v1/purchase-orders", "Content-Type: application/json", "Content-Length: 1000")
    async with connected(api, 16) as slow:
        for _, writer in slow:
            writer.write(head + b"\r\n")
        dribbling = [asyncio.create_task(dribble(writer, b"{" + b" " * 900)) for _, writer in slow]
        await api.is_well()
        answers = [await last_words(reader) for reader, _ in slow]
        await asyncio.gather(*dribbling)
    assert {problem(answer) for answer in answers if answer} <= {(408, "body_too_slow")}


async def test_a_long_import_that_goes_quiet_is_ended_with_what_it_did(api: Api) -> None:
    head = api.head(
        "POST /v1/purchase-orders:import", "Content-Type: application/x-ndjson", "Content-Length: 9000"
    )
    async with connected(api, 1) as [(reader, writer)]:
        writer.write(head + b"\r\n" + b"{}\n" * 2_300)
        answer = await last_words(reader)
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.count(b'"status":"refused"') >= 1_000  # the first thousand at least


async def test_headers_that_come_byte_by_byte_are_cut(api: Api) -> None:
    async with connected(api, 40) as slow:
        text = api.head("GET /v1/sites")[:-2] + b"a" * 900
        dribbling = [asyncio.create_task(dribble(writer, text)) for _, writer in slow]
        await api.is_well()
        answers = [await last_words(reader) for reader, _ in slow]
        await asyncio.gather(*dribbling)
    assert {problem(answer) for answer in answers if answer} <= {(408, "headers_too_slow")}


@pytest.mark.parametrize("noise", [b"", b"\r\n"])
async def test_a_connection_on_which_no_request_comes_is_cut(api: Api, noise: bytes) -> None:
    async with connected(api, 40) as silent:
        dribbling = [asyncio.create_task(dribble(writer, noise * 400)) for _, writer in silent]
        await api.is_well()
        for reader, _ in silent:
            await last_words(reader)
        await asyncio.gather(*dribbling)


async def test_the_second_request_of_a_connection_is_not_waited_for_longer(api: Api) -> None:
    async with connected(api, 16) as slow:
        for reader, writer in slow:
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: api\r\n\r\nGET ")
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
        dribbling = [asyncio.create_task(dribble(writer, b"/" * 900)) for _, writer in slow]
        for reader, _ in slow:
            await last_words(reader)
        await asyncio.gather(*dribbling)


async def test_headers_that_are_too_large_are_refused(api: Api) -> None:
    answer = await api.client.get("/v1/sites", headers={"X-Much": "a" * 70_000})
    assert (answer.status_code, answer.json()["code"]) == (431, "headers_too_large")
    answer = await api.client.get("/v1/sites", headers={f"X-{n}": "a" * 100 for n in range(1000)})
    assert (answer.status_code, answer.json()["code"]) == (431, "headers_too_large")
    await api.is_well()


@pytest.mark.parametrize(
    "beginning",
    [
        b"GET /v1/sites HTTP/1.1\r\nX-Much: ",
        b"GET /v1/",
        CHUNKED + b"0\r\nX-Trailer: ",
        CHUNKED + b"1;x=",
        b"GET /healthz HTTP/1.1\r\nHost: api\r\n\r\nGET / HTTP/1.1\r\nX-Much: ",
    ],
)
async def test_what_has_no_end_is_cut_before_it_fills_the_memory(api: Api, beginning: bytes) -> None:
    async with connected(api, 4) as endless:
        for _, writer in endless:
            writer.write(beginning)
        before = await api.number("process_resident_memory_bytes")
        sent = [await pour(writer) for _, writer in endless]
        assert max(sent) < 50_000_000
        assert await api.number("process_resident_memory_bytes") - before < 50_000_000
    await api.is_well()


async def pour(writer: asyncio.StreamWriter) -> int:
    """Send without end; return how much was taken before the server hung up."""
    sent = 0
    try:
        while sent < 200_000_000:
            writer.write(b"a" * 65_536)
            await writer.drain()
            sent += 65_536
    except OSError:
        pass
    return sent


async def test_answers_that_nobody_takes_are_given_up(api: Api) -> None:
    loop = asyncio.get_running_loop()
    deaf = []
    try:
        for _ in range(16):
            one = socket.socket()
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.setblocking(False)
            await loop.sock_connect(one, ("127.0.0.1", api.port))
            await loop.sock_sendall(one, b"GET /openapi.json HTTP/1.1\r\nHost: api\r\n\r\n" * 200)
            deaf.append(one)
        await api.is_well()
        async with asyncio.timeout(SHORT + PATIENCE):
            while await api.number("purveyor_http_requests_in_progress") > 1:  # noqa: ASYNC110  # only asking tells
                await asyncio.sleep(0.1)
            for one in deaf:
                await hung_up(one)
    finally:
        for one in deaf:
            one.close()


async def hung_up(one: socket.socket) -> None:
    """Wait until the other end has reset a connection."""
    loop = asyncio.get_running_loop()
    try:
        while True:
            await loop.sock_sendall(one, b"\r\n")
            await asyncio.sleep(0.1)
    except OSError:
        return


@pytest.mark.faults(2)
async def test_a_thousand_connections_leave_room_for_others(api: Api, cycles: int) -> None:
    for _ in range(cycles):
        await crowd(api)
        await api.is_well()


async def crowd(api: Api) -> None:
    """Open a thousand connections, half of them in the middle of a request, until all have been cut."""
    async with connected(api, 1000) as many:
        for number, (_, writer) in enumerate(many):
            if number % 2:
                writer.write(api.head("POST /v1/purchase-orders", "Content-Length: 10") + b"\r\n")
        for _ in range(3):
            await api.is_well()
        assert await api.number("process_open_fds") < MOST_CONNECTIONS + 100
        for reader, _ in many:
            await last_words(reader)


@pytest.mark.parametrize("protocol", ["h2c", "websocket"])
async def test_a_client_that_would_rather_speak_something_else_is_answered_as_it_asked(
    api: Api, protocol: str
) -> None:
    body = json.dumps(SITE).encode()
    ask = ("Connection: close, Upgrade, HTTP2-Settings", f"Upgrade: {protocol}", "HTTP2-Settings: AAEAAEAA")
    first, second = (
        api.head(
            f"PUT /v1/sites/{protocol.upper()}",
            *headers,
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        )
        + b"\r\n"
        for headers in ((*ask[1:], "Connection: Upgrade, HTTP2-Settings"), ask)
    )
    async with connected(api, 1) as [(reader, writer)]:
        for part in (first[:40], first[40:], body[:20], body[20:] + second + body[:9], body[9:]):
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.05)
        answered = await last_words(reader)
    assert re.findall(rb"HTTP/1.1 (\d+)", answered) == [b"201", b"200"]


async def test_nobody_connects_through_an_api_and_it_goes_on_being_well(api: Api) -> None:
    async with connected(api, 1) as [(reader, writer)]:
        writer.write(b"CONNECT api:443 HTTP/1.1\r\nHost: api:443\r\n\r\n")
        assert problem(await last_words(reader)) == (400, "bad_request")
    await api.is_well()
