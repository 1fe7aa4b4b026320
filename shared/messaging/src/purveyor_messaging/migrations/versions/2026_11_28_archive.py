"""Old partitions of the outbox go to a schema of their own; the heads of their streams stay findable."""

from alembic import op

revision = "2026_11_28_archive"
down_revision = "2026_11_28_waiting"
release = "0.1.0"
phase = "before"

STATEMENTS = (
    "CREATE SCHEMA IF NOT EXISTS archive",
    """
    CREATE TABLE archived_partition (
      number integer CONSTRAINT pk_archived_partition PRIMARY KEY,
      events bigint NOT NULL,
      last_position bigint NOT NULL,
      archived_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )
    """,
    """
    CREATE TABLE stream_head (
      topic text NOT NULL,
      key text NOT NULL,
      sequence bigint NOT NULL,
      event_id uuid NOT NULL,
      CONSTRAINT pk_stream_head PRIMARY KEY (topic, key)
    )
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
