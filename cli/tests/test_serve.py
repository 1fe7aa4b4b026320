from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Awaitable, Callable

import httpx
from cli.tests.serving import PURVEYOR, START_SECONDS, served

from purveyor_cli import kafka
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
            while (await client.get("/readyz")).status_code != 200:  # noqa: ASYNC110  # only asking tells
                await asyncio.sleep(0.1)
        assert (await client.get("/v1/sites")).status_code == 404


async def test_a_worker_is_not_ready_without_its_broker_and_says_which_topic_while_the_api_is(
    lend_database: Callable[[str], Awaitable[str]], issuer: LocalIssuer
) -> None:
    settings = {
        "PURVEYOR_DATABASE_URL": await lend_database("procurement"),
        "PURVEYOR_KAFKA_BOOTSTRAP_SERVERS": f"127.0.0.1:{kafka.free_ports(1)[0]}",
        "PURVEYOR_OIDC_ISSUER": issuer.url,
        "PURVEYOR_OIDC_JWKS_FILE": str(issuer.jwks_file),
    }
    async with served("worker", settings) as worker, served("api", settings) as api:
        unready = await worker.get("/readyz")
        assert unready.status_code == 503
        assert "sourcing.suppliers: procurement.suppliers" in unready.json()["transport"]
        assert (await api.get("/readyz")).status_code == 200


async def test_a_worker_whose_login_cannot_be_used_says_so_and_ends(
    lend_database: Callable[[str], Awaitable[str]], issuer: LocalIssuer
) -> None:
    settings = {
        "PURVEYOR_DATABASE_URL": await lend_database("procurement"),
        "PURVEYOR_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9092",
        "PURVEYOR_KAFKA_SECURITY_PROTOCOL": "SSL",
        "PURVEYOR_KAFKA_CA_FILE": "/nowhere/ca.pem",
        "PURVEYOR_OIDC_ISSUER": issuer.url,
        "PURVEYOR_OIDC_JWKS_FILE": str(issuer.jwks_file),
    }
    ended = await asyncio.to_thread(
        subprocess.run,
        [*PURVEYOR, "serve", "worker", "--service", "procurement"],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )
    assert ended.returncode == 1
    assert "PURVEYOR_KAFKA_CA_FILE" in ended.stderr
    assert "Traceback" not in ended.stderr
