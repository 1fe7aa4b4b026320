"""A supplier may be another since it was merged, or have been a mistake."""

from alembic import op

revision = "2026_11_29_merged"
down_revision = "2026_11_29_known_categories"
release = "0.1.0"
phase = "before"

STATUSES = "'registered', 'approved', 'rejected', 'suspended', 'terminated', 'merged', 'withdrawn'"


def upgrade() -> None:
    op.execute("ALTER TABLE supplier ADD COLUMN merged_into uuid")
    op.execute("ALTER TABLE supplier ADD COLUMN present_id uuid")
    op.execute("ALTER TABLE supplier DROP CONSTRAINT ck_supplier_status")
    op.execute(
        f"ALTER TABLE supplier ADD CONSTRAINT ck_supplier_status CHECK (status IN ({STATUSES})) NOT VALID"
    )
