"""Who recorded an answer does not take it: so for the answers that there are, too."""

from alembic import op

revision = "2026_11_29_answers_apart_hold"
down_revision = "2026_11_29_answers_apart"
release = "0.1.0"
phase = "before"

CHANGE = "purchase_order_response_change"


def upgrade() -> None:
    for name in ("decision", "recorder_does_not_take"):
        op.execute(f"ALTER TABLE {CHANGE} VALIDATE CONSTRAINT ck_{CHANGE}_{name}")
