"""Requisitions go through the steps of the approval policy."""

from alembic import op

revision = "2026_11_30_requisition_steps"
down_revision = "2026_11_30_budgets_changed"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE requisition ADD COLUMN awaits_approval uuid")
    op.execute("""
        ALTER TABLE requisition ADD CONSTRAINT ck_requisition_awaits_approval
          CHECK (awaits_approval IS NULL OR status IN ('submitted', 'in_approval')) NOT VALID
    """)
