"""Transfers between budgets go through the steps of the approval policy."""

from alembic import op

revision = "2026_11_30_transfer_steps"
down_revision = "2026_11_30_supplier_grades"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE budget_transfer ADD COLUMN awaits_approval uuid")
    op.execute("""
        ALTER TABLE budget_transfer ADD CONSTRAINT ck_budget_transfer_awaits_approval
          CHECK (awaits_approval IS NULL OR status = 'proposed') NOT VALID
    """)
