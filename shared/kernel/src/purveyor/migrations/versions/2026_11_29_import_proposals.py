"""An import is proposed by one person and let in by another; what it consists of is kept by its digests."""

from alembic import op

revision = "2026_11_29_import_proposals"
down_revision = "2026_11_29_policy_approvals_hold"
branch_labels = None
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE import_proposal (
          id uuid CONSTRAINT pk_import_proposal PRIMARY KEY,
          name text NOT NULL,
          proposed_by text NOT NULL,
          proposed_at timestamptz NOT NULL,
          status text NOT NULL DEFAULT 'open' CONSTRAINT ck_import_proposal_status
            CHECK (status IN ('open', 'approved', 'refused')),
          decided_by text,
          decided_at timestamptz,
          reason text,
          CONSTRAINT ck_import_proposal_decided CHECK ((status = 'open') = (decided_by IS NULL)),
          CONSTRAINT ck_import_proposal_proposer_does_not_approve
            CHECK (status <> 'approved' OR decided_by <> proposed_by)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE import_proposed (
          proposal_id uuid NOT NULL CONSTRAINT fk_import_proposed_proposal_id_import_proposal
            REFERENCES import_proposal,
          digest bytea NOT NULL,
          kind text NOT NULL,
          supplier text,
          currency text,
          amount numeric,
          day date,
          CONSTRAINT pk_import_proposed PRIMARY KEY (digest, proposal_id)
        )
        """
    )
    op.execute("CREATE INDEX ix_import_proposed_proposal_id ON import_proposed (proposal_id)")
