"""Approvals: of documents in steps, who did what about them, and who decides for whom."""

from alembic import op

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_30_approvals"
down_revision = None
branch_labels = ("approvals",)
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"

TABLES = (
    """
    CREATE TABLE approval (
      sequence integer DEFAULT 0 NOT NULL,
      kind text NOT NULL,
      document_id uuid NOT NULL,
      document_number text NOT NULL,
      thread_id uuid NOT NULL,
      status text NOT NULL,
      amount numeric NOT NULL,
      currency text NOT NULL,
      own_amount numeric NOT NULL,
      judged_amount numeric NOT NULL,
      policy_currency text NOT NULL,
      policy_version integer NOT NULL,
      content jsonb NOT NULL,
      digest text NOT NULL,
      supplier_id uuid,
      site text,
      cost_centres text[] NOT NULL,
      categories text[] NOT NULL,
      submitted_by text NOT NULL,
      submitted_at timestamptz NOT NULL,
      decided_at timestamptz,
      overridden boolean DEFAULT false NOT NULL,
      split jsonb,
      follows uuid,
      id uuid NOT NULL,
      version integer NOT NULL,
      authors text[] DEFAULT '{}' NOT NULL,
      CONSTRAINT pk_approval PRIMARY KEY (id),
      CONSTRAINT ck_approval_status CHECK (
        status IN ('pending', 'approved', 'rejected', 'withdrawn')
      ),
      CONSTRAINT ck_approval_decided CHECK ((status = 'pending') = (decided_at IS NULL)),
      CONSTRAINT ck_approval_authors CHECK (cardinality(authors) > 0),
      CONSTRAINT ck_approval_judged_amount CHECK (judged_amount >= own_amount),
      CONSTRAINT fk_approval_follows_approval FOREIGN KEY(follows) REFERENCES approval (id)
    )
    """,
    "CREATE INDEX ix_approval_document_id_id ON approval (document_id, id)",
    "CREATE INDEX ix_approval_kind_id ON approval (kind, id)",
    "CREATE INDEX ix_approval_overridden ON approval (id) WHERE overridden",
    "CREATE INDEX ix_approval_split ON approval (id) WHERE split IS NOT NULL",
    "CREATE INDEX ix_approval_status_id ON approval (status, id)",
    "CREATE INDEX ix_approval_supplier_id_submitted_at ON approval (supplier_id, submitted_at)",
    "CREATE INDEX ix_approval_thread_id_id ON approval (thread_id, id)",
    "CREATE UNIQUE INDEX uq_approval_pending ON approval (kind, document_id) WHERE status = 'pending'",
    """
    CREATE TABLE approval_delegation (
      id uuid NOT NULL,
      version integer NOT NULL,
      person text NOT NULL,
      delegate text NOT NULL,
      valid_from date NOT NULL,
      valid_to date NOT NULL,
      reason text NOT NULL,
      created_by text NOT NULL,
      created_at timestamptz NOT NULL,
      ended_by text,
      CONSTRAINT pk_approval_delegation PRIMARY KEY (id),
      CONSTRAINT ck_approval_delegation_period CHECK (valid_to >= valid_from),
      CONSTRAINT ck_approval_delegation_to_another CHECK (person <> delegate)
    )
    """,
    "CREATE INDEX ix_approval_delegation_delegate_id ON approval_delegation (delegate, id)",
    "CREATE INDEX ix_approval_delegation_person_id ON approval_delegation (person, id)",
    """
    CREATE TABLE approval_act (
      id uuid NOT NULL,
      approval_id uuid NOT NULL,
      act text NOT NULL,
      step integer,
      done_by text NOT NULL,
      seat text,
      on_behalf_of text,
      reason text,
      done_at timestamptz NOT NULL,
      authors text[] NOT NULL,
      CONSTRAINT pk_approval_act PRIMARY KEY (id),
      CONSTRAINT ck_approval_act_act CHECK (
        act IN ('approve', 'reject', 'ask', 'answer', 'override', 'withdraw', 'carry', 'remind', 'escalate')
      ),
      CONSTRAINT ck_approval_act_author_does_not_approve CHECK (
        act NOT IN ('approve', 'override', 'carry') OR done_by <> ALL (authors)
      ),
      CONSTRAINT ck_approval_act_reason CHECK (
        act NOT IN ('reject', 'ask', 'answer', 'override') OR reason IS NOT NULL
      ),
      CONSTRAINT fk_approval_act_approval_id_approval FOREIGN KEY(approval_id) REFERENCES approval (id)
    )
    """,
    "CREATE INDEX ix_approval_act_approval_id_id ON approval_act (approval_id, id)",
    "CREATE UNIQUE INDEX uq_approval_act_seat ON approval_act (approval_id, step, seat)"
    " WHERE act = 'approve'",
    """
    CREATE TABLE approval_step (
      approval_id uuid NOT NULL,
      number integer NOT NULL,
      stage integer NOT NULL,
      who text NOT NULL,
      label text NOT NULL,
      needs integer NOT NULL,
      people text[] NOT NULL,
      role text,
      limited boolean NOT NULL,
      because text[] NOT NULL,
      status text NOT NULL,
      opened_at timestamptz,
      decided_at timestamptz,
      remind_at timestamptz,
      escalate_at timestamptz,
      CONSTRAINT pk_approval_step PRIMARY KEY (approval_id, number),
      CONSTRAINT ck_approval_step_status CHECK (
        status IN ('waiting', 'open', 'approved', 'rejected', 'skipped')
      ),
      CONSTRAINT ck_approval_step_numbers CHECK (number > 0 AND stage > 0 AND needs > 0),
      CONSTRAINT ck_approval_step_somebody CHECK ((role IS NULL) <> (cardinality(people) = 0)),
      CONSTRAINT fk_approval_step_approval_id_approval FOREIGN KEY(approval_id) REFERENCES approval (id)
    )
    """,
    "CREATE INDEX ix_approval_step_escalate_at ON approval_step (escalate_at) WHERE escalate_at IS NOT NULL",
    "CREATE INDEX ix_approval_step_people ON approval_step USING gin (people) WHERE status = 'open'",
    "CREATE INDEX ix_approval_step_remind_at ON approval_step (remind_at) WHERE remind_at IS NOT NULL",
    "CREATE INDEX ix_approval_step_role ON approval_step (role) WHERE status = 'open'",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    for table in ("approval", "approval_delegation"):
        note_changes_of(table)
        op.execute(f"CREATE INDEX ix_{table}_changed_in ON {table} (changed_in, id)")
