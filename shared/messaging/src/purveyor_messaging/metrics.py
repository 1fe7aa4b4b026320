"""What the messaging kernel counts, for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

BATCH_SIZES = (1, 5, 25, 100, 500, 1000, 2500, 5000)
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60)


class MessagingMetrics:
    """Counters and gauges of relays, inboxes and transports; one a registry, shared by all its services."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        registry = registry or CollectorRegistry()
        self.outbox_unpublished = Gauge(
            "purveyor_outbox_unpublished_events", "Events not yet published", ["service"], registry=registry
        )
        self.outbox_age = Gauge(
            "purveyor_outbox_age_seconds",
            "Age of the oldest unpublished event",
            ["service"],
            registry=registry,
        )
        self.outbox_gaps = Gauge(
            "purveyor_outbox_gap_ranges", "Ranges of ids still missing", ["service"], registry=registry
        )
        self.relay_leads = Gauge(
            "purveyor_relay_leads", "1 while this process publishes", ["service"], registry=registry
        )
        self.published = Counter(
            "purveyor_published_events_total", "Events published", ["service"], registry=registry
        )
        self.batch_size = Histogram(
            "purveyor_relay_batch_events",
            "Events a batch",
            ["service"],
            buckets=BATCH_SIZES,
            registry=registry,
        )
        self.publish_seconds = Histogram(
            "purveyor_relay_publish_seconds",
            "Time until a batch was durable",
            ["service"],
            buckets=SECONDS,
            registry=registry,
        )
        self.handled = Counter(
            "purveyor_handled_events_total",
            "Events taken in, by outcome: applied, duplicate, parked",
            ["consumer", "outcome"],
            registry=registry,
        )
        self.handled_age = Histogram(
            "purveyor_handled_age_seconds",
            "From an event's recording to its effect, oldest of a batch",
            ["consumer"],
            buckets=SECONDS,
            registry=registry,
        )
        self.retries = Counter(
            "purveyor_consumer_retries_total",
            "Attempts that failed and were repeated",
            ["consumer"],
            registry=registry,
        )
        self.gaps_found = Counter(
            "purveyor_stream_gaps_total", "Events that came too early", ["consumer"], registry=registry
        )
        self.parked = Gauge(
            "purveyor_parked_events", "Parked events", ["consumer", "reason"], registry=registry
        )
        self.lag = Gauge(
            "purveyor_consumer_lag_events",
            "Events on the topic that the consumer has not settled",
            ["consumer", "partition"],
            registry=registry,
        )
        self.recreated = Counter(
            "purveyor_consumer_recreated_total",
            "Kafka consumers replaced because they made no progress",
            ["consumer"],
            registry=registry,
        )
