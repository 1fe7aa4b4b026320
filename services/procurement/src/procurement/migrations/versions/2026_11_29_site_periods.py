"""The days of the sites that there are hold, too."""

from alembic import op

revision = "2026_11_29_site_periods"
down_revision = "2026_11_29_organisation"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE site VALIDATE CONSTRAINT ck_site_period")
