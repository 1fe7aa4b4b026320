"""A version of a policy that one person proposed is in force once another approved it."""

from alembic import op

revision = "2026_11_29_policy_approvals"
down_revision = "2026_11_28_audit_duties"
branch_labels = None
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE policy_version ADD COLUMN needs_approval boolean NOT NULL DEFAULT false")
    op.execute("ALTER TABLE policy_version ADD COLUMN approved_by text")
    op.execute("ALTER TABLE policy_version ADD COLUMN approved_at timestamptz")
    op.execute(
        "ALTER TABLE policy_version ADD CONSTRAINT ck_policy_version_proposer_does_not_approve "
        "CHECK (approved_by IS NULL OR approved_by <> recorded_by) NOT VALID"
    )
