"""Policies as data: versions that hold from a day on."""

from alembic import op

revision = "2026_11_25_policy_versions"
down_revision = "2026_11_25_audit_and_jobs"
branch_labels = None
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE policy_version (
          policy text NOT NULL,
          version integer NOT NULL CONSTRAINT ck_policy_version_version CHECK (version > 0),
          category text,
          business_unit text,
          valid_from date NOT NULL,
          value jsonb NOT NULL,
          reason text NOT NULL,
          recorded_at timestamptz NOT NULL,
          recorded_by text NOT NULL,
          CONSTRAINT pk_policy_version PRIMARY KEY (policy, version)
        )
        """
    )
