"""An order says who ordered since it was issued, and who received its goods: never the same."""

from alembic import op

revision = "2026_11_29_custody_apart"
down_revision = "2026_11_29_call_off_values_hold"
release = "0.1.0"
phase = "before"

RULE = "NOT (orderers && receivers)"


def upgrade() -> None:
    op.execute(
        f"""
        ALTER TABLE purchase_order
          ADD COLUMN orderers text[] NOT NULL DEFAULT '{{}}',
          ADD COLUMN receivers text[] NOT NULL DEFAULT '{{}}',
          ADD CONSTRAINT ck_purchase_order_orderers_do_not_receive CHECK ({RULE}) NOT VALID
        """
    )
