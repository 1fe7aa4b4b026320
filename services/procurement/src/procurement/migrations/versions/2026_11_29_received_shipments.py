"""A receipt says with which shipment its goods came."""

from alembic import op

revision = "2026_11_29_received_shipments"
down_revision = "2026_11_29_blanket_lists"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE goods_receipt
          ADD COLUMN shipment_id uuid,
          ADD CONSTRAINT fk_goods_receipt_shipment_id_shipment
            FOREIGN KEY (shipment_id) REFERENCES shipment NOT VALID
        """
    )
