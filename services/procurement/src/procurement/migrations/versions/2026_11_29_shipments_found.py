"""Receipts are found by their shipments, which all there are."""

from alembic import op

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_29_shipments_found"
down_revision = "2026_11_29_received_shipments"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    create_index_concurrently(
        "ix_goods_receipt_shipment_id_id", "goods_receipt (shipment_id, id) WHERE shipment_id IS NOT NULL"
    )
    op.execute("ALTER TABLE goods_receipt VALIDATE CONSTRAINT fk_goods_receipt_shipment_id_shipment")
