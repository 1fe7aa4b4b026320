"""Budgets with their versions and periods, their ledger, overrides and transfers."""

from alembic import op

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_30_budgets"
down_revision = "2026_11_30_supplier_risk"
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"

STATEMENTS = (
    "CREATE SEQUENCE budget_number",
    """
    CREATE TABLE budget (
      id uuid CONSTRAINT pk_budget PRIMARY KEY,
      version integer NOT NULL,
      sequence integer NOT NULL DEFAULT 0,
      serial_number bigint NOT NULL DEFAULT nextval('budget_number')
        CONSTRAINT uq_budget_serial_number UNIQUE,
      status text NOT NULL
        CONSTRAINT ck_budget_status CHECK (status IN ('draft', 'approved', 'closed', 'withdrawn')),
      name text NOT NULL,
      cost_centre text CONSTRAINT fk_budget_cost_centre_cost_centre REFERENCES cost_centre,
      project text CONSTRAINT fk_budget_project_project REFERENCES project,
      category text,
      first_day date NOT NULL,
      last_day date NOT NULL,
      currency text NOT NULL,
      accumulates boolean NOT NULL,
      current_version integer NOT NULL DEFAULT 0,
      entries bigint NOT NULL DEFAULT 0,
      created_by text NOT NULL,
      created_at timestamptz NOT NULL,
      closed_on date,
      closed_by text,
      CONSTRAINT ck_budget_days CHECK (last_day >= first_day),
      CONSTRAINT ck_budget_place CHECK (num_nulls(cost_centre, project) = 1),
      CONSTRAINT ck_budget_closed CHECK ((status = 'closed') = (closed_on IS NOT NULL))
    )
    """,
    "CREATE INDEX ix_budget_cost_centre_id ON budget (cost_centre, id)",
    "CREATE INDEX ix_budget_project_id ON budget (project, id) WHERE project IS NOT NULL",
    "CREATE INDEX ix_budget_category_id ON budget (category, id) WHERE category IS NOT NULL",
    "CREATE INDEX ix_budget_status_id ON budget (status, id)",
    "CREATE INDEX ix_budget_days ON budget (first_day, last_day)",
    """
    CREATE TABLE budget_period (
      budget_id uuid CONSTRAINT fk_budget_period_budget_id_budget REFERENCES budget ON DELETE CASCADE,
      number integer,
      first_day date NOT NULL,
      last_day date NOT NULL,
      budgeted numeric NOT NULL DEFAULT 0,
      reserved numeric NOT NULL DEFAULT 0,
      committed numeric NOT NULL DEFAULT 0,
      spent numeric NOT NULL DEFAULT 0,
      CONSTRAINT pk_budget_period PRIMARY KEY (budget_id, number),
      CONSTRAINT ck_budget_period_number CHECK (number > 0),
      CONSTRAINT ck_budget_period_days CHECK (last_day >= first_day),
      CONSTRAINT ck_budget_period_open CHECK (reserved >= 0 AND committed >= 0)
    )
    """,
    """
    CREATE TABLE budget_version (
      budget_id uuid CONSTRAINT fk_budget_version_budget_id_budget REFERENCES budget ON DELETE CASCADE,
      number integer,
      status text NOT NULL CONSTRAINT ck_budget_version_status
        CHECK (status IN ('draft', 'submitted', 'approved', 'withdrawn')),
      amounts numeric[] NOT NULL,
      reason text NOT NULL,
      authors text[] NOT NULL DEFAULT '{}',
      created_by text NOT NULL,
      created_at timestamptz NOT NULL,
      submitted_by text,
      submitted_at timestamptz,
      approved_by text,
      approved_at timestamptz,
      CONSTRAINT pk_budget_version PRIMARY KEY (budget_id, number),
      CONSTRAINT ck_budget_version_number CHECK (number > 0),
      CONSTRAINT ck_budget_version_author_does_not_approve
        CHECK (approved_by IS NULL OR approved_by <> ALL (authors)),
      CONSTRAINT ck_budget_version_approved CHECK ((status = 'approved') = (approved_by IS NOT NULL))
    )
    """,
    """
    CREATE UNIQUE INDEX uq_budget_version_open ON budget_version (budget_id)
      WHERE status IN ('draft', 'submitted')
    """,
    """
    CREATE TABLE budget_entry (
      id uuid CONSTRAINT pk_budget_entry PRIMARY KEY,
      budget_id uuid NOT NULL CONSTRAINT fk_budget_entry_budget_id_budget REFERENCES budget,
      number bigint NOT NULL,
      period integer NOT NULL,
      kind text NOT NULL CONSTRAINT ck_budget_entry_kind CHECK (kind IN (
        'budget', 'reserve', 'commit', 'spend', 'release', 'transfer', 'revaluation', 'carry_over'
      )),
      budgeted numeric NOT NULL,
      reserved numeric NOT NULL,
      committed numeric NOT NULL,
      spent numeric NOT NULL,
      day date NOT NULL,
      document_kind text,
      document_id uuid,
      document_number text,
      line_number integer,
      cost_centre text,
      project text,
      category text,
      document_amount numeric,
      document_currency text,
      rate numeric,
      rated_on date,
      other_budget_id uuid,
      override_id uuid,
      recorded_on date NOT NULL,
      recorded_at timestamptz NOT NULL,
      recorded_by text NOT NULL,
      CONSTRAINT uq_budget_entry_budget_id_number UNIQUE (budget_id, number),
      CONSTRAINT ck_budget_entry_document CHECK (
        num_nulls(document_kind, document_id, document_number, document_amount, document_currency,
                  line_number, category) IN (0, 7)
      )
    )
    """,
    "CREATE INDEX ix_budget_entry_budget_id_id ON budget_entry (budget_id, id)",
    "CREATE INDEX ix_budget_entry_document_id_id ON budget_entry (document_id, id)",
    "CREATE INDEX ix_budget_entry_kind_id ON budget_entry (kind, id)",
    "CREATE INDEX ix_budget_entry_recorded_on_id ON budget_entry (recorded_on, id)",
    """
    CREATE TABLE budget_uncovered_line (
      id uuid CONSTRAINT pk_budget_uncovered_line PRIMARY KEY,
      document_kind text NOT NULL,
      document_id uuid NOT NULL,
      document_number text NOT NULL,
      line_number integer NOT NULL,
      cost_centre text NOT NULL,
      project text,
      category text NOT NULL,
      amount numeric NOT NULL,
      currency text NOT NULL,
      day date NOT NULL,
      answer text NOT NULL
        CONSTRAINT ck_budget_uncovered_line_answer CHECK (answer IN ('allow', 'warn', 'refuse')),
      policy_version integer NOT NULL DEFAULT 0,
      recorded_at timestamptz NOT NULL,
      recorded_by text NOT NULL
    )
    """,
    "CREATE INDEX ix_budget_uncovered_line_document_id_id ON budget_uncovered_line (document_id, id)",
    "CREATE INDEX ix_budget_uncovered_line_cost_centre_id ON budget_uncovered_line (cost_centre, id)",
    """
    CREATE TABLE budget_override (
      id uuid CONSTRAINT pk_budget_override PRIMARY KEY,
      budget_id uuid NOT NULL CONSTRAINT fk_budget_override_budget_id_budget REFERENCES budget,
      document_kind text NOT NULL,
      document_id uuid NOT NULL,
      amount numeric NOT NULL,
      used numeric NOT NULL DEFAULT 0,
      reason text NOT NULL,
      granted_by text NOT NULL,
      granted_at timestamptz NOT NULL,
      policy_version integer NOT NULL,
      document_authors text[] NOT NULL DEFAULT '{}',
      CONSTRAINT ck_budget_override_amount CHECK (amount > 0 AND used BETWEEN 0 AND amount),
      CONSTRAINT ck_budget_override_author_does_not_override
        CHECK (granted_by IS NULL OR granted_by <> ALL (document_authors))
    )
    """,
    "CREATE INDEX ix_budget_override_budget_id_id ON budget_override (budget_id, id)",
    "CREATE INDEX ix_budget_override_document_id_id ON budget_override (document_id, id)",
    """
    CREATE TABLE budget_transfer (
      id uuid CONSTRAINT pk_budget_transfer PRIMARY KEY,
      version integer NOT NULL,
      status text NOT NULL CONSTRAINT ck_budget_transfer_status
        CHECK (status IN ('proposed', 'approved', 'refused', 'withdrawn')),
      from_budget_id uuid NOT NULL CONSTRAINT fk_budget_transfer_from_budget_id_budget REFERENCES budget,
      from_period integer NOT NULL,
      to_budget_id uuid NOT NULL CONSTRAINT fk_budget_transfer_to_budget_id_budget REFERENCES budget,
      to_period integer NOT NULL,
      amount numeric NOT NULL CONSTRAINT ck_budget_transfer_amount CHECK (amount > 0),
      currency text NOT NULL,
      reason text NOT NULL,
      authors text[] NOT NULL DEFAULT '{}',
      created_by text NOT NULL,
      created_at timestamptz NOT NULL,
      approved_by text,
      approved_at timestamptz,
      ended_by text,
      ended_reason text,
      CONSTRAINT ck_budget_transfer_apart
        CHECK ((from_budget_id, from_period) <> (to_budget_id, to_period)),
      CONSTRAINT ck_budget_transfer_author_does_not_approve
        CHECK (approved_by IS NULL OR approved_by <> ALL (authors)),
      CONSTRAINT ck_budget_transfer_approved CHECK ((status = 'approved') = (approved_by IS NOT NULL))
    )
    """,
    "CREATE INDEX ix_budget_transfer_status_id ON budget_transfer (status, id)",
    "CREATE INDEX ix_budget_transfer_from_budget_id_id ON budget_transfer (from_budget_id, id)",
    "CREATE INDEX ix_budget_transfer_to_budget_id_id ON budget_transfer (to_budget_id, id)",
    # What the ledger says stays: the rights let nobody who runs the service change it, and triggers nobody.
    "COMMENT ON TABLE budget_entry IS 'insert-only'",
    "COMMENT ON TABLE budget_uncovered_line IS 'insert-only'",
    """
    CREATE FUNCTION budget_ledger_stays() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
    BEGIN
      RAISE EXCEPTION '% is refused on %: the ledger stays', TG_OP, TG_TABLE_NAME USING ERRCODE = '42501';
    END $$
    """,
    """
    CREATE TRIGGER stays BEFORE UPDATE OR DELETE OR TRUNCATE ON budget_entry
    FOR EACH STATEMENT EXECUTE FUNCTION budget_ledger_stays()
    """,
    """
    CREATE TRIGGER stays BEFORE UPDATE OR DELETE OR TRUNCATE ON budget_uncovered_line
    FOR EACH STATEMENT EXECUTE FUNCTION budget_ledger_stays()
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    note_changes_of("budget")
