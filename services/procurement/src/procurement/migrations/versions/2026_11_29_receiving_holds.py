"""What keeps people apart from receiving holds for the receipts that there are, too."""

from alembic import op

revision = "2026_11_29_receiving_holds"
down_revision = "2026_11_29_receiving_duties"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE goods_receipt VALIDATE CONSTRAINT ck_goods_receipt_kept_apart_does_not_receive")
