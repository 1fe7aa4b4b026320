"""What keeps authors and approvers of suppliers apart holds for the approvals that there are, too."""

from alembic import op

revision = "2026_11_29_duties_hold"
down_revision = "2026_11_29_duties"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE category_approval VALIDATE CONSTRAINT ck_category_approval_author_does_not_approve"
    )
