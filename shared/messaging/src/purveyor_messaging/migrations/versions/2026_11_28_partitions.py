"""Partitions are made by a function of the log's owner: who writes events needs no right to make tables."""

from alembic import op

revision = "2026_11_28_partitions"
down_revision = "2026_11_28_lost_events"
branch_labels = None
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        """
        CREATE FUNCTION create_outbox_partition(number integer, first bigint, last bigint) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
        AS $$
        DECLARE
          name CONSTANT text := 'outbox_' || number;
        BEGIN
          EXECUTE format('CREATE TABLE %I (LIKE outbox INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
          EXECUTE format('CREATE UNIQUE INDEX %I ON %I (topic, key, sequence)',
                         'uq_' || name || '_stream', name);
          EXECUTE format('ALTER TABLE outbox ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
                         name, first, last + 1);
        END $$
        """
    )
    op.execute("REVOKE ALL ON FUNCTION create_outbox_partition FROM PUBLIC")
