"""What a running service tells of itself: logs with trace ids, traces, and numbers for Prometheus."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from typing import Any, TextIO

import structlog
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from pydantic_core import to_json
from sqlalchemy.pool import QueuePool
from structlog.typing import EventDict, Processor, WrappedLogger

from purveyor.db import Database
from purveyor.settings import Settings

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


def configure_logging(service: str, settings: Settings, stream: TextIO | None = None) -> None:
    """Log a JSON object a line (or, for people, plain lines), libraries' messages too, to stdout."""
    stream = stream or sys.stdout
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _trace_ids,
        _named(service),
    ]
    if settings.log_format == "json":
        rendering: list[Processor] = [structlog.processors.dict_tracebacks, _json]
    else:
        rendering = [structlog.dev.ConsoleRenderer(colors=stream.isatty())]
    structlog.configure(
        processors=[*shared, *rendering],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
        )
    )
    logging.basicConfig(handlers=[handler], level=max(level, logging.WARNING), force=True)


def _named(service: str) -> Processor:
    def add_service(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event.setdefault("service", service)
        return event

    return add_service


def _trace_ids(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = f"{context.trace_id:032x}"
        event["span_id"] = f"{context.span_id:016x}"
    return event


def _logger_name(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    event["logger"] = event["_record"].name
    return event


def _json(_logger: WrappedLogger, _method: str, event: Mapping[str, Any]) -> str:
    return to_json(event, fallback=str).decode()


def configure_tracing(service: str, settings: Settings) -> None:
    """Install a process's source of spans, for its requests, consumers and jobs alike."""
    trace.set_tracer_provider(tracer_provider(service, settings))


def tracer_provider(service: str, settings: Settings) -> TracerProvider:
    """Return the process's source of spans, or make one: its spans go to `otlp_endpoint`.

    Without an endpoint they are no more than ids, which logs and events carry all the same.
    """
    installed = trace.get_tracer_provider()
    if isinstance(installed, TracerProvider):
        return installed
    resource = Resource.create({SERVICE_NAME: f"purveyor-{service}"})
    if settings.otlp_endpoint is None:
        return TracerProvider(ALWAYS_OFF, resource)
    provider = TracerProvider(resource=resource)
    exporter = OTLPSpanExporter(f"{settings.otlp_endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


class ServiceMetrics:
    """A service's numbers about its requests, its connections and what its people do."""

    def __init__(self, registry: CollectorRegistry, database: Database) -> None:
        self.registry = registry
        ProcessCollector(registry=registry)
        self.requests = Histogram(
            "purveyor_http_request_seconds",
            "Time to answer a request",
            ["method", "route", "status"],
            buckets=SECONDS,
            registry=registry,
        )
        self.in_progress = Gauge(
            "purveyor_http_requests_in_progress", "Requests being answered", registry=registry
        )
        self.changes = Counter(
            "purveyor_changes_total", "Committed changes, as audited", ["entity", "action"], registry=registry
        )
        pool = database.engine.pool
        if isinstance(pool, QueuePool):
            connections = Gauge(
                "purveyor_database_connections", "Connections of the pool", ["state"], registry=registry
            )
            connections.labels("in_use").set_function(pool.checkedout)
            connections.labels("idle").set_function(pool.checkedin)
            connections.labels("limit").set(pool.size())
        database.on_change = lambda entity, action: self.changes.labels(entity, action).inc()
