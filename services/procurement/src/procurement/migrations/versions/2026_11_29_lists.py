"""Each filter and each sort of a list has an index."""

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_29_lists"
down_revision = "2026_11_29_changes_of_purchases"
release = "0.1.0"
phase = "before"

INDEXES = {
    "ix_purchase_order_cost_centre_id": "purchase_order (cost_centre, id)",
    "ix_purchase_order_imported_id": "purchase_order (imported, id)",
    "ix_purchase_order_source_system_id": "purchase_order (source_system, id)",
    "ix_purchase_order_ordered_on_id": "purchase_order (coalesce(ordered_on, DATE '1989-12-31'), id)",
    "ix_purchase_order_changed_in": "purchase_order (changed_in, id)",
    "ix_purchase_order_line_item": "purchase_order_line (item, order_id)",
    "ix_purchase_order_line_category": "purchase_order_line (category, order_id)",
    "ix_goods_receipt_received_on_id": "goods_receipt (received_on, id)",
    "ix_goods_receipt_imported_id": "goods_receipt (imported, id)",
    "ix_goods_receipt_source_system_id": "goods_receipt (source_system, id)",
    "ix_goods_receipt_despatch_reference": (
        "goods_receipt (despatch_reference, id) WHERE despatch_reference IS NOT NULL"
    ),
    "ix_goods_receipt_changed_in": "goods_receipt (changed_in, id)",
    "ix_supplier_country_id": "supplier (country, id)",
    "ix_supplier_imported_id": "supplier (imported, id)",
    "ix_supplier_source_system_id": "supplier (source_system, id)",
    "ix_supplier_number_id": "supplier (number, id)",
    "ix_supplier_legal_name_id": "supplier (legal_name, id)",
    "ix_supplier_changed_in": "supplier (changed_in, id)",
}


def upgrade() -> None:
    for name, on in INDEXES.items():
        create_index_concurrently(name, on)
