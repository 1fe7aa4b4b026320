from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx

from purveyor_cli import kafka
from purveyor_cli.issuer import LocalIssuer

PURVEYOR = [sys.executable, "-m", "purveyor_cli.main"]
START_SECONDS = 60


@asynccontextmanager
async def served(what: str, settings: dict[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    """Serve procurement's API or worker as a container does, and see it end well on SIGTERM."""
    (port,) = kafka.free_ports(1)
    process = subprocess.Popen(  # noqa: ASYNC220, S603  # it returns at once
        [*PURVEYOR, "serve", what, "--service", "procurement", "--port", str(port)],
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            async with asyncio.timeout(START_SECONDS):
                while not await alive(client):
                    assert process.poll() is None, process.communicate()[0]
                    await asyncio.sleep(0.1)
            yield client
        process.send_signal(signal.SIGTERM)
        output, _ = await asyncio.to_thread(process.communicate, timeout=30)
        # uvicorn ends by the signal that it was sent, once it has drained
        assert process.returncode in {0, -signal.SIGTERM}, output
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


async def alive(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/healthz")).status_code == 200
    except httpx.TransportError:
        return False


async def leads(client: httpx.AsyncClient) -> bool:
    return 'purveyor_relay_leads{service="procurement"} 1.0' in (await client.get("/metrics")).text


async def test_an_api_is_served_from_the_environment_and_ends_on_sigterm(
    lend_database: Callable[[str], Awaitable[str]], issuer: LocalIssuer
) -> None:
    settings = {
        "PURVEYOR_DATABASE_URL": await lend_database("procurement"),
        "PURVEYOR_OIDC_ISSUER": issuer.url,
        "PURVEYOR_OIDC_JWKS_FILE": str(issuer.jwks_file),
    }
    async with served("api", settings) as client:
        assert (await client.get("/readyz")).status_code == 200
        assert (await client.get("/v1/sites")).status_code == 401
        assert "purveyor" in (await client.get("/metrics")).text


async def test_a_worker_is_run_from_the_environment_and_ends_on_sigterm(
    lend_database: Callable[[str], Awaitable[str]], issuer: LocalIssuer, kafka_bootstrap_servers: str
) -> None:
    settings = {
        "PURVEYOR_DATABASE_URL": await lend_database("procurement"),
        "PURVEYOR_KAFKA_BOOTSTRAP_SERVERS": kafka_bootstrap_servers,
        "PURVEYOR_OIDC_ISSUER": issuer.url,
        "PURVEYOR_OIDC_JWKS_FILE": str(issuer.jwks_file),
    }
    async with served("worker", settings) as client:
        async with asyncio.timeout(START_SECONDS):
            while not await leads(client):  # noqa: ASYNC110  # only asking tells
                await asyncio.sleep(0.1)
        assert (await client.get("/readyz")).status_code == 200
        assert (await client.get("/v1/sites")).status_code == 404
