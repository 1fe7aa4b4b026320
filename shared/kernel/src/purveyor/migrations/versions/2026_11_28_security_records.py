"""Who was refused for want of a right, and who has read personal data."""

from alembic import op

revision = "2026_11_28_security_records"
down_revision = "2026_11_25_policy_versions"
branch_labels = None
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE security_record (
          id uuid CONSTRAINT pk_security_record PRIMARY KEY,
          at timestamptz NOT NULL,
          kind text NOT NULL,
          code text NOT NULL,
          client text,
          subject text,
          supplier_id uuid,
          method text NOT NULL,
          route text NOT NULL,
          entity text,
          address text NOT NULL,
          request_id text NOT NULL
        )
        """
    )
    for column in ("code", "subject", "address"):
        op.execute(f"CREATE INDEX ix_security_record_{column} ON security_record ({column}, id)")
