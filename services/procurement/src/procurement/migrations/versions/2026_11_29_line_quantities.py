"""A line says what was called off, what was refused for good, and when, by whom and why it was closed.

Until now what was refused was never owed again, and a receipt that made up for the ordered quantity ended a
line. Who ended it is who received last; what was called off with its order, whoever called that off.
"""

from alembic import op

revision = "2026_11_29_line_quantities"
down_revision = "2026_11_29_imported_suppliers"
release = "0.1.0"
phase = "before"

REFUSED = (
    "UPDATE purchase_order_line SET refused_for_good_quantity = rejected_quantity WHERE rejected_quantity > 0"
)
COMPLETE = """
UPDATE purchase_order_line AS line
SET closed_on = last.received_on, closed_by = last.received_by, closed_as = 'complete'
FROM (
  SELECT DISTINCT ON (order_id, line_number) order_id, line_number, received_on, received_by
  FROM goods_receipt JOIN goods_receipt_line ON receipt_id = id
  ORDER BY order_id, line_number, received_on DESC, id DESC
) AS last
WHERE line.order_id = last.order_id AND line.line_number = last.line_number
  AND line.received_quantity >= line.quantity
"""
CALLED_OFF = """
UPDATE purchase_order_line AS line
SET cancelled_quantity = line.quantity - line.received_quantity, closed_on = o.cancelled_on,
    closed_by = o.cancelled_by,
    closed_as = CASE WHEN line.received_quantity > 0 THEN 'short' ELSE 'cancelled' END
FROM purchase_order AS o
WHERE o.id = line.order_id AND o.cancelled_on IS NOT NULL AND line.received_quantity < line.quantity
"""
ADDED = """
ALTER TABLE purchase_order_line
  ADD COLUMN cancelled_quantity numeric NOT NULL DEFAULT 0,
  ADD COLUMN refused_for_good_quantity numeric NOT NULL DEFAULT 0,
  ADD COLUMN closed_on date,
  ADD COLUMN closed_by text,
  ADD COLUMN closed_as text
"""
RULES = {
    "refused_for_good_quantity": "refused_for_good_quantity BETWEEN 0 AND rejected_quantity",
    "cancelled_quantity": "cancelled_quantity = 0 OR cancelled_quantity > 0 AND cancelled_quantity"
    " + received_quantity - rejected_quantity + refused_for_good_quantity <= quantity",
    "closed_as": "closed_as IN ('complete', 'under_tolerance', 'short', 'cancelled')",
    "closed": "num_nulls(closed_on, closed_by, closed_as) = 3"
    " OR num_nulls(closed_on, closed_by, closed_as) = 0 AND cancelled_quantity"
    " + received_quantity - rejected_quantity + refused_for_good_quantity >= quantity",
}


def upgrade() -> None:
    op.execute(ADDED)
    for statement in (REFUSED, COMPLETE, CALLED_OFF):
        op.execute(statement)
    for name, rule in RULES.items():
        op.execute(
            f"ALTER TABLE purchase_order_line ADD CONSTRAINT ck_purchase_order_line_{name} "
            f"CHECK ({rule}) NOT VALID"
        )
