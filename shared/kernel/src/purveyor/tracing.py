"""The W3C trace context that requests and events carry, read and written as OpenTelemetry does."""

from __future__ import annotations

from functools import lru_cache

from opentelemetry.context import Context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

LONGEST_TRACEPARENT = 512
"""OpenTelemetry would read no longer one either, and log each."""

_propagator = TraceContextTextMapPropagator()


def context_of(traceparent: str) -> Context:
    """Return a context whose span is the remote one that a traceparent names; empty if it names none."""
    if len(traceparent) > LONGEST_TRACEPARENT or not traceparent.isprintable():
        return Context()
    return _read(traceparent)


def traceparent_of(context: Context | None = None) -> str | None:
    """Return the traceparent of a context, the current one if none is given; None outside a trace."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier, context)
    return carrier.get("traceparent")


@lru_cache(maxsize=4096)
def _read(traceparent: str) -> Context:
    """Read a traceparent, and keep it: an event's is looked at when it arrives and when it is handled."""
    return _propagator.extract({"traceparent": traceparent}, Context())
