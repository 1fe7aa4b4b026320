"""What the messaging kernel counts, for Prometheus."""

from __future__ import annotations

from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

BATCH_SIZES = (1, 5, 25, 100, 500, 1000, 2500, 5000)
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60)


class MessagingMetrics:
    """Counters and gauges of relays, inboxes and transports; one a registry, shared by all its services."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        registry = registry or CollectorRegistry()
        counter, gauge = partial(Counter, registry=registry), partial(Gauge, registry=registry)
        histogram = partial(Histogram, registry=registry, buckets=SECONDS)
        self.outbox_unpublished = gauge(
            "purveyor_outbox_unpublished_events", "Events not yet published", ["service"]
        )
        self.outbox_age = gauge(
            "purveyor_outbox_age_seconds", "Age of the oldest unpublished event", ["service"]
        )
        self.audit_unsealed_age = gauge(
            "purveyor_audit_unsealed_age_seconds",
            "Age of the oldest audit record that waits for its seal",
            ["service"],
        )
        self.outbox_gaps = gauge("purveyor_outbox_gap_ranges", "Ranges of ids still missing", ["service"])
        self.relay_leads = gauge("purveyor_relay_leads", "1 while this process publishes", ["service"])
        self.relay_diverged = gauge(
            "purveyor_relay_diverged",
            "1 while nothing is published because the topics know more than the database",
            ["service"],
        )
        self.epoch = gauge("purveyor_epoch", "The incarnation of the service's database", ["service"])
        self.published = counter("purveyor_published_events_total", "Events published", ["service"])
        self.batch_size = histogram(
            "purveyor_relay_batch_events", "Events a batch", ["service"], buckets=BATCH_SIZES
        )
        self.publish_seconds = histogram(
            "purveyor_relay_publish_seconds", "Time until a batch was durable", ["service"]
        )
        self.handled = counter(
            "purveyor_handled_events_total",
            "Events taken in, by outcome: applied, duplicate, parked",
            ["consumer", "outcome"],
        )
        self.handled_age = histogram(
            "purveyor_handled_age_seconds",
            "From an event's recording to its effect, oldest of a batch",
            ["consumer"],
        )
        self.retries = counter(
            "purveyor_consumer_retries_total", "Attempts that failed and were repeated", ["consumer"]
        )
        self.gaps_found = counter("purveyor_stream_gaps_total", "Events that came too early", ["consumer"])
        self.forks_found = counter(
            "purveyor_stream_forks_total", "Events that do not follow on what was applied", ["consumer"]
        )
        self.parked = gauge("purveyor_parked_events", "Parked events", ["consumer", "reason"])
        self.parked_age = gauge(
            "purveyor_parked_age_seconds", "Since when the oldest of them is parked", ["consumer", "reason"]
        )
        self.lag = gauge(
            "purveyor_consumer_lag_events",
            "Events on the topic that the consumer has not settled",
            ["consumer", "partition"],
        )
        self.streams_differing = gauge(
            "purveyor_streams_differing",
            "Streams that stood elsewhere than at their producer when all were compared last",
            ["consumer", "kind"],
        )
        self.streams_compared = gauge(
            "purveyor_streams_compared_timestamp_seconds", "When all streams were compared last", ["consumer"]
        )
        self.recreated = counter(
            "purveyor_consumer_recreated_total",
            "Kafka consumers replaced because they failed or made no progress",
            ["consumer"],
        )
