"""A version of a policy may be for a supplier, an item or a site, too."""

from alembic import op

revision = "2026_11_29_policy_places"
down_revision = "2026_11_29_bulk_job_ends_hold"
branch_labels = None
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE policy_version ADD COLUMN supplier_id uuid")
    op.execute("ALTER TABLE policy_version ADD COLUMN item text")
    op.execute("ALTER TABLE policy_version ADD COLUMN site text")
