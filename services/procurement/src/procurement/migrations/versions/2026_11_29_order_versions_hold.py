"""What is said of versions holds for the orders that there are, too."""

from alembic import op

revision = "2026_11_29_order_versions_hold"
down_revision = "2026_11_29_order_versions"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE purchase_order VALIDATE CONSTRAINT ck_purchase_order_amended")
    op.execute(
        "ALTER TABLE purchase_order_line VALIDATE CONSTRAINT ck_purchase_order_line_dropped_by_version"
    )
