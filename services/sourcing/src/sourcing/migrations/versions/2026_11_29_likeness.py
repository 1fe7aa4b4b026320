"""Suppliers whose names look alike; search texts in a form that is known; one VAT number a company.

The worker indexes suppliers anew whose form is older than its code's.
"""

from alembic import op

revision = "2026_11_29_likeness"
down_revision = "2026_11_29_identity_holds"
release = "0.1.0"
phase = "before"

WITHOUT_SUFFIX = """
UPDATE supplier_identifier AS held SET value = one.value
FROM (
  SELECT DISTINCT ON (shorter) value AS written, shorter AS value
  FROM supplier_identifier, LATERAL (
    SELECT CASE
      WHEN value ~ '^CHE[0-9]{9}(MWST|TVA|IVA|TPV)$' THEN left(value, 12)
      WHEN value ~ '^NO[0-9]{9}MVA$' THEN left(value, 11)
      WHEN value ~ '^CA[0-9]{9}R[A-Z][0-9]{4}$' THEN left(value, 11)
      WHEN value ~ '^MCFR' THEN substr(value, 3)
    END AS shorter
  ) AS forms
  WHERE scheme = 'VAT' AND shorter IS NOT NULL
  ORDER BY shorter, value
) AS one
WHERE held.scheme = 'VAT' AND held.value = one.written
  AND NOT EXISTS (SELECT FROM supplier_identifier WHERE scheme = 'VAT' AND value = one.value)
"""


def upgrade() -> None:
    op.execute('ALTER TABLE supplier ADD COLUMN likeness text COLLATE "C"')
    op.execute("ALTER TABLE supplier ADD COLUMN search_form bigint NOT NULL DEFAULT 0")
    op.execute(WITHOUT_SUFFIX)
