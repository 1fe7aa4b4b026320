"""A process of procurement, as a container runs it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import IO

import httpx

from purveyor_cli import kafka

PURVEYOR = [sys.executable, "-m", "purveyor_cli.main"]
START_SECONDS = 60


@asynccontextmanager
async def served(what: str, settings: dict[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    """Serve procurement's API or worker as a container does, and see it end well on SIGTERM."""
    (port,) = kafka.free_ports(1)
    # A pipe that nobody reads would fill, and the process wait for it.
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(  # noqa: ASYNC220, S603  # it returns at once
            [*PURVEYOR, "serve", what, "--service", "procurement", "--port", str(port)],
            env=os.environ | settings,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        url = f"http://127.0.0.1:{port}"
        async with _ended_well(process, log), httpx.AsyncClient(base_url=url) as client:
            async with asyncio.timeout(START_SECONDS):
                while not await alive(client):
                    assert process.poll() is None, said(log)
                    await asyncio.sleep(0.1)
            yield client


@asynccontextmanager
async def _ended_well(process: subprocess.Popen[bytes], log: IO[str]) -> AsyncIterator[None]:
    try:
        yield
        process.send_signal(signal.SIGTERM)
        status = await asyncio.to_thread(process.wait, timeout=30)
        # uvicorn ends by the signal that it was sent, once it has drained
        assert status in {0, -signal.SIGTERM}, said(log)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def said(log: IO[str]) -> str:
    log.seek(0)
    return log.read()


async def alive(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/healthz")).status_code == 200
    except httpx.TransportError:
        return False
