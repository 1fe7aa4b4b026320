"""What keeps authors of sites and approvers of orders apart holds for the orders that there are, too."""

from alembic import op

revision = "2026_11_30_authors_of_sites_hold"
down_revision = "2026_11_30_authors_of_sites"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE purchase_order VALIDATE CONSTRAINT ck_purchase_order_site_does_not_approve")
