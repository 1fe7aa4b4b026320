"""Bank accounts of suppliers, their changes, and since when phone numbers are known."""

from alembic import op

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_29_bank_accounts"
down_revision = "2026_11_29_duplicates"
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"

TABLES = (
    "ALTER TABLE supplier ADD COLUMN phones_since jsonb NOT NULL DEFAULT '{}'",
    """
    CREATE TABLE bank_account_file (
      supplier_id uuid CONSTRAINT pk_bank_account_file PRIMARY KEY
        CONSTRAINT fk_bank_account_file_supplier_id_supplier REFERENCES supplier,
      sequence integer NOT NULL
    )
    """,
    """
    CREATE TABLE bank_account (
      id uuid CONSTRAINT pk_bank_account PRIMARY KEY,
      supplier_id uuid NOT NULL CONSTRAINT fk_bank_account_supplier_id_supplier REFERENCES supplier,
      status text NOT NULL CONSTRAINT ck_bank_account_status
        CHECK (status IN ('proposed', 'active', 'ended', 'refused')),
      currency varchar(3) NOT NULL,
      country varchar(2) NOT NULL,
      is_iban boolean NOT NULL,
      bank_code text,
      bic text,
      holder text NOT NULL,
      masked text NOT NULL,
      number bytea NOT NULL,
      key_id text COLLATE "C" NOT NULL,
      digest bytea NOT NULL,
      digest_key_id text COLLATE "C" NOT NULL,
      active_from date,
      ended_on date,
      CONSTRAINT ck_bank_account_active CHECK (status IN ('proposed', 'refused') OR active_from IS NOT NULL),
      CONSTRAINT ck_bank_account_ended CHECK ((status = 'ended') = (ended_on IS NOT NULL))
    )
    """,
    """
    CREATE UNIQUE INDEX uq_bank_account_active ON bank_account (supplier_id, currency)
      WHERE status = 'active'
    """,
    "CREATE INDEX ix_bank_account_digest ON bank_account (digest)",
    "CREATE INDEX ix_bank_account_supplier_id_id ON bank_account (supplier_id, id)",
    "CREATE INDEX ix_bank_account_status_id ON bank_account (status, id)",
    "CREATE INDEX ix_bank_account_keys ON bank_account (key_id, digest_key_id, id)",
    """
    CREATE TABLE bank_account_change (
      id uuid CONSTRAINT pk_bank_account_change PRIMARY KEY,
      version integer NOT NULL,
      supplier_id uuid NOT NULL CONSTRAINT fk_bank_account_change_supplier_id_supplier REFERENCES supplier,
      kind text NOT NULL CONSTRAINT ck_bank_account_change_kind CHECK (kind IN ('new', 'replace', 'end')),
      status text NOT NULL CONSTRAINT ck_bank_account_change_status
        CHECK (status IN ('requested', 'verified', 'done', 'rejected')),
      account_id uuid NOT NULL
        CONSTRAINT fk_bank_account_change_account_id_bank_account REFERENCES bank_account,
      replaces_id uuid CONSTRAINT fk_bank_account_change_replaces_id_bank_account REFERENCES bank_account,
      currency varchar(3) NOT NULL,
      reason text NOT NULL,
      warnings text[] NOT NULL DEFAULT '{}',
      first boolean NOT NULL,
      requested_by text NOT NULL,
      by_supplier boolean NOT NULL,
      requested_at timestamptz NOT NULL,
      verified_by text,
      verified_at timestamptz,
      pays_from date,
      policy_version integer,
      call jsonb,
      number_entered_by text,
      note text,
      rejected_by text,
      rejected_at timestamptz,
      rejection_reason text,
      rejection_reason_for_supplier text,
      CONSTRAINT ck_bank_account_change_replaces CHECK ((kind = 'replace') = (replaces_id IS NOT NULL)),
      CONSTRAINT ck_bank_account_change_verified_wholly
        CHECK (num_nulls(verified_by, verified_at, pays_from, call, number_entered_by) IN (0, 5)),
      CONSTRAINT ck_bank_account_change_verified
        CHECK (status NOT IN ('verified', 'done') OR verified_by IS NOT NULL),
      CONSTRAINT ck_bank_account_change_verified_by_another
        CHECK (verified_by IS NULL OR verified_by <> requested_by),
      CONSTRAINT ck_bank_account_change_number_entered_by_another
        CHECK (number_entered_by IS NULL OR number_entered_by NOT IN (requested_by, verified_by)),
      CONSTRAINT ck_bank_account_change_rejected CHECK ((status = 'rejected') = (rejected_by IS NOT NULL))
    )
    """,
    """
    CREATE UNIQUE INDEX uq_bank_account_change_open ON bank_account_change (supplier_id, currency)
      WHERE status IN ('requested', 'verified')
    """,
    """
    CREATE INDEX ix_bank_account_change_pays_from ON bank_account_change (pays_from)
      WHERE status = 'verified'
    """,
    "CREATE INDEX ix_bank_account_change_supplier_id_id ON bank_account_change (supplier_id, id)",
    "CREATE INDEX ix_bank_account_change_status_id ON bank_account_change (status, id)",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    for table in ("bank_account", "bank_account_change"):
        note_changes_of(table)
        op.execute(f"CREATE INDEX ix_{table}_changed_in ON {table} (changed_in, id)")
