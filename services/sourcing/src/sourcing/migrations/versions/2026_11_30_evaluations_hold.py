"""What tenders and bids are, they are in what there is, too; prices of what was opened are open."""

from alembic import op

revision = "2026_11_30_evaluations_hold"
down_revision = "2026_11_30_evaluations"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE tender VALIDATE CONSTRAINT ck_tender_status")
    op.execute("ALTER TABLE tender VALIDATE CONSTRAINT ck_tender_round")
    op.execute("ALTER TABLE sealed_bid VALIDATE CONSTRAINT ck_sealed_bid_prices_with_content")
    op.execute("UPDATE tender SET prices_opened_at = opened_at WHERE opened_at IS NOT NULL")
