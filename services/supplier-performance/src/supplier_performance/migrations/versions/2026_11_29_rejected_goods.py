"""A receipt says what of the goods that it rejects is not owed again."""

from alembic import op

revision = "2026_11_29_rejected_goods"
down_revision = "2026_11_29_amended_lines_hold"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE received_line ADD COLUMN refused_for_good_quantity numeric
          CONSTRAINT ck_received_line_refused_for_good_quantity
          CHECK (refused_for_good_quantity BETWEEN 0 AND rejected_quantity)
        """
    )
