"""Who stated a site, as the audit trail tells of those that there are, does not approve orders to it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_30_authors_of_sites"
down_revision = "2026_11_30_transfers_found"
release = "0.1.0"
phase = "before"

AUTHORS = """
UPDATE site SET authors = told.authors
FROM (
  SELECT entity_id AS code, array_agg(DISTINCT actor) AS authors FROM audit_record
  WHERE entity = 'site' AND action IN ('create', 'change') GROUP BY entity_id
) AS told
WHERE site.code = told.code
"""


def upgrade() -> None:
    names = postgresql.ARRAY(sa.Text)
    op.add_column("site", sa.Column("authors", names, server_default=sa.text("'{}'"), nullable=False))
    op.execute(AUTHORS)
    op.add_column("purchase_order", sa.Column("site_authors", names))
    op.execute(
        "ALTER TABLE purchase_order ADD CONSTRAINT ck_purchase_order_site_does_not_approve "
        "CHECK (imported OR approved_by IS NULL OR approved_by <> ALL (site_authors)) NOT VALID"
    )
