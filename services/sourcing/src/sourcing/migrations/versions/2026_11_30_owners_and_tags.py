"""Who of us answers for a supplier, and how it is tagged."""

from alembic import op

revision = "2026_11_30_owners_and_tags"
down_revision = "2026_11_30_questions_by_two_hold"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE supplier
          ADD COLUMN owner text,
          ADD COLUMN tags text[] NOT NULL DEFAULT '{}',
          ADD CONSTRAINT ck_supplier_tags CHECK (cardinality(tags) <= 20) NOT VALID
        """
    )
