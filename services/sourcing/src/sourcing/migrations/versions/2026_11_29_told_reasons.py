"""What a supplier is told of why stands beside what we tell ourselves."""

from alembic import op

revision = "2026_11_29_told_reasons"
down_revision = "2026_11_28_review_threshold"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE supplier ADD COLUMN status_reason_for_supplier text")
    op.execute("ALTER TABLE supplier_review ADD COLUMN reason_for_supplier text")
