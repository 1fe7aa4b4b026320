"""Where suppliers are paid, as sourcing tells it, and what holds payments."""

from alembic import op

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_29_bank_accounts"
down_revision = "2026_11_29_merged_holds"
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"

TABLES = (
    """
    CREATE TABLE supplier_bank_account (
      id uuid CONSTRAINT pk_supplier_bank_account PRIMARY KEY,
      supplier_id uuid NOT NULL,
      status text NOT NULL CONSTRAINT ck_supplier_bank_account_status
        CHECK (status IN ('proposed', 'verified', 'active', 'ended', 'refused')),
      currency text NOT NULL,
      country text NOT NULL,
      masked text NOT NULL,
      sealed text,
      active_from date,
      ended_on date,
      changed_at timestamptz NOT NULL,
      CONSTRAINT ck_supplier_bank_account_active
        CHECK (status NOT IN ('active', 'ended') OR num_nulls(active_from, sealed) = 0)
    )
    """,
    "CREATE INDEX ix_supplier_bank_account_supplier_id_id ON supplier_bank_account (supplier_id, id)",
    "CREATE INDEX ix_supplier_bank_account_status_id ON supplier_bank_account (status, id)",
    """
    CREATE TABLE bank_account_hold (
      change_id uuid CONSTRAINT pk_bank_account_hold PRIMARY KEY,
      supplier_id uuid NOT NULL,
      currency text NOT NULL,
      held_since timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ix_bank_account_hold_supplier_id ON bank_account_hold (supplier_id, currency)",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    note_changes_of("supplier_bank_account")
    op.execute("CREATE INDEX ix_supplier_bank_account_changed_in ON supplier_bank_account (changed_in, id)")
