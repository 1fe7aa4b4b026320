"""What keeps who proposed a policy from approving it holds for the versions that there are, too."""

from alembic import op

revision = "2026_11_29_policy_approvals_hold"
down_revision = "2026_11_29_policy_approvals"
branch_labels = None
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE policy_version VALIDATE CONSTRAINT ck_policy_version_proposer_does_not_approve")
