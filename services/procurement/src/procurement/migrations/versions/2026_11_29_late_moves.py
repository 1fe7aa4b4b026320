"""A buyer does not agree with a day that it moves once goods are late: it is shown, and excuses nothing."""

from alembic import op

revision = "2026_11_29_late_moves"
down_revision = "2026_11_29_answers_apart_hold"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE purchase_order_promise DROP CONSTRAINT ck_purchase_order_promise_agreed")
