"""Managers of cost centres are people, and what awaits an approval is submitted."""

from alembic import op

revision = "2026_11_30_people_hold"
down_revision = "2026_11_30_people"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE cost_centre VALIDATE CONSTRAINT fk_cost_centre_manager_person")
    for table in ("purchase_order", "purchase_order_amendment"):
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT ck_{table}_awaits_approval")
