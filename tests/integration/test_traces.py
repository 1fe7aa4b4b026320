"""A trace follows an event everywhere: from a request over the order and the score to the review."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind
from tests.integration.test_lifecycle import SITE, Company

from purveyor_cli import stack
from purveyor_history.platform import Platform


@pytest.fixture
def exporter(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    return exporter


@pytest.fixture(params=["local", "kafka"])
async def company(request: pytest.FixtureRequest, exporter: InMemorySpanExporter) -> AsyncIterator[Company]:
    kafka = request.getfixturevalue("own_kafka") if request.param == "kafka" else None
    with tempfile.TemporaryDirectory(prefix="purveyor-traces-") as folder:
        options = stack.Options(Path(folder), kafka=kafka, port_base=0, throw_away=True)
        async with stack.running(options, lambda _: None) as running:
            platform = Platform(running.urls)
            company = Company(running, platform)
            await platform.done(company.ole, "procurement", "PUT", "/v1/sites/KEF1", body=SITE)
            for path in ("/v1/business-units/PUMPS", "/v1/cost-centres/4100"):
                await platform.done(company.ole, "procurement", "PUT", path, body={"name": "Pumps"})
            yield company
            await platform.close()


class Spans:
    """What was recorded, to be asked by ids."""

    def __init__(self, recorded: Sequence[ReadableSpan]) -> None:
        self.recorded = recorded
        self._by_id = {span.context.span_id: span for span in recorded if span.context is not None}

    def way_to(self, event: dict[str, Any]) -> list[ReadableSpan]:
        """Return the spans that led to an event, the first of all first."""
        _, trace_id, span_id, _ = event["traceparent"].split("-")
        way: list[ReadableSpan] = []
        at: int | None = int(span_id, 16)
        while at is not None:
            span = self._by_id[at]
            assert span.context is not None
            assert f"{span.context.trace_id:032x}" == trace_id
            way.insert(0, span)
            at = span.parent.span_id if span.parent is not None else None
        return way

    def linked_to(self, event: dict[str, Any]) -> set[str]:
        """Return the names of the batches that were linked to what recorded an event."""
        span_id = int(event["traceparent"].split("-")[2], 16)
        return {span.name for span in self.recorded for link in span.links if link.context.span_id == span_id}


async def told(company: Company, service: str, name: str) -> dict[str, Any]:
    """Return the first event of a name, once the feed, which follows the commit, tells it."""
    async with asyncio.timeout(30):
        while True:
            for item in await company.events(service):
                if item["event"]["type"].split(".")[-2] == name:
                    event: dict[str, Any] = item["event"]
                    return event
            await asyncio.sleep(0.05)


async def test_a_review_is_asked_for_in_the_trace_of_the_order_that_came_late(
    company: Company, exporter: InMemorySpanExporter
) -> None:
    bad = await company.onboard("Skagerrak Castings AS")
    await company.order(bad, company.today - timedelta(40), 80, 50, 90)
    await company.supplier(bad, lambda body: body["open_review"] is not None)
    issued = await told(company, "procurement", "POIssued")
    scored = await told(company, "supplier-performance", "SupplierScoreUpdated")
    opened = await told(company, "sourcing", "SupplierReviewOpened")

    spans = Spans(exporter.get_finished_spans())
    way = spans.way_to(opened)
    request = spans.way_to(issued)
    assert request[0].kind is SpanKind.SERVER
    assert way[: len(request)] == request
    heard = way[len(request)].name.removesuffix(" POIssued")
    assert heard in {"supplier-performance.orders", "supplier-performance.order-facts"}, (
        "either asks to judge"
    )
    assert [(span.name, span.kind) for span in way[len(request) :]] == [
        (f"{heard} POIssued", SpanKind.CONSUMER),
        ("judge supplier", SpanKind.INTERNAL),
        ("sourcing.scores SupplierScoreUpdated", SpanKind.CONSUMER),
    ]
    assert spans.way_to(scored) == way[:-1]
    assert spans.linked_to(issued) >= {"publish procurement", f"settle {heard}"}
    assert spans.linked_to(scored) >= {"publish supplier-performance", "settle sourcing.scores"}
    assert "publish sourcing" in spans.linked_to(opened)
    for span in spans.recorded:
        if span.name.startswith(("publish ", "settle ")):
            assert span.parent is None, "a batch is a trace of its own"
