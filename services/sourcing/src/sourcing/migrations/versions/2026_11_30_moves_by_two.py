"""Another place for a category is proposed by one and confirmed by another."""

from alembic import op

revision = "2026_11_30_moves_by_two"
down_revision = "2026_11_30_representatives"
release = "0.1.0"
phase = "before"

CHANGES = (
    """
    ALTER TABLE category
      ADD COLUMN proposed_parent text,
      ADD COLUMN proposed_by text,
      ADD COLUMN move_asked_by text,
      ADD COLUMN moved_by text,
      ADD CONSTRAINT ck_category_proposed_wholly
        CHECK (proposed_by IS NOT NULL OR proposed_parent IS NULL) NOT VALID,
      ADD CONSTRAINT ck_category_moved_wholly CHECK ((moved_by IS NULL) = (move_asked_by IS NULL)) NOT VALID,
      ADD CONSTRAINT ck_category_moved_by_another CHECK (moved_by <> move_asked_by) NOT VALID
    """,
    """
    ALTER TABLE category_version
      ADD COLUMN proposed_parent text,
      ADD COLUMN asked_by text,
      ADD CONSTRAINT ck_category_version_moved_by_another CHECK (asked_by <> changed_by) NOT VALID
    """,
)


def upgrade() -> None:
    for change in CHANGES:
        op.execute(change)
