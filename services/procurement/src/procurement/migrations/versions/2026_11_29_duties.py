"""Orders and suppliers keep their authors, who do not approve.

Of orders that may still be approved the authors are told by the columns that there were, and by the audit
trail. What was approved by one of its authors before the rule stays as it was, and is approved anew only
once it is returned.
"""

from alembic import op

revision = "2026_11_29_duties"
down_revision = "2026_11_29_receipt_keys"
release = "0.1.0"
phase = "before"

SUPPLIERS = "UPDATE supplier SET authors = ARRAY[onboarded_by]"
ORDERS = """
UPDATE purchase_order AS o SET authors = told.authors
FROM (
  SELECT open.id, array_agg(DISTINCT author.name) AS authors
  FROM purchase_order AS open
  CROSS JOIN LATERAL (
    VALUES (open.created_by), (open.submitted_by)
    UNION
    SELECT actor FROM audit_record
    WHERE entity = 'purchase_order' AND entity_id = open.id::text AND action IN ('create', 'change', 'submit')
  ) AS author (name)
  WHERE open.status IN ('draft', 'submitted', 'approved') AND author.name IS NOT NULL
  GROUP BY open.id
) AS told
WHERE o.id = told.id AND (o.approved_by IS NULL OR o.approved_by <> ALL (told.authors))
"""
APART = {
    "author_does_not_approve": "imported OR approved_by IS NULL OR approved_by <> ALL (authors)",
    "supplier_does_not_approve": "imported OR approved_by IS NULL OR approved_by <> ALL (supplier_authors)",
}


def upgrade() -> None:
    op.execute("ALTER TABLE supplier ADD COLUMN authors text[] NOT NULL DEFAULT '{}'")
    op.execute("ALTER TABLE purchase_order ADD COLUMN authors text[] NOT NULL DEFAULT '{}'")
    op.execute("ALTER TABLE purchase_order ADD COLUMN supplier_authors text[]")
    op.execute(SUPPLIERS)
    op.execute(ORDERS)
    for name, rule in APART.items():
        op.execute(
            f"ALTER TABLE purchase_order ADD CONSTRAINT ck_purchase_order_{name} CHECK ({rule}) NOT VALID"
        )
