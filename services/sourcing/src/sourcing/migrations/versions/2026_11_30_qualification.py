"""Cases of qualification with their evaluators and conditions, and approvals by exception."""

from alembic import op

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_30_qualification"
down_revision = "2026_11_30_onboarding"
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"

STATUSES = (
    "'invited', 'in_progress', 'submitted', 'under_evaluation', 'qualified', 'conditionally_qualified', "
    "'rejected', 'withdrawn', 'expired', 'superseded'"
)
OPEN = "status IN ('invited', 'in_progress', 'submitted', 'under_evaluation')"
HOLDING = "status IN ('qualified', 'conditionally_qualified')"
TABLES = (
    "CREATE SEQUENCE qualification_case_number",
    f"""
    CREATE TABLE qualification_case (
      id uuid CONSTRAINT pk_qualification_case PRIMARY KEY,
      version integer NOT NULL,
      serial_number bigint NOT NULL DEFAULT nextval('qualification_case_number')
        CONSTRAINT uq_qualification_case_serial_number UNIQUE,
      status text NOT NULL CONSTRAINT ck_qualification_case_status CHECK (status IN ({STATUSES})),
      supplier_id uuid NOT NULL
        CONSTRAINT fk_qualification_case_supplier_id_supplier REFERENCES supplier (id),
      category text NOT NULL,
      region text,
      site text,
      questionnaire_id uuid NOT NULL
        CONSTRAINT fk_qualification_case_questionnaire_id_questionnaire REFERENCES questionnaire (id),
      questionnaire_code text NOT NULL,
      renews uuid
        CONSTRAINT fk_qualification_case_renews_qualification_case REFERENCES qualification_case (id),
      invited_by text NOT NULL,
      invited_at timestamptz NOT NULL,
      due_on date NOT NULL,
      answers jsonb NOT NULL,
      submitted_by text,
      submitted_at timestamptz,
      evaluated_at timestamptz,
      reckoning jsonb,
      result numeric(4, 1),
      decision text,
      decided_by text,
      decided_at timestamptz,
      policy_version integer,
      supplier_authors text[] NOT NULL DEFAULT '{{}}',
      reason text,
      reason_for_supplier text,
      valid_until date,
      reminded_days integer,
      CONSTRAINT ck_qualification_case_decided_wholly CHECK
        (num_nulls(decision, decided_by, decided_at, reason) IN (0, 4)),
      CONSTRAINT ck_qualification_case_holds CHECK
        (NOT {HOLDING} OR (decision IS NOT NULL AND valid_until IS NOT NULL)),
      CONSTRAINT ck_qualification_case_submitted CHECK ((submitted_at IS NULL) = (submitted_by IS NULL)),
      CONSTRAINT ck_qualification_case_valid_until CHECK
        ((decision = 'rejected') IS NOT TRUE OR valid_until IS NULL),
      CONSTRAINT ck_qualification_case_author_does_not_decide CHECK
        (decided_by IS NULL OR decided_by <> ALL (supplier_authors))
    )
    """,
    """
    CREATE TABLE qualification_evaluator (
      case_id uuid NOT NULL
        CONSTRAINT fk_qualification_evaluator_case_id_qualification_case REFERENCES qualification_case (id),
      person text NOT NULL,
      supplier_authors text[] NOT NULL,
      named_by text NOT NULL,
      named_at timestamptz NOT NULL,
      declared_at timestamptz,
      conflict text,
      marked_at timestamptz,
      marks jsonb,
      CONSTRAINT pk_qualification_evaluator PRIMARY KEY (case_id, person),
      CONSTRAINT ck_qualification_evaluator_evaluator_is_no_author CHECK
        (person IS NULL OR person <> ALL (supplier_authors)),
      CONSTRAINT ck_qualification_evaluator_marked CHECK
        (marked_at IS NULL OR (declared_at IS NOT NULL AND conflict IS NULL)),
      CONSTRAINT ck_qualification_evaluator_marks CHECK ((marked_at IS NULL) = (marks IS NULL)),
      CONSTRAINT ck_qualification_evaluator_conflict CHECK (conflict IS NULL OR declared_at IS NOT NULL)
    )
    """,
    """
    CREATE TABLE qualification_condition (
      case_id uuid NOT NULL
        CONSTRAINT fk_qualification_condition_case_id_qualification_case REFERENCES qualification_case (id),
      number integer NOT NULL,
      wanted text NOT NULL,
      owner text NOT NULL,
      due_on date NOT NULL,
      met_on date,
      met_by text,
      note text,
      overdue_told_on date,
      supplier_authors text[] NOT NULL DEFAULT '{}',
      CONSTRAINT pk_qualification_condition PRIMARY KEY (case_id, number),
      CONSTRAINT ck_qualification_condition_author_does_not_meet CHECK
        (met_by IS NULL OR met_by <> ALL (supplier_authors)),
      CONSTRAINT ck_qualification_condition_met CHECK (num_nulls(met_on, met_by) IN (0, 2))
    )
    """,
)
INDEXES = (
    "CREATE UNIQUE INDEX uq_qualification_case_open ON qualification_case "
    f"(supplier_id, category, coalesce(region, ''), coalesce(site, ''), questionnaire_code) WHERE {OPEN}",
    "CREATE INDEX ix_qualification_case_supplier_id_id ON qualification_case (supplier_id, id)",
    "CREATE INDEX ix_qualification_case_status_id ON qualification_case (status, id)",
    "CREATE INDEX ix_qualification_case_category_id ON qualification_case (category, id)",
    "CREATE INDEX ix_qualification_case_region_id ON qualification_case (region, id)",
    "CREATE INDEX ix_qualification_case_questionnaire_id_id ON qualification_case (questionnaire_id, id)",
    "CREATE INDEX ix_qualification_case_due_on_id ON qualification_case (due_on, id)",
    "CREATE INDEX ix_qualification_case_valid_until_id ON qualification_case (valid_until, id)",
    "CREATE INDEX ix_qualification_case_changed_in ON qualification_case (changed_in, id)",
    "CREATE INDEX ix_qualification_case_renews ON qualification_case (renews)",
    f"CREATE INDEX ix_qualification_case_lasting ON qualification_case (valid_until, id) WHERE {HOLDING}",
    "CREATE INDEX ix_qualification_evaluator_person ON qualification_evaluator (person, case_id)",
    "CREATE INDEX ix_qualification_condition_due ON qualification_condition (due_on) WHERE met_on IS NULL",
)


def upgrade() -> None:
    for table in TABLES:
        op.execute(table)
    note_changes_of("qualification_case")
    for index in INDEXES:
        op.execute(index)
    op.execute("ALTER TABLE category_approval ADD COLUMN exception_reason text")
