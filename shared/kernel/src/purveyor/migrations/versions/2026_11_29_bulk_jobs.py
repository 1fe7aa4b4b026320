"""A bulk request may be worked on later: its rows in parts, and what became of them."""

from alembic import op

revision = "2026_11_29_bulk_jobs"
down_revision = "2026_11_29_audit_at"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE bulk_job (
          id uuid CONSTRAINT pk_bulk_job PRIMARY KEY,
          kind text NOT NULL,
          proposal_id uuid,
          atomic boolean NOT NULL,
          status text NOT NULL CONSTRAINT ck_bulk_job_status
            CHECK (status IN ('arriving', 'waiting', 'running', 'done', 'refused', 'cancelled')),
          asked_by text NOT NULL,
          asked_at timestamptz NOT NULL,
          worked_at timestamptz NOT NULL,
          request_id text,
          rows bigint NOT NULL DEFAULT 0,
          parts integer NOT NULL DEFAULT 0,
          next_part integer NOT NULL DEFAULT 1,
          done bigint NOT NULL DEFAULT 0,
          refused bigint NOT NULL DEFAULT 0,
          problem jsonb,
          finished_at timestamptz,
          CONSTRAINT ck_bulk_job_finished
            CHECK ((status IN ('done', 'refused', 'cancelled')) = (finished_at IS NOT NULL))
        )
        """
    )
    op.execute("CREATE INDEX ix_bulk_job_asked_by ON bulk_job (asked_by, id)")
    op.execute(
        "CREATE INDEX ix_bulk_job_to_do ON bulk_job (worked_at, id) WHERE status IN ('waiting', 'running')"
    )
    op.execute("CREATE INDEX ix_bulk_job_finished_at ON bulk_job (finished_at)")
    op.execute(
        """
        CREATE TABLE bulk_part (
          job_id uuid NOT NULL CONSTRAINT fk_bulk_part_job_id_bulk_job REFERENCES bulk_job ON DELETE CASCADE,
          nth integer NOT NULL,
          rows bytea,
          results bytea,
          CONSTRAINT pk_bulk_part PRIMARY KEY (job_id, nth)
        )
        """
    )
