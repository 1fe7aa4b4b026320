"""A bulk job that is cancelled ends when nothing of it is under way, and knows the trace that it is of."""

from alembic import op

revision = "2026_11_29_bulk_job_ends"
down_revision = "2026_11_29_bulk_jobs"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE bulk_job ADD COLUMN traceparent text, DROP CONSTRAINT ck_bulk_job_finished")
    op.execute(
        """
        ALTER TABLE bulk_job ADD CONSTRAINT ck_bulk_job_finished CHECK (
          CASE WHEN finished_at IS NULL THEN status NOT IN ('done', 'refused')
               ELSE status IN ('done', 'refused', 'cancelled') END
        ) NOT VALID
        """
    )
