"""A transfer that awaits an approval is not decided yet."""

from alembic import op

revision = "2026_11_30_transfer_steps_hold"
down_revision = "2026_11_30_transfer_steps"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE budget_transfer VALIDATE CONSTRAINT ck_budget_transfer_awaits_approval")
