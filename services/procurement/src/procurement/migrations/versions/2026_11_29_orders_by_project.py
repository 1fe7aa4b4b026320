"""Orders are found by their project."""

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_29_orders_by_project"
down_revision = "2026_11_29_order_terms"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    create_index_concurrently(
        "ix_purchase_order_project_id", "purchase_order (project, id) WHERE project IS NOT NULL"
    )
