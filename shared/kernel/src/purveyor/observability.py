"""What a running service tells of itself: logs with trace ids, traces, and numbers for Prometheus."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import islice
from typing import Any, TextIO, cast

import structlog
from opentelemetry import context, trace
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import Link, NonRecordingSpan, SpanContext, SpanKind
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from pydantic_core import to_json
from sqlalchemy.pool import QueuePool
from structlog.typing import EventDict, Processor, WrappedLogger

from purveyor.db import Database
from purveyor.settings import Settings
from purveyor.tracing import context_of

MOST_LINKS = 128
"""As many as OpenTelemetry keeps of a span by default."""
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_ids = RandomIdGenerator()


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
        tracebacks = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        rendering: list[Processor] = [structlog.processors.ExceptionRenderer(tracebacks), _json]
    else:
        plain = structlog.dev.plain_traceback
        rendering = [structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain)]
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
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        event["trace_id"] = f"{span.trace_id:032x}"
        event["span_id"] = f"{span.span_id:016x}"
    return event


def _logger_name(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    event["logger"] = event["_record"].name
    return event


def _json(_logger: WrappedLogger, _method: str, event: Mapping[str, Any]) -> str:
    return to_json(event, fallback=str).decode()


def configure_tracing(service: str, settings: Settings) -> None:
    """Install a process's source of spans, for its requests, consumers and jobs alike."""
    provider = tracer_provider(service, settings)
    if provider is not None and provider is not trace.get_tracer_provider():
        trace.set_tracer_provider(provider)


def tracer_provider(service: str, settings: Settings) -> TracerProvider | None:
    """Return the process's source of spans, or make one if there is an `otlp_endpoint` to send them to."""
    installed = trace.get_tracer_provider()
    if isinstance(installed, TracerProvider):
        return installed
    if settings.otlp_endpoint is None:
        return None
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: f"purveyor-{service}"}))
    # A tenth of what a process takes to start, for those alone that send traces.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415

    exporter = OTLPSpanExporter(f"{settings.otlp_endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


@contextmanager
def bare_trace(traceparent: str = "") -> Iterator[None]:
    """Give a block the ids of a span in the caller's trace, or in a new one, where no spans are recorded."""
    parent = trace.get_current_span(context_of(traceparent)).get_span_context()
    trace_id = parent.trace_id if parent.is_valid else _ids.generate_trace_id()
    span = NonRecordingSpan(SpanContext(trace_id, _ids.generate_span_id(), False, parent.trace_flags))
    token = context.attach(trace.set_span_in_context(span))
    try:
        yield
    finally:
        context.detach(token)


def new_trace(name: str) -> AbstractContextManager[object]:
    """Begin a trace for work that no request asked for."""
    return continued_trace(name, ())


def continued_trace(name: str, causes: Sequence[str]) -> AbstractContextManager[object]:
    """Go on with the trace of the last of the causes, given as traceparents, linked to those of the others.

    Without any, it is a trace of its own.
    """
    last = causes[-1] if causes else ""
    if not are_spans_recorded():
        return bare_trace(last)
    links = _links(cause for cause in causes if cause != last)
    return trace.get_tracer(__name__).start_as_current_span(name, context_of(last), links=links)


def batch_trace(name: str, causes: Iterable[str | None], kind: SpanKind) -> AbstractContextManager[object]:
    """Record that a batch was worked on, in a trace of its own: a link leads to each cause of what is in it.

    What is done about each part of the batch stays in the trace that caused it. Where no spans are recorded,
    it does nothing.
    """
    if not are_spans_recorded():
        return nullcontext()
    return trace.get_tracer(__name__).start_as_current_span(
        name, context.Context(), kind, links=_links(cause for cause in causes if cause)
    )


def are_spans_recorded() -> bool:
    """Whether this process has a source of spans."""
    return isinstance(trace.get_tracer_provider(), TracerProvider)


def _links(causes: Iterable[str]) -> list[Link]:
    """Return a link to each span that is named, once, and to no more than are kept."""
    spans = (trace.get_current_span(context_of(cause)).get_span_context() for cause in dict.fromkeys(causes))
    return [Link(span) for span in islice((span for span in spans if span.is_valid), MOST_LINKS)]


class SecurityMetrics:
    """How often it happened; an alert stands on these."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.refusals = Counter(
            "purveyor_security_refusals_total",
            "Requests refused for want of a right, or of a valid token",
            ["code", "route"],
            registry=registry,
        )
        self.hidden = Counter(
            "purveyor_security_hidden_total",
            "What suppliers asked for that is not theirs, or does not exist",
            ["route"],
            registry=registry,
        )
        self.reads = Counter(
            "purveyor_security_reads_total", "Answers that showed personal data", ["what"], registry=registry
        )
        self.dropped = Counter(
            "purveyor_security_records_dropped_total",
            "Security records that are in the log only, because too many waited for the table",
            registry=registry,
        )


class ServiceMetrics:
    """A service's numbers about its requests, its connections and what its people do."""

    def __init__(self, registry: CollectorRegistry, database: Database) -> None:
        self.registry = registry
        self.security = SecurityMetrics(registry)
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
        self.waiting = Gauge(
            "purveyor_http_requests_waiting",
            "Requests that wait until others have changed the same thing",
            registry=registry,
        )
        self.changes = Counter(
            "purveyor_changes_total", "Committed changes, as audited", ["entity", "action"], registry=registry
        )
        connections = Gauge(
            "purveyor_database_connections", "Connections of a pool", ["pool", "state"], registry=registry
        )
        for name, engine in database.engines.items():
            pool = cast("QueuePool", engine.pool)
            connections.labels(name, "in_use").set_function(pool.checkedout)
            connections.labels(name, "idle").set_function(pool.checkedin)
            connections.labels(name, "limit").set(pool.size())
        self.audit_anchored = Gauge(
            "purveyor_audit_anchored_timestamp_seconds",
            "When all places were last known to have every anchor of the audit trail",
            ["service"],
            registry=registry,
        )
        ahead = Gauge(
            "purveyor_clock_ahead_seconds",
            "How far the machine's clock is ahead of the database's, by which the service goes",
            registry=registry,
        )
        ahead.set_function(database.time.seconds_ahead)
        database.on_change = lambda entity, action: self.changes.labels(entity, action).inc()
