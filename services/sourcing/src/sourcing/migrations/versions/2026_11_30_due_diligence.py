"""Due diligence: what was found at suppliers, what is done about it, and who complained."""

from alembic import op

revision = "2026_11_30_due_diligence"
down_revision = "2026_11_30_moves_by_two_hold"
release = "0.1.0"
phase = "before"

SUBJECT = """
        (subject IN ('child_labour', 'forced_labour', 'health_and_safety', 'freedom_of_association',
                     'discrimination', 'fair_wages', 'land_and_livelihood', 'security_forces', 'environment',
                     'other'))
"""
TABLES = (
    f"""
    CREATE TABLE due_diligence_finding (
      id uuid CONSTRAINT pk_due_diligence_finding PRIMARY KEY,
      version integer NOT NULL,
      supplier_id uuid NOT NULL
        CONSTRAINT fk_due_diligence_finding_supplier_id_supplier REFERENCES supplier (id),
      subject text NOT NULL CONSTRAINT ck_due_diligence_finding_subject CHECK {SUBJECT},
      severity text NOT NULL CONSTRAINT ck_due_diligence_finding_severity CHECK
        (severity IN ('minor', 'major', 'critical')),
      summary text NOT NULL,
      found_on date NOT NULL,
      recorded_by text NOT NULL,
      recorded_at timestamptz NOT NULL,
      last_measure integer NOT NULL,
      measures_done integer NOT NULL
    )
    """,
    "CREATE INDEX ix_due_diligence_finding_supplier_id ON due_diligence_finding (supplier_id, id)",
    "CREATE INDEX ix_due_diligence_finding_subject ON due_diligence_finding (subject, id)",
    "CREATE INDEX ix_due_diligence_finding_severity ON due_diligence_finding (severity, id)",
    "CREATE INDEX ix_due_diligence_finding_found_on ON due_diligence_finding (found_on, id)",
    """
    CREATE TABLE due_diligence_measure (
      finding_id uuid NOT NULL
        CONSTRAINT fk_due_diligence_measure_finding_id_due_diligence_finding
        REFERENCES due_diligence_finding (id),
      number integer NOT NULL,
      what text NOT NULL,
      owner text NOT NULL,
      due_on date NOT NULL,
      done_on date,
      done_by text,
      result text,
      CONSTRAINT pk_due_diligence_measure PRIMARY KEY (finding_id, number),
      CONSTRAINT ck_due_diligence_measure_done_wholly CHECK
        (num_nonnulls(done_on, done_by, result) IN (0, 3))
    )
    """,
    "CREATE INDEX ix_due_diligence_measure_due_on ON due_diligence_measure (due_on)",
    f"""
    CREATE TABLE due_diligence_complaint (
      id uuid CONSTRAINT pk_due_diligence_complaint PRIMARY KEY,
      version integer NOT NULL,
      supplier_id uuid CONSTRAINT fk_due_diligence_complaint_supplier_id_supplier REFERENCES supplier (id),
      subject text NOT NULL CONSTRAINT ck_due_diligence_complaint_subject CHECK {SUBJECT},
      summary text NOT NULL,
      received_on date NOT NULL,
      status text NOT NULL CONSTRAINT ck_due_diligence_complaint_status CHECK
        (status IN ('received', 'investigated', 'substantiated', 'unfounded', 'remedied')),
      anonymous boolean NOT NULL,
      reporter jsonb,
      reporter_erased_at timestamptz,
      outcome text,
      recorded_by text NOT NULL,
      recorded_at timestamptz NOT NULL,
      CONSTRAINT ck_due_diligence_complaint_reporter CHECK
        (reporter IS NULL OR (NOT anonymous AND reporter_erased_at IS NULL))
    )
    """,
    "CREATE INDEX ix_due_diligence_complaint_supplier_id ON due_diligence_complaint (supplier_id, id)",
    "CREATE INDEX ix_due_diligence_complaint_status ON due_diligence_complaint (status, id)",
    "CREATE INDEX ix_due_diligence_complaint_received_on ON due_diligence_complaint (received_on, id)",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
