"""The threshold of reviews is a policy; what the latest review fell below becomes its first version."""

from alembic import op

revision = "2026_11_28_review_threshold"
down_revision = "2026_11_25_suppliers_and_reviews"
depends_on = "2026_11_25_policy_versions"
release = "0.1.0"
phase = "before"

FIRST_VERSION = """
INSERT INTO policy_version (policy, version, valid_from, value, reason, recorded_at, recorded_by)
SELECT 'review-threshold', 1, DATE '1900-01-01', jsonb_build_object('score', threshold::text),
       'In force before versions were kept', now(), 'migration'
FROM (SELECT threshold FROM supplier_review ORDER BY opened_at DESC LIMIT 1) AS latest
WHERE threshold <> 60
"""


def upgrade() -> None:
    op.execute("ALTER TABLE supplier_review ADD COLUMN threshold_version integer")
    op.execute(FIRST_VERSION)
