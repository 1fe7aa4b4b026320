"""What a score was judged again for: the trace of the event that asked for it."""

from alembic import op

revision = "2026_11_29_score_causes"
down_revision = "2026_11_25_policies"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE score_due ADD COLUMN traceparent text")
