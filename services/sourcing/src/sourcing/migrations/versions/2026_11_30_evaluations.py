"""Bids are evaluated: marks, rankings with what they are reckoned from, envelopes of prices, rounds."""

from alembic import op

revision = "2026_11_30_evaluations"
down_revision = "2026_11_30_consequences_hold"
release = "0.1.0"
phase = "before"

STATUSES = (
    "'draft', 'in_approval', 'published', 'closed', 'opened', 'judged', 'under_evaluation', 'evaluated',"
    " 'cancelled'"
)
CHANGES = (
    """
    ALTER TABLE tender
      ADD COLUMN prices_opened_at timestamptz,
      ADD COLUMN round integer NOT NULL DEFAULT 1,
      DROP CONSTRAINT ck_tender_status
    """,
    f"ALTER TABLE tender ADD CONSTRAINT ck_tender_status CHECK (status IN ({STATUSES})) NOT VALID",
    "ALTER TABLE tender ADD CONSTRAINT ck_tender_round CHECK (round > 0) NOT VALID",
    "ALTER TABLE tender_bidder ADD COLUMN round integer NOT NULL DEFAULT 1",
    "ALTER TABLE sealed_bid ADD COLUMN prices bytea",
    """
    ALTER TABLE sealed_bid ADD CONSTRAINT ck_sealed_bid_prices_with_content
      CHECK (prices IS NULL OR content IS NOT NULL) NOT VALID
    """,
    "ALTER TABLE opened_bid ADD COLUMN round integer NOT NULL DEFAULT 1, ADD COLUMN initial jsonb",
    """
    CREATE TABLE evaluation_mark (
      tender_id uuid CONSTRAINT fk_evaluation_mark_tender_id_tender REFERENCES tender (id),
      supplier_id uuid,
      criterion text,
      person text,
      mark numeric(5, 2) NOT NULL CONSTRAINT ck_evaluation_mark_mark CHECK (mark BETWEEN 0 AND 100),
      comment text,
      explanation text,
      given_at timestamptz NOT NULL,
      CONSTRAINT pk_evaluation_mark PRIMARY KEY (tender_id, supplier_id, criterion, person)
    )
    """,
    """
    CREATE TABLE evaluation (
      tender_id uuid CONSTRAINT fk_evaluation_tender_id_tender REFERENCES tender (id),
      round integer,
      inputs text NOT NULL,
      result text NOT NULL,
      begun_by text NOT NULL,
      begun_at timestamptz NOT NULL,
      completed_by text,
      completed_at timestamptz,
      CONSTRAINT pk_evaluation PRIMARY KEY (tender_id, round),
      CONSTRAINT ck_evaluation_completed_wholly CHECK (num_nonnulls(completed_by, completed_at) IN (0, 2))
    )
    """,
    """
    CREATE TABLE bid_justification (
      tender_id uuid,
      round integer,
      supplier_id uuid,
      lot text,
      due_at timestamptz NOT NULL,
      text text,
      stated_by text,
      stated_at timestamptz,
      accepted boolean,
      reason text,
      decided_by text,
      decided_at timestamptz,
      CONSTRAINT pk_bid_justification PRIMARY KEY (tender_id, round, supplier_id, lot),
      CONSTRAINT fk_bid_justification_tender_id_round_evaluation FOREIGN KEY (tender_id, round)
        REFERENCES evaluation (tender_id, round),
      CONSTRAINT ck_bid_justification_stated_wholly CHECK
        (num_nonnulls(text, stated_by, stated_at) IN (0, 3)),
      CONSTRAINT ck_bid_justification_decided_wholly CHECK
        (num_nonnulls(accepted, reason, decided_by, decided_at) IN (0, 4)),
      CONSTRAINT ck_bid_justification_justified CHECK (accepted IS NOT TRUE OR text IS NOT NULL)
    )
    """,
)


def upgrade() -> None:
    for change in CHANGES:
        op.execute(change)
