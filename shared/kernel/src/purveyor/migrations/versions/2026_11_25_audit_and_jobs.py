"""The audit trail, idempotent answers and what jobs have done."""

from alembic import op

revision = "2026_11_25_audit_and_jobs"
down_revision = None
branch_labels = ("kernel",)
release = "0.1.0"
phase = "before"

TABLES = (
    """
    CREATE TABLE audit_record (
      id uuid CONSTRAINT pk_audit_record PRIMARY KEY,
      at timestamptz NOT NULL,
      actor text NOT NULL,
      action text NOT NULL,
      entity text NOT NULL,
      entity_id text NOT NULL,
      before jsonb,
      after jsonb,
      reason text,
      request_id text,
      position bigint CONSTRAINT uq_audit_record_position UNIQUE,
      previous bytea,
      hash bytea,
      CONSTRAINT ck_audit_record_sealed CHECK (num_nulls(position, previous, hash) IN (0, 3))
    )
    """,
    "CREATE INDEX ix_audit_record_entity ON audit_record (entity, entity_id, id)",
    "CREATE INDEX ix_audit_record_actor ON audit_record (actor, id)",
    "CREATE INDEX ix_audit_record_unsealed ON audit_record (id) WHERE position IS NULL",
    """
    CREATE TABLE audit_head (
      singleton boolean CONSTRAINT pk_audit_head PRIMARY KEY DEFAULT true CHECK (singleton),
      position bigint NOT NULL,
      hash bytea NOT NULL
    )
    """,
    """
    CREATE TABLE idempotency_record (
      client text NOT NULL,
      key text NOT NULL,
      fingerprint bytea NOT NULL,
      status integer NOT NULL,
      headers jsonb NOT NULL,
      body bytea NOT NULL,
      at timestamptz NOT NULL,
      CONSTRAINT pk_idempotency_record PRIMARY KEY (client, key)
    )
    """,
    "CREATE INDEX ix_idempotency_record_at ON idempotency_record (at)",
    """
    CREATE TABLE job_run (
      name text NOT NULL,
      business_date date NOT NULL,
      scheduled boolean NOT NULL,
      finished_at timestamptz NOT NULL,
      CONSTRAINT pk_job_run PRIMARY KEY (name, business_date)
    )
    """,
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
