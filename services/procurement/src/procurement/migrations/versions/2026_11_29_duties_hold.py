"""What keeps authors and approvers of orders apart holds for the orders that there are, too."""

from alembic import op

revision = "2026_11_29_duties_hold"
down_revision = "2026_11_29_duties"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    for name in ("author_does_not_approve", "supplier_does_not_approve"):
        op.execute(f"ALTER TABLE purchase_order VALIDATE CONSTRAINT ck_purchase_order_{name}")
