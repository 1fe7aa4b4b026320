"""A requisition that awaits an approval is in decision."""

from alembic import op

revision = "2026_11_30_requisition_hold"
down_revision = "2026_11_30_requisition_steps"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE requisition VALIDATE CONSTRAINT ck_requisition_awaits_approval")
