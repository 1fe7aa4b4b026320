"""Streams are chains: events name the one before them and their epoch, inboxes remember what they applied."""

from alembic import op

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_28_chain"
down_revision = "2026_11_25_events"
release = "0.1.0"
phase = "before"

STATEMENTS = (
    """
    CREATE TABLE epoch (
      number integer CONSTRAINT pk_epoch PRIMARY KEY CONSTRAINT ck_epoch_number CHECK (number > 0),
      began_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      first_position bigint NOT NULL,
      began_by text NOT NULL,
      reason text NOT NULL
    )
    """,
    "INSERT INTO epoch (number, first_position, began_by, reason) VALUES (1, 1, 'system', 'The first')",
    "ALTER TABLE outbox ADD COLUMN previous uuid",
    "ALTER TABLE outbox ADD COLUMN epoch integer NOT NULL DEFAULT 1",
    "ALTER TABLE inbox ADD COLUMN epoch integer NOT NULL DEFAULT 1",
    "ALTER TABLE inbox ADD COLUMN recent uuid[] NOT NULL DEFAULT '{}'",
    "ALTER TABLE parked_event ADD COLUMN previous uuid",
    "ALTER TABLE parked_event ADD COLUMN epoch integer NOT NULL DEFAULT 1",
    "ALTER TABLE parked_event DROP CONSTRAINT ck_parked_event_reason",
    """
    ALTER TABLE parked_event ADD CONSTRAINT ck_parked_event_reason
      CHECK (reason IN ('gap', 'failed', 'behind', 'forked', 'waiting', 'unreadable')) NOT VALID
    """,
)


def upgrade() -> None:
    create_index_concurrently(
        "uq_parked_event_event", "parked_event (consumer, topic, key, sequence, event_id)", unique=True
    )
    for statement in STATEMENTS:
        op.execute(statement)
