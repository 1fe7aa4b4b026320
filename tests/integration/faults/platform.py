"""The processes of the platform, and how a test reaches them."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
from tests.integration.faults.business import ANSWER_SECONDS
from tests.integration.faults.mortal import Part

from purveyor_cli.issuer import LocalIssuer


def parts(
    databases: Mapping[str, str],
    kafka: str,
    issuer: LocalIssuer,
    listeners: Mapping[str, socket.socket],
    folder: Path,
) -> list[Part]:
    """Return the processes of the platform: every service's worker, and the APIs that people use."""
    processes = []
    for service, url in databases.items():
        settings = {
            "database_url": url,
            "database_pool_size": 8,
            "kafka_bootstrap_servers": kafka,
            "worker_instance": "only",
            "oidc_issuer": issuer.url,
            "oidc_jwks_file": issuer.jwks_file,
        }
        worker = f"{service}-worker"
        processes.append(Part(worker, service, settings, folder / f"{worker}.log"))
        if service in listeners:
            api = f"{service}-api"
            processes.append(Part(api, service, settings, folder / f"{api}.log", listeners[service]))
    return processes


def listener() -> socket.socket:
    """Open the socket of an API here: whoever lives accepts, and who asks meanwhile waits."""
    return socket.create_server(("127.0.0.1", 0), backlog=128)


def client(of: socket.socket) -> httpx.AsyncClient:
    port = of.getsockname()[1]
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=ANSWER_SECONDS)


@asynccontextmanager
async def connection(url: str) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()
