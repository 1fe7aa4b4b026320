"""How bulk jobs end holds for those that there are, too."""

from alembic import op

revision = "2026_11_29_bulk_job_ends_hold"
down_revision = "2026_11_29_bulk_job_ends"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE bulk_job VALIDATE CONSTRAINT ck_bulk_job_finished")
