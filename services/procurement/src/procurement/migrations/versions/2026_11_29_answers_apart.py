"""A change of an answer says who of ours recorded it, who does not take it; what awaits approval is proposed.

A promise says whether the supplier said so itself.
"""

from alembic import op

revision = "2026_11_29_answers_apart"
down_revision = "2026_11_29_shipments_found"
release = "0.1.0"
phase = "before"

CHANGE = "purchase_order_response_change"


def upgrade() -> None:
    op.execute(
        f"""
        ALTER TABLE {CHANGE}
          ADD COLUMN recorded_by text,
          DROP CONSTRAINT ck_{CHANGE}_decision,
          ADD CONSTRAINT ck_{CHANGE}_decision
            CHECK (decision IN ('taken', 'proposed', 'refused', 'lapsed')) NOT VALID,
          ADD CONSTRAINT ck_{CHANGE}_recorder_does_not_take CHECK (
            decision IS NULL OR decision NOT IN ('taken', 'proposed') OR recorded_by IS NULL
              OR decided_by <> recorded_by
          ) NOT VALID
        """
    )
    op.execute("ALTER TABLE purchase_order_promise ADD COLUMN by_supplier boolean")
