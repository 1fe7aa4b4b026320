"""Two events of one number may be parked: which of them is true is not known yet."""

from alembic import op

revision = "2026_11_28_chain_after"
down_revision = "2026_11_28_partitions"
release = "0.1.0"
phase = "after"


def upgrade() -> None:
    op.execute("ALTER TABLE parked_event VALIDATE CONSTRAINT ck_parked_event_reason")
    op.execute("ALTER TABLE parked_event DROP CONSTRAINT uq_parked_event_stream")
