"""Receipts note whom the duties kept from receiving, and suppliers who approved them.

Who approved a supplier before is known to sourcing alone, and noted with its next event.
"""

from alembic import op

revision = "2026_11_29_receiving_duties"
down_revision = "2026_11_29_told_reasons"
release = "0.1.0"
phase = "before"

RULE = "imported OR received_by IS NULL OR received_by <> ALL (kept_apart)"


def upgrade() -> None:
    op.execute("ALTER TABLE supplier ADD COLUMN approvers text[] NOT NULL DEFAULT '{}'")
    op.execute("ALTER TABLE goods_receipt ADD COLUMN kept_apart text[] NOT NULL DEFAULT '{}'")
    op.execute(
        "ALTER TABLE goods_receipt ADD CONSTRAINT ck_goods_receipt_kept_apart_does_not_receive "
        f"CHECK ({RULE}) NOT VALID"
    )
