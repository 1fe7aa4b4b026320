"""Events that an earlier incarnation told, places in partitions, and comparisons of all streams."""

from alembic import op

revision = "2026_11_28_lost_events"
down_revision = "2026_11_28_archive"
release = "0.1.0"
phase = "before"

STATEMENTS = (
    """
    CREATE TABLE lost_event (
      event_id uuid CONSTRAINT pk_lost_event PRIMARY KEY,
      topic text NOT NULL,
      key text NOT NULL,
      sequence bigint NOT NULL,
      type text NOT NULL,
      time timestamptz NOT NULL,
      data bytea NOT NULL,
      epoch integer NOT NULL,
      found_in integer NOT NULL CONSTRAINT fk_lost_event_found_in_epoch REFERENCES epoch (number),
      retold_at timestamptz
    )
    """,
    "CREATE INDEX ix_lost_event_topic_key ON lost_event (topic, key)",
    """
    CREATE TABLE consumer_place (
      consumer text NOT NULL,
      topic text NOT NULL,
      partition integer NOT NULL,
      next_offset bigint NOT NULL,
      CONSTRAINT pk_consumer_place PRIMARY KEY (consumer, topic, partition)
    )
    """,
    """
    CREATE TABLE stream_comparison (
      consumer text CONSTRAINT pk_stream_comparison PRIMARY KEY,
      compared_at timestamptz NOT NULL,
      streams bigint NOT NULL,
      behind bigint NOT NULL,
      ahead bigint NOT NULL,
      forked bigint NOT NULL
    )
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
