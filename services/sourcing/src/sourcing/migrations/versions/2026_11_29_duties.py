"""Suppliers keep their authors, who do not approve.

The authors of suppliers that there are are told by the audit trail. What one of them approved before the
rule stays as it was decided: an approval notes its supplier's authors when it is given.
"""

from alembic import op

revision = "2026_11_29_duties"
down_revision = "2026_11_29_told_reasons"
release = "0.1.0"
phase = "before"

AUTHORS = """
UPDATE supplier AS s SET authors = told.authors
FROM (
  SELECT known.id, array_agg(DISTINCT author.name) AS authors
  FROM supplier AS known
  CROSS JOIN LATERAL (
    SELECT known.registered_by
    UNION
    SELECT actor FROM audit_record
    WHERE entity = 'supplier' AND entity_id = known.id::text
      AND action IN ('register', 'change_details', 'submit')
  ) AS author (name)
  GROUP BY known.id
) AS told
WHERE s.id = told.id
"""


def upgrade() -> None:
    op.execute("ALTER TABLE supplier ADD COLUMN authors text[] NOT NULL DEFAULT '{}'")
    op.execute("ALTER TABLE category_approval ADD COLUMN authors text[] NOT NULL DEFAULT '{}'")
    op.execute(AUTHORS)
    op.execute(
        "ALTER TABLE category_approval ADD CONSTRAINT ck_category_approval_author_does_not_approve "
        "CHECK (imported OR approved_by IS NULL OR approved_by <> ALL (authors)) NOT VALID"
    )
