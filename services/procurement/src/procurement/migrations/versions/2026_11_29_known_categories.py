"""A copy of sourcing's tree of categories."""

from alembic import op

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_29_known_categories"
down_revision = "2026_11_29_dropped_schedules"
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE category (
          code text CONSTRAINT pk_category PRIMARY KEY,
          category_id uuid NOT NULL,
          names jsonb NOT NULL,
          parent text,
          ancestors text[] NOT NULL DEFAULT '{}',
          unspsc text,
          cpv text,
          retired_on date,
          changed_at timestamptz NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX ix_category_category_id ON category (category_id)")
    op.execute("CREATE INDEX ix_category_parent ON category (parent, code)")
    op.execute("CREATE INDEX ix_category_ancestors ON category USING gin (ancestors)")
    note_changes_of("category")
    op.execute("CREATE INDEX ix_category_changed_in ON category (changed_in, code)")
