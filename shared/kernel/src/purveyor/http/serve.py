"""Serves an API over HTTP until it is told to stop, then answers what it has begun."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from prometheus_client import CollectorRegistry, start_http_server

from purveyor.garbage import spare_garbage_collection
from purveyor.http.patience import Patience, PatientConfig, PatientProtocol
from purveyor.settings import Settings


def server_config(app: FastAPI, settings: Settings, host: str, port: int) -> uvicorn.Config:
    """Return how uvicorn serves every API: fast, silent (the middleware logs), draining on SIGTERM.

    Its own limit of concurrency counts idle connections, and refuses probes too: there are better ones in
    `patience` and `places`.
    """
    return PatientConfig(
        app,
        patience=Patience.from_settings(settings),
        host=host,
        port=port,
        loop="uvloop",
        http=PatientProtocol,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=int(settings.keep_alive_timeout.total_seconds()),
        timeout_graceful_shutdown=int(settings.drain_timeout.total_seconds()),
    )


@contextmanager
def numbers_served(registry: CollectorRegistry, settings: Settings, host: str) -> Iterator[None]:
    """Answer Prometheus on `metrics_port` until the block ends; without one, the API answers `/metrics`."""
    if settings.metrics_port is None:
        yield
        return
    server, thread = start_http_server(settings.metrics_port, host, registry)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def serve(app: FastAPI, settings: Settings, host: str, port: int) -> None:
    """Serve an API until SIGTERM or SIGINT; requests in progress are answered within `drain_timeout`."""
    spare_garbage_collection()
    with numbers_served(app.state.context.metrics.registry, settings, host):
        uvicorn.Server(server_config(app, settings, host, port)).run()
