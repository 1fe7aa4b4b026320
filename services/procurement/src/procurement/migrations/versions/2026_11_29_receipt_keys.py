"""Where it comes from a receipt is known by its order and its reference: another order may use it too."""

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_29_receipt_keys"
down_revision = "2026_11_28_over_receipt"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    create_index_concurrently(
        "uq_goods_receipt_external_reference_order_id",
        "goods_receipt (external_reference, order_id) WHERE external_reference IS NOT NULL",
        unique=True,
    )
