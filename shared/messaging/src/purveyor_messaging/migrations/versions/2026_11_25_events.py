"""Outbox, publications, inbox and parked events."""

from alembic import op

revision = "2026_11_25_events"
down_revision = None
branch_labels = ("messaging",)
release = "0.1.0"
phase = "before"

TABLES = (
    """
    CREATE TABLE outbox (
      id bigint GENERATED ALWAYS AS IDENTITY,
      topic text NOT NULL,
      key text NOT NULL,
      sequence bigint NOT NULL CHECK (sequence > 0),
      event_id uuid NOT NULL,
      type text NOT NULL,
      time timestamptz NOT NULL,
      data json NOT NULL,
      traceparent text,
      CONSTRAINT pk_outbox PRIMARY KEY (id)
    ) PARTITION BY RANGE (id)
    """,
    "CREATE TABLE outbox_1 PARTITION OF outbox FOR VALUES FROM (1) TO (10000001)",
    "CREATE UNIQUE INDEX uq_outbox_1_stream ON outbox_1 (topic, key, sequence)",
    """
    CREATE TABLE publication (
      first_position bigint CONSTRAINT pk_publication PRIMARY KEY,
      ids bigint[] NOT NULL,
      watermark bigint NOT NULL,
      gap_first bigint[] NOT NULL,
      gap_last bigint[] NOT NULL,
      gap_since timestamptz[] NOT NULL,
      published_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )
    """,
    """
    CREATE TABLE inbox (
      consumer text NOT NULL,
      topic text NOT NULL,
      key text NOT NULL,
      sequence bigint NOT NULL,
      parked_from bigint,
      CONSTRAINT pk_inbox PRIMARY KEY (consumer, topic, key)
    )
    """,
    "CREATE INDEX ix_inbox_parked ON inbox (consumer) WHERE parked_from IS NOT NULL",
    """
    CREATE TABLE parked_event (
      id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_parked_event PRIMARY KEY,
      consumer text NOT NULL,
      topic text NOT NULL,
      key text NOT NULL,
      sequence bigint NOT NULL,
      event_id uuid NOT NULL,
      type text NOT NULL,
      source text NOT NULL,
      time timestamptz NOT NULL,
      data bytea NOT NULL,
      traceparent text,
      reason text NOT NULL CONSTRAINT ck_parked_event_reason
        CHECK (reason IN ('gap', 'failed', 'behind', 'unreadable')),
      error text,
      attempts integer NOT NULL DEFAULT 0,
      parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT uq_parked_event_stream UNIQUE (consumer, topic, key, sequence)
    )
    """,
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
