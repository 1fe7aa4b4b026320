"""Disputes of order lines, and answers to the questions of scorecards."""

from alembic import op

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_30_disputes"
down_revision = "2026_11_30_templates"
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"

TABLES = (
    """
    CREATE TABLE dispute (
      id uuid CONSTRAINT pk_dispute PRIMARY KEY,
      version integer NOT NULL,
      supplier_id uuid NOT NULL,
      order_id uuid NOT NULL,
      line_number integer NOT NULL,
      reason text NOT NULL,
      status text NOT NULL CONSTRAINT ck_dispute_status CHECK (status IN ('open', 'upheld', 'rejected')),
      disputed_by text NOT NULL,
      disputed_at timestamptz NOT NULL,
      answer text,
      decided_by text,
      decided_at timestamptz,
      CONSTRAINT ck_dispute_decided CHECK (
        (status = 'open') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)
        AND (decided_by IS NULL) = (answer IS NULL)
      ),
      CONSTRAINT ck_dispute_decided_by_another CHECK (decided_by IS NULL OR decided_by <> disputed_by)
    )
    """,
    "CREATE UNIQUE INDEX uq_dispute_line ON dispute (order_id, line_number) WHERE status <> 'rejected'",
    "CREATE INDEX ix_dispute_supplier_id ON dispute (supplier_id, id)",
    "CREATE INDEX ix_dispute_status ON dispute (status, id)",
    """
    CREATE TABLE answer (
      id uuid CONSTRAINT pk_answer PRIMARY KEY,
      supplier_id uuid NOT NULL,
      question text NOT NULL,
      points numeric NOT NULL CONSTRAINT ck_answer_points CHECK (points BETWEEN 0 AND 100),
      period_ends_on date NOT NULL,
      note text,
      answered_by text NOT NULL,
      answered_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ix_answer_supplier_id ON answer (supplier_id, id)",
    "CREATE INDEX ix_answer_question ON answer (supplier_id, question, period_ends_on, id)",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    note_changes_of("dispute")
    op.execute("CREATE INDEX ix_dispute_changed_in ON dispute (changed_in, id)")
