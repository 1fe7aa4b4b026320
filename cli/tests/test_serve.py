from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx
from cli.tests.serving import START_SECONDS, served

from purveyor_cli.issuer import LocalIssuer


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
